"""Settings of a site that is started for a test: a few records, and a quick proof of the queue."""

import os
from pathlib import Path

from kb.settings import *  # noqa: F403
from kb.settings import CELERY_BEAT_SCHEDULE

FIXTURES_DIR = Path(os.environ["SURVEY_TEST_FIELD"])
CELERY_BEAT_SCHEDULE["prove-the-queue"]["schedule"] = 2.0
CELERY_BEAT_SCHEDULE["sweep-documents"]["schedule"] = 2.0
