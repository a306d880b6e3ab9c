"""`manage.py create_queue`: the tables of a queue that lives in PostgreSQL, made once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from kombu import Queue

from kb.celery import app


class Command(BaseCommand):
    help = "Make the queue's tables, so that two workers that start together do not both make them."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.CELERY_BROKER_URL.startswith("sqla+"):
            return  # Redis and RabbitMQ need no tables
        with app.connection_for_write() as connection:
            for name in ("celery", "reproductions"):
                Queue(name, channel=connection.default_channel).queue_declare()
