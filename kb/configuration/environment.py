"""What the environment says of the whole site: where its data lie, and whether it is public."""

import os
import secrets
import warnings

from django.core.exceptions import ImproperlyConfigured

from kb.site.data_dir import data_dir, kept_secret

KB_DATA_DIR = data_dir()
PRODUCTION = os.environ.get("KB_PRODUCTION") == "1"
DEBUG = os.environ.get("KB_DEBUG") == "1"
BEHIND_PROXY = os.environ.get("KB_BEHIND_PROXY") == "1"


def listed(name: str, default: str = "") -> list[str]:
    """The parts of a variable, which commas part."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def secret_key() -> str:
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
