"""Settings, all by environment; docs/operations.md explains each one.

Without any, the site runs on this machine alone with embedded services. KB_PRODUCTION=1 switches
on everything that needs HTTPS and refuses to start with defaults that are unsafe in public.
"""

import os
import secrets
import warnings

from celery.schedules import crontab
from corsheaders.defaults import default_headers
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict
from redis.backoff import NoBackoff
from redis.retry import Retry

from kb.site import valkey
from kb.site.data_dir import BASE_DIR, data_dir, kept_secret

KB_DATA_DIR = data_dir()
PRODUCTION = os.environ.get("KB_PRODUCTION") == "1"
DEBUG = os.environ.get("KB_DEBUG") == "1"


def _listed(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def _secret_key() -> str:
    """SECRET_KEY, or one that is made once and kept in the data folder."""
    if key := os.environ.get("SECRET_KEY"):
        if PRODUCTION and (len(key) < 50 or len(set(key)) < 5):
            raise ImproperlyConfigured("SECRET_KEY can be guessed: take 50 random characters.")
        return key
    if PRODUCTION:
        raise ImproperlyConfigured("KB_PRODUCTION=1 needs SECRET_KEY (50 random characters).")
    try:
        return kept_secret(KB_DATA_DIR)
    except OSError as error:
        warnings.warn(f"No secret can be kept ({error}); nobody stays signed in.", stacklevel=2)
        return secrets.token_urlsafe(50)


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = _listed("ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,[::1]")
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("KB_PRODUCTION=1 needs ALLOWED_HOSTS (names, comma separated).")
CSRF_TRUSTED_ORIGINS = _listed("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.admin",
    "django_htmx",
    "corsheaders",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.orcid",
    "allauth.socialaccount.providers.github",
    "allauth.mfa",
    "accounts.apps.Sessions",
    "rest_framework",
    "drf_spectacular",
    "pgtrigger",
    "pghistory",
    "accounts.apps.AccountsConfig",
    "taxonomy",
    "papers",
    "reproductions",
    "community",
    "kb",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "kb.middleware.Health",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "kb.site.page_cache.PageCache",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kb.middleware.ReadOnlyMirror",
    "kb.middleware.ReaderChoices",
    "kb.middleware.SessionsNoted",
    "kb.middleware.IndexAwaited",
    "kb.middleware.NothingUnstorable",
    "kb.moved_records.MovedRecords",
    "kb.kept_posts.KeptPosts",
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "kb.urls"
WSGI_APPLICATION = "kb.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "kb.site.templates.CompactLoader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "kb.context.site",
            ],
            "builtins": ["kb.templatetags.reading"],
        },
    }
]

# --- Data -----------------------------------------------------------------------------------

DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql://postgres@localhost/postgres")


def _database(url: str) -> dict[str, object]:
    parts = conninfo_to_dict(url)
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST"}
    config: dict[str, object] = {
        "ENGINE": "django.db.backends.postgresql",
        "PORT": str(parts.pop("port", "") or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
    for theirs, ours in known.items():
        config[ours] = parts.pop(theirs, None) or ""
    parts.setdefault("prepare_threshold", 5)  # questions of the search are planned once
    config["OPTIONS"] = {name: value for name, value in parts.items() if value is not None}
    return config


DATABASES = {"default": _database(DATABASE_URL)}

CACHE_URL = os.environ.get("CACHE_URL") or valkey.cache_url(KB_DATA_DIR)
CACHES = {
    "default": {
        "BACKEND": "kb.site.cache.PatientCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "survey",
        # One more try, for connections that a new server has dropped.
        "OPTIONS": {
            "socket_timeout": 1.0,
            "socket_connect_timeout": 1.0,
            "retry": Retry(NoBackoff(), 1),
        },
    }
}

# For how long answers to readers without an account are kept, as long as nothing public changes;
# 0: not at all.
KB_PAGE_CACHE_SECONDS = int(os.environ.get("KB_PAGE_CACHE_SECONDS", "60"))

# A data folder that `manage.py mirror` filled: nothing is loaded into it, nobody writes.
KB_MIRROR = (KB_DATA_DIR / "mirror.json").exists()

STATIC_URL = "static/"
STATIC_ROOT = KB_DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = os.environ.get("KB_STATIC") != "hashed"
WHITENOISE_MANIFEST_STRICT = False
MEDIA_ROOT = KB_DATA_DIR / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

_FILES: dict[str, object] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
if os.environ.get("S3_BUCKET"):
    _FILES = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": os.environ["S3_BUCKET"],
            "endpoint_url": os.environ.get("S3_ENDPOINT_URL"),
            "region_name": os.environ.get("S3_REGION"),
            "access_key": os.environ.get("S3_ACCESS_KEY"),
            "secret_key": os.environ.get("S3_SECRET_KEY"),
            "default_acl": "private",
            "file_overwrite": False,
        },
    }
