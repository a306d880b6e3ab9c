"""The blocks of a workshop's page: which fields each one holds. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.words import Words


@dataclass(frozen=True)
class Block:
    """A part of the page that is edited, drafted, scheduled and hidden as one.

    title: shown translated; as data, `title[:]`. fields: as the data files name them.
    may_hide: whether the page can do without it.
    wanted: fields without which the block says too little.
    """

    code: str
    title: Words
    fields: tuple[str, ...]
    wanted: tuple[str, ...] = ()
    may_hide: bool = True


BLOCKS = {
    block.code: block
    for block in (
        Block(
            "facts",
            Words("Name, day and place"),
            (
                *("name", "acronym", "edition", "year", "date", "timezone", "format"),
                *("host_conference", "location", "website", "contact", "status"),
            ),
            ("date", "timezone", "host_conference"),
            may_hide=False,
        ),
        Block(
            "overview", Words("Overview and topics"), ("summary", "topics", "links"), ("summary",)
        ),
        Block("dates", Words("Dates"), ("important_dates",), ("important_dates",)),
        Block(
            "call",
            Words("Call for papers"),
            ("submission_rules", "submission_portal", "awards"),
            ("submission_rules", "submission_portal"),
        ),
        Block("news", Words("News"), ("news",)),
        Block("people", Words("People"), ("people",), ("people",)),
        Block("programme", Words("Programme"), ("schedule",), ("schedule",)),
        Block("papers", Words("Accepted papers"), ("accepted_papers",), ("accepted_papers",)),
        Block("sponsors", Words("Sponsors"), ("sponsors",)),
        Block("competition", Words("Competition"), ("competition",)),
        Block("related", Words("Related venues"), ("related_venues",)),
    )
}


def empty(block: Block) -> dict[str, object]:
    """The block's fields with nothing in them."""
    dicts = {"submission_rules", "competition"}
    texts = {"summary", "submission_portal"}
    return {name: {} if name in dicts else "" if name in texts else [] for name in block.fields}


def missing(fields: Mapping[str, object]) -> list[Block]:
    """Blocks that lack what they are wanted for."""
    return [
        block for block in BLOCKS.values() if not all(fields.get(name) for name in block.wanted)
    ]
