"""Floor 3: the site. Settings, embedded services, pages, API, feeds, commands."""

from kb.celery import app as celery_app

__all__ = ["celery_app"]
