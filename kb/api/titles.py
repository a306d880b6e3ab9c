"""What each address of the API is called, in the language of the reader: “Papers: list”.

Made of the words of its path, so that a new address needs a title only where it brings a new word.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from django.conf import settings
from django.utils.translation import override, pgettext

from accounts.words import Words


class Operation(Protocol):
    """What has a title: a method at a path."""

    @property
    def method(self) -> str: ...

    @property
    def path(self) -> str: ...


RESOURCES = {
    "": Words("The API"),
    "books": Words("Books"),
    "claims": Words("Claims of people"),
    "compare": Words("Accuracy against cost"),
    "corrections": Words("Corrections"),
    "courses": Words("Courses"),
    "disagreements": Words("Disagreements"),
    "documents": Words("Documents"),
    "follows": Words("Follows"),
    "glossary": Words("Glossary"),
    "hand-ins": Words("Records handed in"),
    "history": Words("History"),
    "inbox": Words("Inbox"),
    "labs": Words("Labs"),
    "lists": Words("Reading lists"),
    "marks": Words("Marks"),
    "me": Words("Your account"),
    "methods": Words("Methods"),
    "moderation": Words("Moderation"),
    "numbers": Words("Published numbers"),
    "organisations": Words("Organisations"),
    "papers": Words("Papers"),
    "paths": Words("Reading paths"),
    "people": Words("People"),
    "public-lists": Words("Public lists"),
    "replies": Words("Replies to reviews"),
    "reports": Words("Reports"),
    "reviews": Words("Reviews"),
    "runners": Words("Runners"),
    "runs": Words("Runs"),
    "sources": Words("Sources"),
    "tables": Words("Survey tables"),
    "timeline": Words("Timeline"),
    "tokens": Words("Tokens"),
    "topics": Words("Topics"),
    "venues": Words("Venues"),
    "videos": Words("Videos"),
    "waiting": Words("Waiting works"),
    "workshops": Words("Workshops"),
}
"""By the first word of a path."""

WITHIN = {
    "appeal": Words("appeal"),
    "ask": Words("ask now"),
    "batch": Words("by many identifiers"),
    "blocks": Words("parts of the page"),
    "cancel": Words("cancel"),
    "decision": Words("decide"),
    "decisions": Words("decide on many"),
    "entries": Words("its entries"),
    "forms": Words("forms"),
    "give-back": Words("give back"),
    "gone": Words("gone"),
    "helpful": Words("helpful"),
    "imports": Words("import files"),
    "lines": Words("log lines"),
    "log": Words("reading log"),
    "name": Words("its account"),
    "record": Words("hand in a record"),
    "references": Words("formatted references"),
    "replies": Words("replies"),
    "restore": Words("undo the withdrawal"),
    "retire": Words("retire"),
    "sections": Words("sections"),
    "submit": Words("hand in"),
    "suggestions": Words("suggestions"),
    "take": Words("take a run"),
    "undo": Words("undo"),
    "versions": Words("earlier texts"),
    "withdraw": Words("withdraw"),
    "yours": Words("your own"),
}
"""By the last word of a path behind the first."""

LIST, ONE, ALONE = Words("the list"), Words("one of them"), Words("read it")
DOES = {
    "POST": Words("add"),
    "PATCH": Words("change"),
    "PUT": Words("set"),
    "DELETE": Words("take away"),
}
HANDED_OVER = frozenset(
    {"entries", "sections", "suggestions", "log", "replies", "blocks", "helpful"}
)
"""Words within that name things, of which it must be said what is done to them."""


def title(method: str, path: str) -> str:
    """The title of an operation. Raises KeyError for a path of words that have no name here."""
    parts = [part for part in path.removeprefix("/api/v1/").split("/") if part]
    resource, *rest = parts or [""]
    words = [part for part in rest if not part.startswith("{")]
    within = words[-1] if words else ""
    said = [str(WITHIN[within])] if within else []
    if not within or within in HANDED_OVER:
        said.append(str(_done(method, parts)))
    return str(RESOURCES[resource]) + colon() + pgettext("parts of a name", ", ").join(said)


def colon() -> str:
    """What stands between a resource and what is done with it."""
    return pgettext("between a name and what is told of it", ": ")


def _done(method: str, parts: list[str]) -> str:
    """What an operation does: reading one or all, or what its method says; sending to one record
    is a decision about it."""
    to_one = bool(parts) and parts[-1].startswith("{")
    if method == "GET":
        if parts[-1:] in ([], ["me"], ["helpful"]):
            return ALONE
        return ONE if to_one and parts[0] != "history" else LIST
    return WITHIN["decision"] if method == "POST" and to_one else DOES[method]


def with_titles(result: dict[str, Any], **others: Any) -> dict[str, Any]:
    """The OpenAPI description with a summary for each operation, as drf-spectacular's hooks are."""
    with override(settings.LANGUAGE_CODE):
        for path, methods in result["paths"].items():
            for method, described in methods.items():
                described["summary"] = title(method.upper(), path)
    return result


def in_groups(operations: Iterable[Operation]) -> list[tuple[str, list[tuple[str, Operation]]]]:
    """Operations by their resource, each with what it does, for an index."""
    groups: dict[str, list[tuple[str, Operation]]] = {}
    for operation in operations:
        resource, does = title(operation.method, operation.path).split(colon(), 1)
        groups.setdefault(resource, []).append((does, operation))
    return list(groups.items())
