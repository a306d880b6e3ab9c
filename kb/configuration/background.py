"""Work in the background: the broker, what runs when, and what programs may use."""

import os

from celery.schedules import crontab

from kb.configuration.environment import KB_DATA_DIR, listed
from kb.site import valkey

CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL") or valkey.broker_url(KB_DATA_DIR)
# A page does not wait for a broker that is away: what it would have said, the sweeps say later.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker for ever
# A task is acknowledged when it is done; what a worker took beyond it would wait behind long runs.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
if "redis" in CELERY_BROKER_URL.partition(":")[0]:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # When a message that nobody acknowledged is sent again. Rows decide what is still to be
        # done, and the sweeps look every few seconds, so this only clears up; no run is so long.
        "visibility_timeout": 24 * 3600,
        "socket_timeout": 5.0,
        "socket_connect_timeout": 5.0,
    }
elif "amqp" in CELERY_BROKER_URL.partition(":")[0]:
    # RabbitMQ says that a message is on its disk: one that is killed just then loses none of which
    # a page thought that it had been told.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"confirm_publish": True}
CELERY_TASK_ROUTES: dict[str, dict[str, object]] = {
    # Sweeping must not wait behind the long runs it looks after.
    "reproductions.tasks.sweep_runs": {"queue": "celery"},
    "reproductions.tasks.run_again": {"queue": "celery"},
    "reproductions.tasks.*": {"queue": "reproductions"},
    # A dump takes minutes, and uploads would wait behind it.
    "kb.tasks.make_dump": {"queue": "reproductions"},
}
if "redis" in CELERY_BROKER_URL.partition(":")[0]:
    # Work on papers, in its own order, comes after what is short: a hundred uploads do not silence
    # the queue. (With RabbitMQ a queue would have to be made with priorities; there all wait in
    # turn.)
    CELERY_TASK_ROUTES["papers.ingest.*"] = {"queue": "celery", "priority": 6}
_EVERY: dict[str, tuple[str, float]] = {
    "send-mail": ("accounts.send_mail", 30.0),
    "send-digests": ("community.tasks.send_due_digests", 900.0),
    "link-arrived-papers": ("community.tasks.link_arrived_papers", 3600.0),
    "forget-old-keys": ("kb.tasks.forget_old_keys", 3600.0),
    "forget-public-changes": ("kb.tasks.forget_public_changes", 300.0),
    "fold-people-index": ("kb.tasks.fold_people_index", 20.0),
    "forget-ended-sessions": ("kb.tasks.forget_ended_sessions", 3600.0),
    "prove-the-queue": ("kb.tasks.prove_the_queue", 15.0),
    "watch-changes": ("community.watch_changes", 60.0),
    "round-of-webhooks": ("community.round_of_webhooks", 60.0),
    "settle-workshops": ("community.settle_workshops", 60.0),
    "tell-sources": ("papers.watch.tell_due", 60.0),
    "score-finds": ("papers.watch.score_finds", 3600.0),
    "refresh-papers": ("papers.watch.refresh_papers", 3600.0),
    "collect-links": ("papers.watch.collect_links", 24 * 3600.0),
    "check-links": ("papers.watch.check_links", 120.0),
    "run-again": ("reproductions.tasks.run_again", 3600.0),
    "sweep-runs": ("reproductions.tasks.sweep_runs", 20.0),
    "sweep-documents": (
        "papers.ingest.sweep_documents",
        float(os.environ.get("KB_INGEST_SWEEP_SECONDS", "15")),
    ),
}
# What nobody took for an hour is not needed any more: the next ones wait behind it.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    name: {"task": task, "schedule": seconds, "options": {"expires": 3600.0}}
    for name, (task, seconds) in _EVERY.items()
}
CELERY_BEAT_SCHEDULE["make-dump"] = {
    "task": "kb.tasks.make_dump",
    "schedule": crontab(hour=3, minute=17),
    "options": {"expires": 20 * 3600.0},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(KB_DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULER = "kb.site.scheduler.Scheduler"

# Whether sources outside are asked by themselves, which ones beside our own list (a YAML file), the
# key without which Semantic Scholar is not asked, and hosts inside this network that may be.
KB_WATCH = os.environ.get("KB_WATCH") == "1"
KB_WATCH_SOURCES = os.environ.get("KB_WATCH_SOURCES", "")
KB_WATCH_INSIDE = listed("KB_WATCH_INSIDE")
KB_SEMANTIC_SCHOLAR_KEY = os.environ.get("KB_SEMANTIC_SCHOLAR_KEY", "")

# After how many days a cheap program is run again by itself; 0: never.
KB_RERUN_DAYS = int(os.environ.get("KB_RERUN_DAYS", "90"))

# Reference programs: where real data sets lie, where runs may be asked for, what each may use.
_FETCHED = KB_DATA_DIR / "datasets"  # where `make data` puts them
REPRODUCTIONS_DATA = os.environ.get("KB_REPRODUCTIONS_DATA") or (
    str(_FETCHED) if _FETCHED.is_dir() else ""
)
REPRODUCTIONS_DEVICES = listed("KB_REPRODUCTIONS_DEVICES", "cpu")
REPRODUCTIONS_THREADS = int(os.environ.get("KB_REPRODUCTIONS_THREADS", "1"))
REPRODUCTIONS_MEMORY_BYTES = int(os.environ.get("KB_REPRODUCTIONS_MEMORY_MB", "6144")) * 2**20
