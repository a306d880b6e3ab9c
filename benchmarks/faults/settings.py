"""Settings of the site that is broken: no quota ends the load, and the queue is proved often."""

from tests.site.small_settings import *  # noqa: F403

KB_API_RATE = "1000000/min"
KB_DAILY_UPLOADS = KB_DAILY_NEW = KB_DAILY_KNOWN = KB_OPEN_CORRECTIONS = 1_000_000
