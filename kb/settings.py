"""Settings, all by environment; docs/operations.md explains each one.

Without any, the site runs on this machine alone with embedded services. KB_PRODUCTION=1 switches
on everything that needs HTTPS and refuses to start with defaults that are unsafe in public.
"""

import os

from django.core.exceptions import ImproperlyConfigured

from kb.configuration.api import *  # noqa: F403
from kb.configuration.background import *  # noqa: F403
from kb.configuration.data import *  # noqa: F403
from kb.configuration.environment import DEBUG as DEBUG
from kb.configuration.environment import KB_DATA_DIR, PRODUCTION, listed, secret_key
from kb.configuration.people import *  # noqa: F403
from kb.configuration.safety import *  # noqa: F403
from kb.languages.offered import ENGLISH, languages
from kb.site.data_dir import BASE_DIR

SECRET_KEY = secret_key()
ALLOWED_HOSTS = listed("ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,[::1]")
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("KB_PRODUCTION=1 needs ALLOWED_HOSTS (names, comma separated).")
CSRF_TRUSTED_ORIGINS = listed("CSRF_TRUSTED_ORIGINS")

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
    "kb.site.roomy_stack.RoomyStack",  # first: the frames of all others stand on its own
    "django.middleware.security.SecurityMiddleware",
    "kb.middleware.Health",
    "corsheaders.middleware.CorsMiddleware",
    "kb.site.static_files.StaticFiles",
    "django.middleware.gzip.GZipMiddleware",
    "kb.site.page_cache.PageCache",
    "kb.languages.middleware.LanguageByAddress",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kb.site.fair_share.FairShare",
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
    "kb.negotiation.Negotiation",
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
            "builtins": [
                "kb.templatetags.reading",
                "kb.templatetags.kept",
                "kb.templatetags.machines",
                "kb.templatetags.saying",
                "django.contrib.humanize.templatetags.humanize",
                "django.templatetags.i18n",
            ],
        },
    }
]

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

# --- Language and time --------------------------------------------------------------------------

LANGUAGE_CODE = ENGLISH.code
LANGUAGES = [(language.code, language.name) for language in languages()]
LOCALE_PATHS = [KB_DATA_DIR / "locale"]  # compiled from locale/ by kb.languages.compiled
FORMAT_MODULE_PATH = "kb.languages.formats"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("KB_LOG_LEVEL", "WARNING")},
}

SILENCED_SYSTEM_CHECKS: list[str] = []
