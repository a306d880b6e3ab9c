"""The groups of accounts with their permissions, and the scopes of the API's tokens, as words."""

from __future__ import annotations

CURATE = "papers.curate"
MODERATE = "papers.moderate"
# The groups that every database has, and the permissions of each (app.codename).
GROUPS: dict[str, tuple[str, ...]] = {
    "curators": (
        CURATE,
        "papers.add_paper",
        "papers.change_paper",
        "papers.change_person",
        "reproductions.add_run",
    ),
    "moderators": (MODERATE,),
}
# What a token of the API may be allowed; none of them gives more than its owner's role.
SCOPES = ("read", "contribute", "run", "curate", "moderate", "admin")


def scope_of(permission: str) -> str:
    """The scope that a token needs before its owner's permission counts."""
    if permission in GROUPS["moderators"]:
        return "moderate"
    return "curate" if permission in GROUPS["curators"] else "admin"
