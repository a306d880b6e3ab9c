"""Reports: a member points at something public, a moderator keeps or hides it."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db import IntegrityError, transaction
from django.db.models import F, Model, QuerySet
from django.utils.translation import gettext

from accounts.models import User
from community.models import Moderated, Report, State
from community.moderation import limits, queue, transitions
from community.moderation.access import access

KEEP = queue.Decision("keep", "Keep it", "p", done="Kept")
HIDE = queue.Decision("hide", "Hide it", "d", needs_reason=True, done="Hidden")
LONGEST_REASON = 2000


def kinds() -> dict[str, queue.Kind]:
    """What can be reported: contributions, each kind once, by name."""
    by_model: dict[type[Model], queue.Kind] = {}
    for kind in queue.kinds().values():
        if issubclass(kind.model, Moderated):
            by_model.setdefault(kind.model, kind)
    return {kind.name: kind for kind in by_model.values()}


def reported(kind: queue.Kind, pk: int, *, by: User) -> Moderated | None:
    """The contribution of this kind that `by` may see, and so may report."""
    if not issubclass(kind.model, Moderated):
        return None
    visible: QuerySet[Moderated] = kind.model.objects.visible_to(by)
    return visible.filter(pk=pk).first()


def own_contribution(kind: str, pk: int, *, by: User) -> Moderated | None:
    """The contribution of this kind that `by` made, and may still see."""
    known = kinds().get(kind)
    if known is None or not issubclass(known.model, Moderated):
        return None
    visible: QuerySet[Moderated] = known.model.objects.visible_to(by)
    return visible.filter(pk=pk, author=by.pk).first()


def report(contribution: Moderated, *, by: User, reason: str) -> Report:
    """Put a complaint about a public contribution into the queue.

    Raises transitions.NotPossible, with a text for the member.
    """
    words = reason.strip()
    if not words:
        raise transitions.NotPossible(
            gettext("Say what is wrong with it, so that a moderator can judge.")
        )
    if len(words) > LONGEST_REASON:
        raise transitions.NotPossible(
            gettext("Use at most {longest_reason} characters.").format(
                longest_reason=LONGEST_REASON
            )
        )
    if contribution.author_id == by.pk:
        raise transitions.NotPossible(gettext("This is your own. You can withdraw it."))
    if contribution.state != State.PUBLISHED:
        raise transitions.NotPossible(gettext("This is not public any more."))
    kind = ContentType.objects.get_for_model(type(contribution))
    try:
        with transaction.atomic():
            if refusal := limits.too_many_reports(by):
                raise transitions.NotPossible(refusal)
            return Report.objects.create(
                kind=kind, object_id=contribution.pk, author=by, reason=words
            )
    except IntegrityError as error:
        raise transitions.NotPossible(
            gettext("You have reported this; a moderator will look.")
        ) from error


@transaction.atomic
def close(seen: Report, decision: str, by: User, reason: str) -> None:
    """Keep or hide what was reported; hiding closes every open report about it.

    Raises transitions.NotPossible when another moderator was first, or it is one's own.
    """
    contribution = seen.contribution
    if contribution is None:
        raise transitions.NotPossible(gettext("What was reported is gone."))
    if refusal := access(contribution, by).refusal:
        raise transitions.NotPossible(refusal)
    outcome = Report.Outcome.HIDDEN if decision == HIDE.name else Report.Outcome.KEPT
    mine = Report.objects.filter(pk=seen.pk, outcome=Report.Outcome.OPEN, revision=seen.revision)
    if not mine.update(outcome=outcome, closed_by=by, revision=F("revision") + 1):
        raise transitions.NotPossible(_who_closed(seen))
    if decision == HIDE.name:
        # Withdrawn meanwhile: hidden all the same, so that no undoing brings it back unseen.
        if contribution.state in (State.PUBLISHED, State.WITHDRAWN):
            transitions.move(contribution, State.HIDDEN, by=by, reason=reason)
        others = Report.objects.filter(kind=seen.kind, object_id=seen.object_id, outcome="")
        others.update(outcome=outcome, closed_by=by, revision=F("revision") + 1)
    else:
        transitions.note(contribution, by=by, reason=f"Reported, and kept. {reason}".strip())


def waiting(rows: QuerySet[Report]) -> QuerySet[Report]:
    return rows.filter(outcome=Report.Outcome.OPEN)


def rows() -> QuerySet[Report]:
    """Reports with what they are about, in one query more for each kind of contribution."""
    every = queue.kinds().values()
    contributions = {kind.model: kind.rows() for kind in every if kind.model is not Report}
    reports = Report.objects.select_related("kind")
    return reports.prefetch_related(GenericPrefetch("contribution", list(contributions.values())))


def texts(reports: Sequence[Report]) -> dict[int, str]:
    return {report.pk: report.reason for report in reports}


def summary(report: Report) -> str:
    """What was reported, in the words of its kind."""
    kind = _kind_of(report)
    return (
        f"{kind.title}: {kind.summary(report.contribution)}"
        if kind and report.contribution
        else "Gone"
    )


def url(report: Report) -> str:
    kind = _kind_of(report)
    return kind.url(report.contribution) if kind and report.contribution else ""


def _kind_of(report: Report) -> queue.Kind | None:
    model = report.kind.model_class()
    return next((kind for kind in queue.kinds().values() if kind.model is model), None)


def _who_closed(seen: Report) -> str:
    now = Report.objects.select_related("closed_by").get(pk=seen.pk)
    if not now.outcome:
        return gettext("It was changed since you looked at it. Read it again, then decide.")
    name = now.closed_by.get_username() if now.closed_by else gettext("Somebody")
    told = gettext("{name} was first: {outcome}.")
    return told.format(name=name, outcome=now.get_outcome_display())
