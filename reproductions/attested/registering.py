"""Runners: registered by members, confirmed by curators, retired by their owners."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from accounts.roles import NotPossible, is_member
from reproductions.attested import signing
from reproductions.attested.accepting import check_decides
from reproductions.models import Attestation, Runner

MOST_RUNNERS = 20


def register(*, by: User, name: str, public_key: str, proof: str, host: str) -> tuple[Runner, bool]:
    """A member's runner with that key; the second value says if it is new.

    proof: signature over :func:`signing.registration` with the key's other half.
    Raises NotPossible.
    """
    if not is_member(by):
        raise NotPossible(gettext("Sign in to register a runner."))
    try:
        key = signing.tidy_key(public_key)
    except signing.BadKey as error:
        raise NotPossible(gettext("No key: {error}.").format(error=error)) from error
    if not signing.is_signed(signing.registration(host), proof.strip(), key):
        raise NotPossible(
            "The proof does not belong to this key and this site. Print both again with "
            f"“python -m reproductions.runner key --site …” for the address with {host}."
        )
    if known := Runner.objects.filter(public_key=key).first():
        return _own(known, by), False
    if not name.strip():
        raise NotPossible(gettext("Give the runner a name that tells which machine it is."))
    if Runner.objects.filter(owner=by).count() >= MOST_RUNNERS:
        raise NotPossible(gettext("You have {count} runners already.").format(count=MOST_RUNNERS))
    try:
        with transaction.atomic():
            made = Runner.objects.create(owner=by, name=name.strip()[:80], public_key=key)
    except IntegrityError:
        return _own(Runner.objects.get(public_key=key), by), False
    return made, True


def _own(runner: Runner, by: User) -> Runner:
    if runner.owner_id != by.pk:
        raise NotPossible(
            gettext("This key is registered by another account. Make a key of your own.")
        )
    return runner


def trust(*, runner: Runner, by: User) -> Runner:
    """Confirm a runner: what it returns from now on is public.  Raises NotPossible."""
    check_decides(by, runner.owner_id)
    return _decided(runner, Runner.State.TRUSTED, by=by)


def distrust(*, runner: Runner, by: User, reason: str) -> Runner:
    """Refuse a runner, or take trust away: what it attested counts no more, and stays visible.

    Raises NotPossible.
    """
    check_decides(by, runner.owner_id)
    if not reason.strip():
        raise NotPossible(gettext("Say why, so that its owner knows what to do."))
    return _decided(runner, Runner.State.REFUSED, by=by, reason=reason.strip()[:500])


def _decided(runner: Runner, state: str, *, by: User, reason: str = "") -> Runner:
    open_to_it = Runner.objects.filter(pk=runner.pk).exclude(
        state__in=(state, Runner.State.WITHDRAWN)
    )
    if state == Runner.State.TRUSTED:
        open_to_it = open_to_it.exclude(state=Runner.State.RETIRED)
    now = timezone.now()
    if not open_to_it.update(state=state, decided_by=by, decided_at=now, reason=reason):
        told = gettext("This runner is {state} already.")
        raise NotPossible(told.format(state=runner.get_state_display()))
    runner.refresh_from_db()
    return runner


def retire(*, runner: Runner, by: User) -> Runner:
    """End one's own runner: it gets no run any more; what it attested stays and counts.

    Raises NotPossible.
    """
    if runner.owner_id != by.pk:
        raise NotPossible(gettext("A runner is retired by its owner."))
    mine = Runner.objects.filter(pk=runner.pk)
    mine.filter(state=Runner.State.TRUSTED).update(state=Runner.State.RETIRED)
    mine.filter(state=Runner.State.WAITING).update(state=Runner.State.WITHDRAWN)
    runner.refresh_from_db()
    return runner


def retire_all_of(user: User) -> None:
    """What becomes of a member's runners when the account is closed; waiting records go with it."""
    mine = Runner.objects.filter(owner=user)
    mine.filter(state=Runner.State.TRUSTED).update(state=Runner.State.RETIRED)
    mine.filter(state=Runner.State.WAITING).update(state=Runner.State.WITHDRAWN)
    Attestation.objects.exclude(state=Attestation.State.ACCEPTED).filter(member=user).delete()
