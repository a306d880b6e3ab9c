"""Settings of a site that is started for a test: a few records, and signs of life every second."""

import os
from pathlib import Path

from kb.settings import *  # noqa: F403
from kb.settings import CELERY_BEAT_SCHEDULE
from kb.site import heartbeat

FIXTURES_DIR = Path(os.environ["SURVEY_TEST_FIELD"])
heartbeat.EVERY_SECONDS = 1.0  # a test waits for new signs after each process that it kills
CELERY_BEAT_SCHEDULE["prove-the-queue"]["schedule"] = 2.0
CELERY_BEAT_SCHEDULE["sweep-documents"]["schedule"] = 2.0
