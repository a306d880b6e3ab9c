"""Accounts, signing in, mail, and how much one account may do."""

import os

from kb.configuration.environment import BEHIND_PROXY, PRODUCTION

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
LOGIN_URL = "account_login"  # by name: in the language of the page
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "kb.pages.account.adapter.Accounts"
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
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "5/m/key,20/m/ip", "signup": "10/h/ip"}
# Limits count the visitor's address, which behind a proxy is the last one that it noted.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
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
