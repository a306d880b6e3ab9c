"""`manage.py load_accepted`: what public workshops list as accepted has records of its own."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Q

from papers.curation.accepted_papers import follow_list
from papers.history import act
from papers.models import Workshop, WorkshopPaper


class Command(BaseCommand):
    help = "Make papers of what public workshops list as accepted. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        # Lists that the data files brought; what organisers publish is followed at once.
        unmatched = Q(accepted__paper=None, accepted__authors__isnull=False)
        dropped = Q(papers_made__is_off=False, papers_made__paper__accepted_at=None)
        waiting = Workshop.objects.visible_to().filter(unmatched | dropped)
        before = WorkshopPaper.objects.count()
        for workshop in waiting.distinct():
            reason = act(command="load_accepted", reason="accepted at a workshop")
            with transaction.atomic(), reason:
                follow_list(workshop, tells=False)
        if made := WorkshopPaper.objects.count() - before:
            self.stdout.write(f"  {made} papers made of workshops' lists")
