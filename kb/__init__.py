"""Floor 6: the site. Settings, embedded services, pages, API, feeds, commands."""

import gc

# New objects. After 700, as it is usual, everything is looked through for garbage so often that it
# takes a tenth of the start of each process, and a third of what reads thousands of records.
LOOK_AFTER = 20_000
gc.set_threshold(LOOK_AFTER)

from kb.celery import app as celery_app  # noqa: E402

__all__ = ["celery_app"]
