"""A reply's author changes it; as with reviews, a change of a public one waits for a moderator."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User, Visitor
from accounts.roles import NotPossible
from community.models import Reply, ReplyVersion, State
from community.moderation import limits, transitions
from community.moderation.access import access
from community.reviews.deciding import ACCEPT
from community.reviews.differing import Change, lines
from community.reviews.threads import check_cites, words_of

EDITABLE = (State.PENDING, State.PUBLISHED)
NEVER_CHANGED = 1  # the number of the only text


class ChangedSince(NotPossible):
    """The reply is not what its author read before writing."""


@transaction.atomic
def edit_reply(made: Reply, text: str, *, by: User, seen: int) -> Reply:
    """Give one's own reply another text, if it is still at revision `seen`.

    A reply that waits is changed while it waits. A change of a public one is shown at once when the
    site trusts its author, else a moderator reads it first. Raises ChangedSince or NotPossible.
    """
    if made.author_id != by.pk:
        raise NotPossible(gettext("This is not your answer."))
    if made.state not in EDITABLE:
        raise NotPossible(gettext("Only answers that are public or wait can be changed."))
    words = words_of(text)
    check_cites(made.review, words)
    if words == newest_text(made):
        return made
    public = made.state == State.PUBLISHED
    now = timezone.now()
    kept: dict[str, Any] = {"state_since": now} if public else {"text": words}
    unchanged = Reply.objects.filter(pk=made.pk, state=made.state, revision=seen)
    if not unchanged.update(**kept, latest=F("latest") + 1, revision=F("revision") + 1):
        raise ChangedSince(
            gettext("This answer was changed since you read it. Load the page again.")
        )
    if made.latest == NEVER_CHANGED:
        _keep(made, 1, made.text, made.created_at, made.state_since if public else None)
    made.refresh_from_db()
    _keep(made, made.latest, words, now, None)
    if public and limits.is_trusted(by):
        _show_newest(made)
        transitions.note(made, by=None, reason=transitions.TRUSTED)
    return made


def newest_text(made: Reply) -> str:
    """What its author wrote last, shown or not."""
    newest = ReplyVersion.objects.filter(reply=made, number=made.latest)
    text = newest.values_list("text", flat=True).first()
    return made.text if text is None else text


def versions_for(made: Reply, viewer: Visitor) -> list[ReplyVersion]:
    """The texts that `viewer`, who sees the reply, may read: all that were shown once.

    Its author and moderators read every one.
    """
    versions = ReplyVersion.objects.filter(reply=made)
    return list(versions if sees_inside(made, viewer) else versions.exclude(shown_at=None))


def sees_inside(made: Reply, viewer: Visitor) -> bool:
    """Whether `viewer` may read all texts and decisions: its author and moderators."""
    return access(made, viewer).sees_inside


def differences(versions: Sequence[ReplyVersion]) -> Iterator[tuple[ReplyVersion, Change | None]]:
    """Each version with what it changed in the one before it, the newest first."""
    before: list[ReplyVersion | None] = [None, *versions]
    for version, earlier in reversed(list(zip(versions, before, strict=False))):
        yield version, (_change(earlier.text, version.text) if earlier else None)


def waiting_changes(rows: QuerySet[Reply]) -> QuerySet[Reply]:
    """Public replies with a newer text that nobody has decided about."""
    return rows.filter(state=State.PUBLISHED, latest__gt=F("public")).exclude(
        latest__lte=F("refused")
    )


def change_texts(replies: Sequence[Reply]) -> dict[int, str]:
    """What differs between the public and the newest text of each."""
    versions = ReplyVersion.objects.filter(
        reply__in=[reply.pk for reply in replies], number=F("reply__latest")
    )
    newest = {version.reply_id: version.text for version in versions}
    return {
        reply.pk: render_to_string(
            "reviews/_changes.html", {"changes": [_change(reply.text, newest[reply.pk])]}
        )
        for reply in replies
        if reply.pk in newest
    }


@transaction.atomic
def decide_change(reply: Reply, decision: str, by: User, reason: str) -> None:
    """Show the newest text, or leave the public one. Raises transitions.NotPossible."""
    if refusal := access(reply, by).refusal:
        raise NotPossible(refusal)
    accepted = decision == ACCEPT.name
    kept = {} if accepted else {"refused": F("latest")}
    waiting = waiting_changes(Reply.objects.filter(pk=reply.pk, revision=reply.revision))
    if not waiting.update(**kept, revision=F("revision") + 1):
        raise NotPossible(
            gettext(
                "Another moderator was first, or its author changed it again. Load the queue again."
            )
        )
    reply.refresh_from_db()
    if accepted:
        _show_newest(reply)
    word = "Showed" if accepted else "Declined"
    transitions.note(reply, by=by, reason=f"{word} version {reply.latest}. {reason}".strip())


def _keep(
    made: Reply, number: int, text: str, at: dt.datetime, shown_at: dt.datetime | None
) -> None:
    ReplyVersion.objects.create(reply=made, number=number, text=text, at=at, shown_at=shown_at)


def _show_newest(made: Reply) -> None:
    """The newest text becomes the public one; for a row that this transaction has changed."""
    now, newest = timezone.now(), ReplyVersion.objects.get(reply=made, number=made.latest)
    ReplyVersion.objects.filter(pk=newest.pk).update(shown_at=now)
    Reply.objects.filter(pk=made.pk).update(text=newest.text, public=newest.number, edited_at=now)
    made.refresh_from_db()


def _change(before: str, after: str) -> Change:
    return Change(gettext("The answer"), lines(before, after))