STORAGES = {
    "default": _FILES,
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if os.environ.get("KB_STATIC") == "hashed"
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}

# --- Work in the background -------------------------------------------------------------------


CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL") or valkey.broker_url(KB_DATA_DIR)
# A page does not wait for a broker that is away: what it would have said, the sweeps say later.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker for ever
# A task is acknowledged when it is done; what a worker took beyond it would wait behind long runs.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
if "redis" in CELERY_BROKER_URL.partition(":")[0]:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # When a message that nobody acknowledged is sent again. Rows decide what is still to be
        # done, and the sweeps look every few seconds, so this only clears up; no run is so long.
        "visibility_timeout": 24 * 3600,
        "socket_timeout": 5.0,
        "socket_connect_timeout": 5.0,
    }
CELERY_TASK_ROUTES = {
    # Sweeping must not wait behind the long runs it looks after.
    "reproductions.tasks.sweep_runs": {"queue": "celery"},
    "reproductions.tasks.*": {"queue": "reproductions"},
}
_EVERY: dict[str, tuple[str, float]] = {
    "send-mail": ("accounts.send_mail", 30.0),
    "send-digests": ("community.tasks.send_due_digests", 900.0),
    "link-arrived-papers": ("community.tasks.link_arrived_papers", 3600.0),
    "forget-old-keys": ("kb.tasks.forget_old_keys", 3600.0),
    "forget-public-changes": ("kb.tasks.forget_public_changes", 300.0),
    "forget-ended-sessions": ("kb.tasks.forget_ended_sessions", 3600.0),
    "prove-the-queue": ("kb.tasks.prove_the_queue", 15.0),
    "watch-changes": ("community.watch_changes", 60.0),
    "settle-workshops": ("community.settle_workshops", 60.0),
    "sweep-runs": ("reproductions.tasks.sweep_runs", 20.0),
    "sweep-documents": (
        "papers.ingest.sweep_documents",
        float(os.environ.get("KB_INGEST_SWEEP_SECONDS", "15")),
    ),
}
# What nobody took for an hour is not needed any more: the next ones wait behind it.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    name: {"task": task, "schedule": seconds, "options": {"expires": 3600.0}}
    for name, (task, seconds) in _EVERY.items()
}
CELERY_BEAT_SCHEDULE["make-dump"] = {
    "task": "kb.tasks.make_dump",
    "schedule": crontab(hour=3, minute=17),
    "options": {"expires": 6 * 3600.0},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(KB_DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULER = "kb.site.scheduler.Scheduler"

# Reference programs: where real data sets lie, where runs may be asked for, what each may use.
_FETCHED = KB_DATA_DIR / "datasets"  # where `make data` puts them
REPRODUCTIONS_DATA = os.environ.get("KB_REPRODUCTIONS_DATA") or (
    str(_FETCHED) if _FETCHED.is_dir() else ""
)
REPRODUCTIONS_DEVICES = _listed("KB_REPRODUCTIONS_DEVICES", "cpu")
REPRODUCTIONS_THREADS = int(os.environ.get("KB_REPRODUCTIONS_THREADS", "1"))
REPRODUCTIONS_MEMORY_BYTES = int(os.environ.get("KB_REPRODUCTIONS_MEMORY_MB", "6144")) * 2**20

# History is written by triggers; nothing may change or delete what they wrote.
PGHISTORY_APPEND_ONLY = True
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
PGHISTORY_ADMIN_ALL_EVENTS = False

# --- Search -----------------------------------------------------------------------------------

KB_ENCODER = os.environ.get("KB_ENCODER", "all-MiniLM-L6-v2")
KB_INDEX_DIR = KB_DATA_DIR / "index"
FIXTURES_DIR = BASE_DIR / "fixtures"

# --- Documents --------------------------------------------------------------------------------

KB_UPLOAD_MEGABYTES = int(os.environ.get("KB_UPLOAD_MEGABYTES", "64"))  # one file
DATA_UPLOAD_MAX_NUMBER_FILES = 500  # of one form, for browsers without scripts
KB_DAILY_UPLOADS = int(os.environ.get("KB_DAILY_UPLOADS", "500"))  # of one account, 24 hours
KB_INGEST_LEASE_SECONDS = float(os.environ.get("KB_INGEST_LEASE_SECONDS", "60"))
KB_CONTACT_MAIL = os.environ.get("KB_CONTACT_MAIL", "")  # told to Crossref, as they ask

# --- People -----------------------------------------------------------------------------------

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

AUTHENTICATION_BACKENDS = [
    "accounts.backends.OneQueryBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_FORMS = {
    "login": "kb.pages.account.entrance.LoginForm",
    "signup": "kb.pages.account.entrance.SignupForm",
    "add_email": "kb.pages.account.entrance.AddEmailForm",
    "change_password": "kb.pages.account.entrance.ChangePasswordForm",
    "reauthenticate": "kb.pages.account.entrance.ReauthenticateForm",
    "reset_password": "kb.pages.account.entrance.ResetPasswordForm",
    "reset_password_from_key": "kb.pages.account.entrance.ResetPasswordKeyForm",
}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if os.environ.get("SMTP_HOST") else "optional"
# Neither sign-up nor reset tells who has an account: an address may stand at several accounts,
# until one of them confirms it.
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "5/m/key,20/m/ip", "signup": "10/h/ip"}
# Limits count the visitor's address, which behind a proxy is the last one that it noted.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if os.environ.get("KB_BEHIND_PROXY") == "1" else 0
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "The Living Survey"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
SOCIALACCOUNT_PROVIDERS = {
    name: {"APPS": [{"client_id": client, "secret": os.environ[f"{name.upper()}_SECRET"]}]}
    | ({"OAUTH_PKCE_ENABLED": True} if name == "github" else {})
    for name in ("orcid", "github")
    if (client := os.environ.get(f"{name.upper()}_CLIENT_ID"))
}

# Where a form on this site may lead: to the providers whose keys are set.
PROVIDER_HOSTS = {"orcid": "https://orcid.org", "github": "https://github.com"}
FORM_TARGETS = [PROVIDER_HOSTS[name] for name in SOCIALACCOUNT_PROVIDERS]

# Pages put mail into a table (accounts/mail.py); a worker hands it to KB_MAIL_BACKEND.
EMAIL_BACKEND = "accounts.mail.WaitingMail"
KB_MAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
EMAIL_TIMEOUT = 20
if os.environ.get("SMTP_HOST"):
    KB_MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = os.environ["SMTP_HOST"]
    EMAIL_PORT = int(os.environ.get("SMTP_PORT", "587"))
    EMAIL_HOST_USER = os.environ.get("SMTP_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("SMTP_PASSWORD", "")
    EMAIL_USE_TLS = os.environ.get("SMTP_TLS", "1") == "1"
# Where this site is, for addresses in mails, which no request gives.
KB_SITE_URL = os.environ.get("KB_SITE_URL") or f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM", "survey@localhost")

# Contributions: after how many published ones a member's next are public at once (0: never, a
# moderator reads everything), and how many a day a new and a known account may hand in.
KB_TRUST_AFTER = int(os.environ.get("KB_TRUST_AFTER", "0"))
KB_DAILY_NEW = int(os.environ.get("KB_DAILY_NEW", "5"))
KB_OPEN_CORRECTIONS = int(os.environ.get("KB_OPEN_CORRECTIONS", "50"))  # of one account
# Records that one account changes within an hour, or with one act, before curators are alarmed.
KB_ALARM_HOUR = int(os.environ.get("KB_ALARM_HOUR", "60"))
KB_ALARM_ACT = int(os.environ.get("KB_ALARM_ACT", "40"))
KB_DAILY_KNOWN = int(os.environ.get("KB_DAILY_KNOWN", "60"))

# --- Safety -----------------------------------------------------------------------------------

# Scripts of other sites may read what anybody may read, and use a token. Never with cookies.
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_CREDENTIALS = False
CORS_URLS_REGEX = r"^/(?!accounts/|admin/|me/)"
CORS_ALLOW_HEADERS = (
    *default_headers,
    "if-match",
    "if-none-match",
    "idempotency-key",
    "mcp-method",
    "mcp-name",
    "mcp-protocol-version",
    "mcp-session-id",
)
CORS_EXPOSE_HEADERS = ("ETag", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF, *FORM_TARGETS],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "kb.pages.site.csrf_failed"
if PRODUCTION:
    SECURE_SSL_REDIRECT = os.environ.get("KB_SSL_REDIRECT", "1") == "1"
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrf"
    if os.environ.get("KB_BEHIND_PROXY") == "1":
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Language and time --------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# --- API ----------------------------------------------------------------------------------------

KB_API_RATE = os.environ.get("KB_API_RATE", "600/min")  # requests of one address
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["kb.api.machinery.parsers.CleanJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "kb.api.machinery.tokens_auth.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_THROTTLE_CLASSES": ["kb.api.machinery.throttling.AddressThrottle"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "kb.api.machinery.errors.problem_response",
    "NUM_PROXIES": 1 if os.environ.get("KB_BEHIND_PROXY") == "1" else 0,
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_VERSION": "1",
    "ALLOWED_VERSIONS": ["1"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Living survey of dynamic neural networks",
    "DESCRIPTION": "Papers, people, venues, workshops, topics and the timeline of the field.",
    "VERSION": "1",
    "SERVERS": [{"url": "/", "description": "This site."}],
    "LICENSE": {
        "name": "CC0 1.0 for the data; abstracts and PDFs keep the licences of their authors",
        "url": "https://creativecommons.org/publicdomain/zero/1.0/",
    },
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_NAME_OVERRIDES": {
        "RunStateEnum": "reproductions.models.Run.State",
        "RunOriginEnum": "reproductions.models.Run.Origin",
        "MarkKindEnum": "community.models.Mark.Kind",
        "FollowKindEnum": "community.models.Follow.Kind",
        "WorkshopBlockStateEnum": "papers.models.WorkshopBlock.State",
        "VideoKindEnum": "community.models.Video.Kind",
        "CorrectionKindEnum": "community.models.Correction.Kind",
        "CorrectionStateEnum": "community.models.Correction.State",
        "ContributionStateEnum": "community.models.State",
        "ReportedKindEnum": "kb.api.moderation.REPORTED",
        "DocumentLicenceEnum": "papers.models.Document.Licence",
        "ListLicenceEnum": "community.models.public_list.LICENCES",
        "WaitingStateEnum": "papers.models.WaitingWork.State",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("KB_LOG_LEVEL", "WARNING")},
}

SILENCED_SYSTEM_CHECKS: list[str] = []
