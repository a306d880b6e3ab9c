"""The accounts of the load, and what of its writes is in the database afterwards.

Needs Django with the database of the broken site.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import django.db
from django.contrib.auth.models import Group
from django.core.files.storage import default_storage
from django.db import connection

from accounts.models import User
from accounts.tokens import make_token
from benchmarks.faults.tallies import Kept, Verdict
from benchmarks.faults.traffic import Account
from community.models import Correction, ListEntry, Mark, ReadingList, Review, ReviewDraft
from papers.models import Document, Paper
from reproductions.models import Run

MEMBERS = 8
SETTLE_SECONDS = 120.0
ASK_AGAIN_SECONDS = 0.5


@contextmanager
def fresh_connection() -> Iterator[None]:
    """The one of before may have been killed; one in a transaction is somebody else's."""
    if not connection.in_atomic_block:
        connection.close()
    yield
    if not connection.in_atomic_block:
        connection.close()


def make_accounts() -> list[Account]:
    """Members with tokens, one of them a curator who may start runs."""
    accounts = []
    run = uuid.uuid4().hex[:6]  # the site may have been broken before
    with fresh_connection():
        for number in range(MEMBERS):
            name = f"writer{number}-{run}"
            user = User.objects.create_user(name, f"{name}@example.org")
            scopes = ["read", "contribute"]
            if number == 0:
                user.groups.set(Group.objects.filter(name="curators"))
                scopes.append("curate")
                user = User.objects.get(pk=user.pk)
            _, token = make_token(user, name="load", scopes=scopes, days=90)
            accounts.append(Account(user.username, token, is_curator=number == 0))
    return accounts


def make_moderator() -> Account:
    """Somebody who decides about what members hand in."""
    with fresh_connection():
        user = User.objects.create_user("moderator", "moderator@example.org")
        user.groups.set(Group.objects.filter(name="moderators"))
        user = User.objects.get(pk=user.pk)
        _, token = make_token(user, name="load", scopes=["read", "moderate"], days=90)
    return Account(user.username, token)


def paper_keys() -> list[str]:
    """Keys of the public papers that the field began with."""
    with fresh_connection():
        return list(Paper.objects.visible_to().order_by("key").values_list("key", flat=True)[:60])


def settle(kept: Iterable[Kept]) -> None:
    """Wait until documents and runs have ended, for SETTLE_SECONDS at most."""
    end = time.monotonic() + SETTLE_SECONDS
    waiting = list(kept)
    while (waiting := [one for one in waiting if _is_at_work(one)]) and time.monotonic() < end:
        time.sleep(ASK_AGAIN_SECONDS)


def _is_at_work(kept: Kept) -> bool:
    with fresh_connection():
        try:
            if kept.kind == "upload":
                return Document.objects.active().filter(sha256=kept.mark).exists()
            return kept.kind == "run" and _last_run(kept).is_active
        except (django.db.Error, Run.DoesNotExist):
            return False


def _last_run(kept: Kept) -> Run:
    """The run, or what it was repeated as: one whose worker was killed is lost and queued anew."""
    run = Run.objects.get(pk=kept.mark)
    while again := Run.objects.filter(again_of=run).order_by("pk").last():
        run = again
    return run


def judge(kept: Iterable[Kept]) -> Verdict:
    """Look for every acknowledged write: it is there once, and its work has ended."""
    verdict = Verdict()
    with fresh_connection():
        for one in kept:
            found = FOUND[one.kind](one)
            if found == 0:
                verdict.lost.append(one)
            elif found > 1:
                verdict.doubled.append(one)
            elif _is_stuck(one):
                verdict.stuck.append(one)
    return verdict


def _is_stuck(kept: Kept) -> bool:
    """Whether nothing came of a document or a run, though nothing is wrong with it."""
    if kept.kind == "upload":
        return not Document.objects.filter(sha256=kept.mark, state=Document.State.DONE).exists()
    return kept.kind == "run" and _last_run(kept).state != Run.State.FINISHED


def _works_of(kept: Kept) -> int:
    """Works that were read from these bytes, 1 while there is none; 0 without row or file."""
    document = Document.objects.filter(sha256=kept.mark).select_related("paper").first()
    if document is None or not default_storage.exists(document.stored_as):
        return 0
    return Paper.objects.filter(title=document.paper.title).count() if document.paper else 1


def _reviews(kept: Kept) -> int:
    pk, _, mark = kept.mark.partition(" ")
    review = Review.objects.filter(pk=pk, author__username=kept.by).first()
    if review is None:
        return 0
    versions = review.versions.filter(values__summary=mark).count()
    if kept.kind == "review":
        return versions
    draft = ReviewDraft.objects.filter(review=review).first()
    if not versions and (draft is None or mark not in str(draft.content)):
        return 0
    return Review.objects.filter(author=review.author_id, paper=review.paper_id).count()


def _entries(kept: Kept) -> int:
    reading_list, _, paper = kept.mark.partition(" ")
    return ListEntry.objects.filter(reading_list=reading_list, paper__key=paper).count()


def _marks(kept: Kept) -> int:
    return Mark.objects.filter(paper__key=kept.mark, user__username=kept.by).count()


FOUND: dict[str, Callable[[Kept], int]] = {
    "list": lambda kept: ReadingList.objects.filter(name=kept.mark).count(),
    "entry": _entries,
    "draft": _reviews,
    "review": _reviews,
    "correction": lambda kept: Correction.objects.filter(reason=kept.mark).count(),
    "upload": _works_of,
    "mark": _marks,
    "run": lambda kept: Run.objects.filter(pk=kept.mark).count(),
}
