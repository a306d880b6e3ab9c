"""Two records of one paper become one: a curated act that can be undone as a whole."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext

from accounts.models import User
from papers.curation.people import CannotMerge
from papers.history import act
from papers.history.moving import move_all
from papers.ingest.candidate import IDENTIFIERS
from papers.models import (
    AcceptedPaper,
    Finding,
    MethodPaper,
    OldKey,
    Paper,
    PaperTopic,
    TimelineEvent,
)
from papers.versions import refresh_versions

# The other record's vectors and its own say of fields stay with it; its versions are derived.
_STAY = (
    *("papers.PaperEmbedding", "papers.PaperVersion", "papers.FieldSource", "papers.Conflict"),
    "papers.WorkshopPaper",
)
_TEXTS = ("abstract", "tldr", "tldr_zh", "contribution")
_PRINTED = ("volume", "issue", "pages", "publisher", "published_month")  # of one appearance


def merge_papers(
    *, survivor: Paper, other: Paper, by: User | None = None, reason: str = ""
) -> Paper:
    """Make `other` lead to `survivor`, who takes its topics, links, documents and talks.

    What the survivor says stays; only its gaps are filled. The address and the old keys of `other`
    answer 301 from then on. Doing it again changes nothing. Raises CannotMerge.
    """
    with transaction.atomic(), act(by=by, reason=reason):
        rows = Paper.objects.select_for_update(of=("self",)).order_by("pk")
        locked = {row.pk: row for row in rows.filter(pk__in=[survivor.pk, other.pk])}
        keeping, leaving = locked[survivor.pk], locked[other.pk]
        if leaving.merged_into_id == keeping.pk:
            return keeping
        _refuse(keeping, leaving)
        _move_tracked(keeping, leaving)
        _fill_gaps(keeping, leaving)
        act(moved=move_all(leaving, keeping, _STAY))
        Paper.objects.filter(merged_into=leaving).update(merged_into=keeping)
        leaving.state, leaving.merged_into = Paper.State.MERGED, keeping
        leaving.save()
        refresh_versions(keeping)
    survivor.refresh_from_db()
    other.refresh_from_db()
    return survivor


def _refuse(keeping: Paper, leaving: Paper) -> None:
    if keeping.pk == leaving.pk:
        raise CannotMerge(gettext("That is one record already."))
    for paper in (keeping, leaving):
        if paper.state not in (Paper.State.PUBLIC, Paper.State.HIDDEN):
            raise CannotMerge(
                gettext("“{title}” ({key}) is {get_state_display}.").format(
                    title=paper.title, key=paper.key, get_state_display=paper.get_state_display()
                )
            )


def _move_tracked(keeping: Paper, leaving: Paper) -> None:
    here = keeping.placements.values("topic")
    last = keeping.placements.aggregate(last=Max("position"))["last"]
    for place, row in enumerate(leaving.placements.exclude(topic__in=here), (last or 0) + 1):
        PaperTopic.objects.filter(pk=row.pk).update(paper=keeping, position=place)
    leaving.links.exclude(url__in=keeping.links.values("url")).update(paper=keeping)
    if not keeping.findings.exists():
        Finding.objects.filter(paper=leaving).update(paper=keeping)
    leaving.names.exclude(key__in=keeping.names.values("key")).update(paper=keeping)
    for role in leaving.roles.all():
        if not keeping.roles.filter(method=role.method, role=role.role).exists():
            MethodPaper.objects.filter(pk=role.pk).update(paper=keeping)
    for model in (AcceptedPaper, TimelineEvent, OldKey):
        model._default_manager.filter(paper=leaving).update(paper=keeping)


def _fill_gaps(keeping: Paper, leaving: Paper) -> None:
    """Identifiers are unique, so the other record gives up what the survivor takes."""
    taken = [n for n in IDENTIFIERS if getattr(leaving, n) and not getattr(keeping, n)]
    values = {name: getattr(leaving, name) for name in taken}
    for name in taken:
        setattr(leaving, name, None)
    if taken:
        leaving.save(update_fields=taken)
    for name in (*taken, *(n for n in _TEXTS if not getattr(keeping, n))):
        setattr(keeping, name, values.get(name, getattr(leaving, name)))
    if keeping.venue_id == leaving.venue_id and not any(getattr(keeping, n) for n in _PRINTED):
        for name in _PRINTED:
            setattr(keeping, name, getattr(leaving, name))
    keeping.awards += [award for award in leaving.awards if award not in keeping.awards]
    keeping.sources += [source for source in leaving.sources if source not in keeping.sources]
    keeping.save()
