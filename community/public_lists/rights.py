"""Who may do what with a public list, and the people who keep it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.forms import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User, Visitor
from accounts.roles import NotPossible, is_curator, is_member
from community.members.profiles import shown_name
from community.models import ListKeeper, PublicList, State

MOST_KEEPERS = 40


def may_edit(chosen: PublicList, user: Visitor) -> bool:
    """Its keepers; curators as soon as everybody sees it."""
    if not is_member(user):
        return False
    if chosen.author_id == user.pk or _kept(chosen, user).exists():
        return True
    return is_curator(user) and chosen.state == State.PUBLISHED


def may_own(chosen: PublicList, user: Visitor) -> bool:
    """Who invites keepers and makes the list public: its owners, or curators where it has none."""
    if not is_member(user):
        return False
    if chosen.author_id == user.pk or _kept(chosen, user).filter(role="owner").exists():
        return True
    has_owner = chosen.author_id or keepers_of(chosen).filter(role="owner").exists()
    return is_curator(user) and not has_owner


def require_edit(chosen: PublicList, user: Visitor) -> User:
    """The account, if it may edit. Raises NotPossible."""
    if not may_edit(chosen, user) or not is_member(user):
        raise NotPossible(
            gettext("Only the keepers of this list change it. You can suggest something.")
        )
    return user


def keepers_of(chosen: PublicList) -> QuerySet[ListKeeper]:
    """Those who accepted, in the order of their invitations."""
    accepted = chosen.keepers.exclude(accepted_at=None).filter(user__is_active=True)
    return accepted.select_related("user__profile")


def names_of(chosen: PublicList) -> list[str]:
    """Who keeps the list, as pages name them."""
    return [shown_name(keeper.user) for keeper in keepers_of(chosen) if keeper.user]


def lists_kept_by(user: User) -> QuerySet[PublicList]:
    """The lists that an account keeps, whatever their state."""
    rows = ListKeeper.objects.filter(user=user).exclude(accepted_at=None)
    return PublicList.objects.filter(pk__in=rows.values("public_list"))


def invitations_of(user: User) -> QuerySet[ListKeeper]:
    return ListKeeper.objects.filter(user=user, accepted_at=None).select_related("public_list")


def invite(chosen: PublicList, *, by: User, whom: str, role: str = "keeper") -> ListKeeper:
    """Invite an account by its name, or an e-mail address. Raises NotPossible."""
    if not may_own(chosen, by):
        raise NotPossible(gettext("Only owners of the list invite keepers."))
    if role not in ListKeeper.Role.values:
        raise NotPossible(gettext("A role is owner or keeper."))
    if chosen.keepers.count() >= MOST_KEEPERS:
        raise NotPossible(
            gettext("A list has at most {most_keepers} keepers and open invitations.").format(
                most_keepers=MOST_KEEPERS
            )
        )
    whom = whom.strip()
    if "@" in whom:
        return _invite_by_mail(chosen, by, whom, role)
    accounts = get_user_model()._default_manager.filter(is_active=True)
    user = accounts.filter(username__iexact=whom).first() if whom else None
    if user is None:
        raise NotPossible(
            gettext("There is no account of this name. An e-mail address works as well.")
        )
    try:
        with transaction.atomic():
            return ListKeeper.objects.create(
                public_list=chosen, user=user, role=role, invited_by=by
            )
    except IntegrityError as error:
        raise NotPossible(
            gettext("{whom} keeps this list or is invited already.").format(whom=whom)
        ) from error


def _invite_by_mail(chosen: PublicList, by: User, address: str, role: str) -> ListKeeper:
    try:
        validate_email(address)
    except ValidationError as error:
        raise NotPossible(gettext("This is no e-mail address.")) from error
    if chosen.keepers.filter(email__iexact=address).exists():
        raise NotPossible(gettext("This address is invited already."))
    made = ListKeeper.objects.create(public_list=chosen, email=address, role=role, invited_by=by)
    link = settings.KB_SITE_URL.rstrip("/") + reverse("list-invitation", args=[made.token])
    text = gettext(
        "{name} invites you to keep the reading list “{title}” with them (as {role}).\n\nTo accept,"
        " open {link} and sign in.\n\nIf you did not expect this, do nothing: the address is used"
        " for nothing else."
    ).format(name=shown_name(by), title=chosen.title, role=made.get_role_display(), link=link)
    subject = gettext("Keep the list “{title}”?").format(title=chosen.title)
    send_mail(subject, text, None, [address], fail_silently=True)
    return made


def accept(token: str, *, by: User) -> PublicList:
    """Become a keeper by an invitation that was given to one. Raises NotPossible."""
    row = ListKeeper.objects.filter(token=token).select_related("public_list").first()
    if row is None or row.accepted_at or (row.user_id and row.user_id != by.pk):
        raise NotPossible(gettext("This invitation is not open any more, or is somebody else's."))
    if row.user_id is None and row.public_list.keepers.filter(user=by).exists():
        row.delete()
        raise NotPossible(gettext("You keep this list, or are invited, already."))
    row.user, row.email, row.accepted_at = by, "", timezone.now()
    row.save()
    return row.public_list


def remove(keeper: ListKeeper, *, by: User) -> None:
    """Take a keeper or an invitation away; everybody may leave. Raises NotPossible."""
    chosen = keeper.public_list
    if keeper.user_id != by.pk and not may_own(chosen, by):
        raise NotPossible(gettext("Only owners of the list remove keepers."))
    others = keepers_of(chosen).filter(role="owner").exclude(pk=keeper.pk)
    if keeper.role == "owner" and keeper.accepted_at and not others.exists():
        raise NotPossible(gettext("A list needs an owner. Make somebody else one first."))
    keeper.delete()


def _kept(chosen: PublicList, user: User) -> QuerySet[ListKeeper]:
    return chosen.keepers.filter(user=user).exclude(accepted_at=None)
