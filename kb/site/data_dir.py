"""Where this machine keeps what the site writes."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]


def data_dir() -> Path:
    """The folder named by KB_DATA_DIR, else `data/` beside manage.py."""
    return Path(os.environ.get("KB_DATA_DIR") or BASE_DIR / "data").expanduser().resolve()
