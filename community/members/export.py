"""Everything the site holds of one member, as a ZIP of JSON files.

Rows are found through the columns that lead to an account, so that a new model needs no word here
beyond the name of its column. A column not named below is somebody else's relation to the row (a
moderator who decided, say) and gives nothing.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, Model
from django.utils import timezone

from accounts.models import User
from accounts.roles import role_of
from papers.models import Paper

OWN = frozenset(
    {
        "user",
        "owner",
        "member",
        "author",
        "by",
        "requested_by",
        "proposed_by",
        "proposer",
        "suggested_by",
    }
)
OTHERS = frozenset(
    {"decided_by", "cancelled_by", "closed_by", "account", "invited_by", "changed_by"}
)
_SECRET = frozenset(
    {
        "password",
        "secret_sha256",
        "request_sha256",
        "feed_token",
        "mail_token",
        "session_key",
        "salt",
        "token",
    }
)
_SECRET_MODELS = frozenset({"mfa.authenticator", "admin.logentry", "account.emailconfirmation"})
_ACCOUNT = ("username", "email", "first_name", "last_name", "date_joined", "last_login", "language")
README = """All that this survey holds of your account, {name}, at {moment:%Y-%m-%d %H:%M} UTC.

account.json   the account itself and your role
Every other file holds the rows of one kind that belong to you, as they are stored. Left out are
secrets (password, keys of two-step sign-in, digests of tokens, keys of sessions) and the accounts
of other people.
Of each place where you are signed in there are address, browser and times, which are kept until an
hour after the session ended.
uploads are listed with name, size and SHA-256; the files can be opened from the page "Uploads".
"""


def export_of(user: User) -> bytes:
    """The ZIP. One query a kind of row."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        words = README.format(name=user.get_username(), moment=timezone.now())
        archive.writestr("README.txt", words)
        archive.writestr("account.json", _json(_account(user)))
        for name, rows in sorted(_kinds(user)):
            archive.writestr(f"{name}.json", _json(rows))
    return content.getvalue()


def relations() -> Iterator[tuple[type[Model], Field]]:
    """Every column of every table that leads to an account."""
    account: Any = get_user_model()
    for relation in account._meta.related_objects:
        if relation.field.model._meta.auto_created or relation.many_to_many:
            continue
        yield relation.field.model, relation.field


def _kinds(user: User) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Rows of the member by kind; kinds without any are left out."""
    for model, path in _paths():
        mine = model._default_manager.filter(**{path: user.pk}).order_by("pk")
        if rows := [_row(row, user) for row in mine]:
            yield f"{model._meta.label_lower}.{path.rpartition('__')[2]}", rows


def _paths() -> Iterator[tuple[type[Model], str]]:
    """Tables with rows of members, and the way from a row to its member.

    Also what belongs to such a row and has no account of its own: the entries of a list, the
    versions of a text.
    """
    leading = list(relations())
    with_account = {model for model, _ in leading}
    for model, column in leading:
        if column.name not in OWN or model._meta.label_lower in _SECRET_MODELS:
            continue
        yield model, column.name
        if model._meta.app_label != "community":
            continue
        for part in model._meta.related_objects:
            child: Any = part.related_model
            if part.field.concrete and not part.many_to_many and child not in with_account:
                yield child, f"{part.field.name}__{column.name}"


def _row(row: Model, user: User) -> dict[str, Any]:
    """The row's columns, without secrets and without other accounts; what it points to by name."""
    values: dict[str, Any] = {}
    for column in row._meta.concrete_fields:
        if column.name in _SECRET:
            continue
        if column.related_model is get_user_model():
            value = getattr(row, column.attname)
            values[column.name] = None if value is None or value != user.pk else "you"
        elif column.is_relation and getattr(row, column.attname) is not None:
            values[column.name] = _named(getattr(row, column.name))
        else:
            values[column.name] = (
                column.value_to_string(row) if _is_odd(column) else getattr(row, column.attname)
            )
    return values


def _named(record: Model) -> str | None:
    """What a row points to, by name; nothing of a paper that its reader may not see."""
    if isinstance(record, Paper) and record.state != Paper.State.PUBLIC:
        return None
    return str(record)


def _is_odd(column: Field) -> bool:
    """Columns whose Python value JSON does not know: files, ranges, bytes."""
    return column.get_internal_type() in {"FileField", "ImageField", "BinaryField"}


def _account(user: User) -> dict[str, Any]:
    kept = {name: getattr(user, name) for name in _ACCOUNT}
    return kept | {"role": role_of(user), "groups": [group.name for group in user.groups.all()]}


def _json(value: object) -> str:
    return json.dumps(value, cls=_Encoder, ensure_ascii=False, indent=2)


class _Encoder(DjangoJSONEncoder):
    """Anything else as text: an export never fails for an unusual column."""

    def default(self, o: object) -> object:
        try:
            return super().default(o)
        except TypeError:
            return str(o)
