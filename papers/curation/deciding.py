"""What curators decide: conflicts between record and source, and suggested topics."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext

from accounts.models import User
from papers.curation.merging import merge_papers
from papers.curation.people import CannotMerge
from papers.ingest.candidate import IDENTIFIERS
from papers.ingest.match import RETRACTED, SAME_AS, paper_with, values_of
from papers.ingest.record import set_field
from papers.models import Conflict, Decision, Paper, PaperTopic, TopicSuggestion
from papers.versions import refresh_versions


class AlreadyDecided(Exception):
    """Somebody else was faster."""


class CannotAccept(Exception):
    """Accepting would break the record; the text says why."""


def accept_conflict(*, conflict: Conflict, by: User) -> Paper:
    """Let the source win in this field; what it overwrites is kept beside the decision.

    Where the question is whether two papers are one, they are merged; returns the one that stays.
    Raises AlreadyDecided, or CannotAccept when an identifier belongs to another paper or the two
    cannot be merged.
    """
    if conflict.field == SAME_AS:
        return _accept_same(conflict, by)
    if conflict.field == RETRACTED:
        return _accept_retraction(conflict, by)
    with transaction.atomic():
        paper = Paper.objects.select_for_update(of=("self",)).get(pk=conflict.paper_id)
        _decide(conflict, Decision.ACCEPTED, by, replaced=values_of(paper)[conflict.field])
        if conflict.field in IDENTIFIERS:
            owner = paper_with(conflict.field, conflict.there)
            if owner is not None and owner.pk != paper.pk:
                raise CannotAccept(
                    gettext(
                        "{there} belongs to “{title}”. If the two are one work, merge them; if "
                        "that record is wrong, correct it first."
                    ).format(there=conflict.there, title=owner.title)
                )
        set_field(paper, conflict.field, conflict.there)
        if conflict.source not in paper.sources:
            paper.sources = [*paper.sources, conflict.source]
        paper.unconfirmed = [
            doubt for doubt in paper.unconfirmed if doubt.split(" ")[0] != conflict.field
        ]
        paper.save()
        refresh_versions(paper)
    conflict.refresh_from_db()
    return paper


def _accept_same(conflict: Conflict, by: User) -> Paper:
    with transaction.atomic():
        _decide(conflict, Decision.ACCEPTED, by)
        older = Paper.objects.filter(key=conflict.there).first()
        if older is None:
            raise CannotAccept(
                gettext("There is no paper {there} any more.").format(there=conflict.there)
            )
        try:
            merge_papers(survivor=older, other=conflict.paper, by=by, reason=conflict.note)
        except CannotMerge as problem:
            raise CannotAccept(str(problem)) from problem
    conflict.refresh_from_db()
    return older


def _accept_retraction(conflict: Conflict, by: User) -> Paper:
    """The paper stays, and its page says in the source's words that it was taken back."""
    with transaction.atomic():
        _decide(conflict, Decision.ACCEPTED, by)
        paper = Paper.objects.select_for_update(of=("self",)).get(pk=conflict.paper_id)
        if conflict.source not in paper.sources:
            paper.sources = [*paper.sources, conflict.source]
        paper.save(update_fields=["sources", "updated_at"])
    conflict.refresh_from_db()
    return paper


def decline_conflict(*, conflict: Conflict, by: User) -> None:
    """Keep what the record says; the same proposal is not made again. Raises AlreadyDecided."""
    _decide(conflict, Decision.DECLINED, by)
    conflict.refresh_from_db()


def _decide(conflict: Conflict, decision: Decision, by: User, **more: Any) -> None:
    undecided = Conflict.objects.filter(pk=conflict.pk, decision=Decision.OPEN)
    if not undecided.update(decision=decision, decided_by=by, decided_at=now(), **more):
        raise AlreadyDecided(conflict)


def accept_topic(*, suggestion: TopicSuggestion, by: User) -> PaperTopic:
    """Place the paper under the suggested topic. Raises AlreadyDecided."""
    with transaction.atomic():
        _decide_topic(suggestion, Decision.ACCEPTED, by)
        last = PaperTopic.objects.filter(paper=suggestion.paper).count()
        placement, _ = PaperTopic.objects.get_or_create(
            paper=suggestion.paper, topic=suggestion.topic, defaults={"position": last}
        )
    return placement


def decline_topic(*, suggestion: TopicSuggestion, by: User) -> None:
    """The paper does not belong there. Raises AlreadyDecided."""
    _decide_topic(suggestion, Decision.DECLINED, by)


def _decide_topic(suggestion: TopicSuggestion, decision: Decision, by: User) -> None:
    undecided = TopicSuggestion.objects.filter(pk=suggestion.pk, decision=Decision.OPEN)
    if not undecided.update(decision=decision, decided_by=by, decided_at=now()):
        raise AlreadyDecided(suggestion)
