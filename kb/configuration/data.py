"""Where rows, files and what is kept for a while lie."""

import os

from psycopg.conninfo import conninfo_to_dict
from redis.backoff import NoBackoff
from redis.retry import Retry

from kb.configuration.environment import KB_DATA_DIR
from kb.site import valkey
from kb.site.data_dir import BASE_DIR

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
# Plain names are answered from the sources, names with hashes from the folder of collected files.
WHITENOISE_USE_FINDERS = True
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_MANIFEST_STRICT = False
MEDIA_ROOT = KB_DATA_DIR / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

_FILES: dict[str, object] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
if os.environ.get("S3_BUCKET"):
    from botocore.config import Config

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
            # botocore waits a minute, and five times, for a server that is away: nobody reads on.
            "client_config": Config(
                connect_timeout=3.0,
                read_timeout=20.0,
                retries={"mode": "standard", "total_max_attempts": 2},
            ),
        },
    }
STORAGES = {
    "default": _FILES,
    "staticfiles": {
        "BACKEND": (
            "kb.site.static_files.PatientStorage"
            if os.environ.get("KB_STATIC") == "hashed"
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}

# History is written by triggers; nothing may change or delete what they wrote.
PGHISTORY_APPEND_ONLY = True
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
PGHISTORY_ADMIN_ALL_EVENTS = False
