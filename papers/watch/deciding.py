"""Deciding about finds: accept with a place, refuse, undo; one by one, or many by their score."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import replace
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from accounts.roles import NotPossible, is_curator
from papers.curation.waiting import FOLLOW_UP, set_back
from papers.history import act
from papers.ingest import citations, trust
from papers.ingest.candidate import Candidate
from papers.ingest.match import values_of
from papers.ingest.record import one_writer, record
from papers.models import FieldSource, Find, Paper, PaperTopic
from taxonomy.models import Topic
from work.tell import tell

State = Find.State
MOST_AT_ONCE = 500
MOST_ACCEPTED = 100
"""Each is a paper that is written: a page waits for them."""


def accept(
    find: Find,
    *,
    by: User,
    topics: Collection[str] = (),
    into: Paper | None = None,
    is_another: bool = False,
    batch: uuid.UUID | None = None,
) -> Paper:
    """Make it a paper here, under these topics. into, is_another: as for papers.ingest.record.

    Its abstract comes along only where its source states a licence. Raises NotPossible.
    """
    _only_curators(by)
    source = str(find.candidate.get("source", ""))
    acting = act(by=by, reason=f"accepted from the inbox: {source}", find=find.pk, source=source)
    with transaction.atomic(), acting:
        one_writer()
        _decide(find, State.ACCEPTED, by, batch)
        paper, written = _written(find, into, is_another)
        written["topics"] = _place(paper, topics)
        Find.objects.filter(pk=find.pk).update(paper=paper, written=written)
        transaction.on_commit(partial(tell, FOLLOW_UP, paper.pk))
        transaction.on_commit(partial(trust.check_again, paper))
    find.refresh_from_db()
    return paper


def refuse(find: Find, *, by: User, batch: uuid.UUID | None = None) -> None:
    """It does not belong here, and no source brings it back. Raises NotPossible."""
    _only_curators(by)
    _decide(find, State.REFUSED, by, batch)
    find.refresh_from_db()


def undo(find: Find, *, by: User) -> None:
    """Let it wait again: a paper that was made is hidden, what was filled is set back as far as
    nobody changed it since, placements are taken back. Raises NotPossible."""
    _only_curators(by)
    was = find.state
    if was not in (State.ACCEPTED, State.REFUSED):
        raise NotPossible(gettext("Nothing was decided about it that could be undone."))
    acting = act(by=by, reason="undid a decision in the inbox", find=find.pk)
    with transaction.atomic(), acting:
        one_writer()
        decided = Find.objects.filter(pk=find.pk, state=was, decided_at=find.decided_at)
        if not decided.update(state=State.WAITING, decided_by=None, decided_at=None, batch=None):
            raise NotPossible(gettext("Somebody else has just decided about it again."))
        if was == State.ACCEPTED and find.paper is not None:
            placed = find.paper.placements.filter(topic__slug__in=find.written.get("topics", []))
            placed.delete()
            set_back(find.paper, find.written)
    find.refresh_from_db()


def accept_from(score: float, finds: QuerySet[Find], *, by: User) -> tuple[uuid.UUID, int, int]:
    """Accept what scored `score` or more; what may be a paper that is here is left.

    Returns the batch, how many were accepted and how many left. Topics are suggested for each as
    for any new paper; a machine places none.
    """
    _only_curators(by)
    batch, done, left = uuid.uuid4(), 0, 0
    for find in list(finds.filter(state=State.WAITING, score__gte=score)[:MOST_ACCEPTED]):
        if find.may_be_id is not None:
            left += 1
            continue
        try:
            accept(find, by=by, batch=batch)
            done += 1
        except NotPossible:
            left += 1
    return batch, done, left


def refuse_below(score: float, finds: QuerySet[Find], *, by: User) -> tuple[uuid.UUID, int]:
    """Refuse what scored less than `score`; what has no score is left."""
    _only_curators(by)
    batch = uuid.uuid4()
    low = finds.filter(state=State.WAITING, score__lt=score).values_list("pk", flat=True)
    chosen = Find.objects.waiting().filter(pk__in=list(low[:MOST_AT_ONCE]))
    changes = {"decided_by": by, "decided_at": timezone.now(), "batch": batch}
    return batch, chosen.update(state=State.REFUSED, **changes)


def undo_batch(batch: uuid.UUID, *, by: User) -> int:
    """Undo what was decided at once, as far as nobody decided anew; returns how many."""
    done = 0
    for find in list(Find.objects.filter(batch=batch).select_related("paper")):
        try:
            undo(find, by=by)
            done += 1
        except NotPossible:
            continue
    return done


def _only_curators(by: User) -> None:
    if not is_curator(by):
        raise NotPossible(gettext("Only curators decide about the inbox."))


def _decide(find: Find, state: str, by: User, batch: uuid.UUID | None) -> None:
    changes = {"decided_by": by, "decided_at": timezone.now(), "batch": batch}
    if not Find.objects.waiting().filter(pk=find.pk).update(state=state, **changes):
        now = Find.objects.select_related("decided_by").get(pk=find.pk)
        name = now.decided_by.get_username() if now.decided_by else gettext("Somebody")
        told = gettext("{name} was first: it is {state}.")
        raise NotPossible(told.format(name=name, state=now.get_state_display()))


def _written(find: Find, into: Paper | None, is_another: bool) -> tuple[Paper, dict[str, Any]]:
    """The paper, written, and what has to be set back if this is undone."""
    if find.paper is not None and find.paper.state == Paper.State.HIDDEN and into is None:
        find.paper.state = Paper.State.PUBLIC  # was accepted before, and that was undone
        find.paper.save(update_fields=["state", "updated_at"])
        return find.paper, {"new": True}
    candidate = Candidate.from_json(find.candidate)
    if not find.abstract_licence:
        candidate = replace(candidate, abstract="")
    before = values_of(into) if into else {}
    recorded = record(candidate, into=into, is_another=is_another)
    citations.tie_citations_to(recorded.paper)
    if "abstract" in recorded.filled:
        origin = f"{candidate.source}, {find.abstract_licence}"[:120]
        FieldSource.objects.filter(
            paper=recorded.paper, field="abstract", source=candidate.source[:120]
        ).update(source=origin)
    if recorded.is_new:
        return recorded.paper, {"new": True}
    after = values_of(Paper.objects.get(pk=recorded.paper.pk))
    filled = [name for name in recorded.filled if name in after]
    return recorded.paper, {"fields": {name: [before.get(name), after[name]] for name in filled}}


def _place(paper: Paper, slugs: Collection[str]) -> list[str]:
    """Put the paper under these topics, as the curator's word; returns those that are new."""
    placed = set(paper.placements.values_list("topic__slug", flat=True))
    topics = {topic.slug: topic for topic in Topic.objects.filter(slug__in=list(slugs))}
    new = [slug for slug in dict.fromkeys(slugs) if slug in topics and slug not in placed]
    for position, slug in enumerate(new, len(placed)):
        PaperTopic.objects.create(paper=paper, topic=topics[slug], position=position)
    return new
