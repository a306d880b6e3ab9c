"""Proposing a change of a record, a merge, or a new paper; and taking a proposal back."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from accounts.roles import is_member
from community.models import Correction
from papers.curation.editing import CannotWrite, Fields, checked, fields_of, new_paper
from papers.models import Paper
from papers.records import kind_of

LONGEST = 4000


class CannotPropose(Exception):
    """Nothing was proposed. `wrong`: a sentence for each field of the form."""

    def __init__(self, **wrong: str) -> None:
        super().__init__(" ".join(wrong.values()))
        self.wrong = wrong


def propose_change(
    record: models.Model, *, by: User, fields: Fields, base: Fields, reason: str, source: str = ""
) -> Correction:
    """Propose new values of fields. base: what its author saw of them. Raises CannotPropose."""
    changed = {name: value for name, value in fields.items() if value != base.get(name)}
    if not changed:
        raise CannotPropose(form=gettext("Nothing is different yet. Change a field, then send it."))
    kind = kind_of(record)
    try:
        changed = checked(kind.name, changed, record)
    except CannotWrite as problem:
        raise CannotPropose(**problem.wrong) from problem
    seen = {name: base.get(name) for name in changed}
    return _stored(Correction.Kind.CHANGE, kind.name, record.pk, by, seen, changed, reason, source)


def propose_gaps(record: Paper, by: User, fields: Fields, source: str) -> int | None:
    """Propose what a member's import or upload says beyond a public record; the correction's
    number, also when just this was proposed before. None when it cannot be proposed."""
    reason = "What I sent says this, and the record does not."
    try:
        return propose_change(
            record, by=by, fields=fields, base=fields_of(record), reason=reason, source=source
        ).pk
    except CannotPropose:
        waiting = Correction.objects.open().filter(
            author=by, record_kind="paper", record_id=record.pk, proposed=fields
        )
        return waiting.values_list("pk", flat=True).first()


def propose_merge(record: Any, *, into: Any, by: User, reason: str, source: str = "") -> Correction:
    """Propose that `record` (a person or a paper) becomes part of `into`. Raises CannotPropose."""
    kind = kind_of(record)
    if kind.name not in ("person", "paper"):
        raise CannotPropose(into=gettext("Only people and papers are merged."))
    if into is None or type(into) is not type(record):
        told = {
            "person": gettext("There is no person with this address here."),
            "paper": gettext("There is no paper with this address here."),
        }
        raise CannotPropose(into=told[kind.name])
    if into.pk == record.pk or record.merged_into_id or into.merged_into_id:
        raise CannotPropose(
            into=gettext("One of the two is merged already, or they are one record.")
        )
    proposed = {"into": kind.key_of(into)}
    return _stored(Correction.Kind.MERGE, kind.name, record.pk, by, {}, proposed, reason, source)


def propose_paper(*, by: User, fields: Fields, reason: str, source: str = "") -> Correction:
    """Propose a paper that is not here. Raises CannotPropose, also when it is here."""
    given = {name: value for name, value in fields.items() if value not in ("", [], None)}
    try:
        given = checked("paper", given)
        with transaction.atomic():  # tried, never kept: tells at once what acceptance would
            new_paper(given, source=source)
            transaction.set_rollback(True)
    except CannotWrite as problem:
        raise CannotPropose(**problem.wrong) from problem
    return _stored(Correction.Kind.NEW, "paper", None, by, {}, given, reason, source)


def withdraw_correction(correction: Correction, *, by: User) -> None:
    """Take one's own proposal back, if nobody has decided yet. Raises CannotPropose."""
    mine = Correction.objects.open().filter(pk=correction.pk, author=by)
    if not mine.update(state=Correction.State.WITHDRAWN, decided_at=timezone.now()):
        raise CannotPropose(form="It is not waiting any more, or it is not yours.")
    correction.refresh_from_db()


def _stored(
    kind: str,
    record_kind: str,
    record_id: int | None,
    by: User,
    base: Fields,
    proposed: Fields,
    reason: str,
    source: str,
) -> Correction:
    _refuse(by, reason, source)
    plain = json.dumps(proposed, sort_keys=True, ensure_ascii=False)
    try:
        with transaction.atomic():
            _refuse_flood(by)
            return Correction.objects.create(
                author=by,
                kind=kind,
                record_kind=record_kind,
                record_id=record_id,
                base=base,
                proposed=proposed,
                fingerprint=hashlib.sha256(plain.encode()).hexdigest(),
                reason=reason.strip(),
                source=source.strip(),
            )
    except IntegrityError as error:
        told = gettext("You have proposed just this; a curator will look.")
        raise CannotPropose(form=told) from error


def _refuse(by: User, reason: str, source: str) -> None:
    if not is_member(by):
        raise CannotPropose(form=gettext("Sign in to suggest a correction."))
    if not reason.strip():
        raise CannotPropose(reason=gettext("Say why, so that a curator can judge."))
    if len(reason) > LONGEST or len(source) > 500:
        told = gettext("Use at most {most} characters, 500 for the source.")
        raise CannotPropose(reason=told.format(most=LONGEST))


def _refuse_flood(by: User) -> None:
    """The account's row is locked, so that proposals side by side are counted one by one."""
    get_user_model()._default_manager.select_for_update().get(pk=by.pk)
    if Correction.objects.open().filter(author=by).count() >= settings.KB_OPEN_CORRECTIONS:
        raise CannotPropose(
            form=gettext(
                "Many corrections of yours still wait for a curator. Send more once they are seen."
            )
        )
