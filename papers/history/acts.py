"""Telling the history who acts and why.

Pages and the API get account and address from the middleware; whoever knows more (a reason, the
correction that is accepted, the command that runs) says so around what it does.
"""

from __future__ import annotations

from typing import Any

import pghistory
import pgtrigger
from django.db import connection

from accounts.models import User
from papers.models import TRACKED


def act(*, by: User | None = None, **why: Any) -> pghistory.context:
    """All changes inside belong to one act. by: the account. why: `reason`, `command`, and such.

    Inside another act it only adds to what is known of that one.
    """
    known = {name: value for name, value in why.items() if value not in (None, "")}
    if by is not None and getattr(by, "pk", None):
        known["user"] = by.pk
    return pghistory.context(**known)


def first_load() -> None:
    """Until the transaction ends, no event is written of new rows: an empty base has no past.

    Told to the database once; `pgtrigger.ignore` would tell it with every statement.
    """
    names = [f"{model._meta.label}:insert_insert" for model in TRACKED]
    triggers = [trigger.get_pgid(model) for model, trigger in pgtrigger.registered(*names)]
    with connection.cursor() as cursor:
        value = "{" + ",".join(triggers) + "}"
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [value])
