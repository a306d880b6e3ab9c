"""Settings of a worker that a test starts: its database is the test's."""

import os

from kb.settings import *  # noqa: F403
from kb.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE_NAME"]
