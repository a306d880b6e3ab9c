"""Corrections that come of what members sent. The floor above makes them, and says so here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accounts.models import User
from papers.models import Paper

Propose = Callable[[Paper, User, dict[str, Any], str], int | None]
"""(paper, sender, new values of fields, source) -> number of the correction, None if refused."""

_makers: list[Propose] = []


def register(propose: Propose) -> None:
    """Let `propose` make the corrections."""
    _makers[:] = [propose]


def propose(paper: Paper, *, by: User, fields: dict[str, Any], source: str) -> int | None:
    """Propose to fill fields of a public record; None when no correction could be made of it."""
    return _makers[0](paper, by, fields, source) if _makers and fields else None
