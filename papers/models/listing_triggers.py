"""Database triggers that say whom the index of people has to count anew, on whatever path rows
change.

They only add lines: a counter that each of them moved would make everybody who adds papers of the
same person wait for one another, or lock them out for good. A paper that becomes public or hidden
is noted as itself, and its authors are looked up when the line is read, so that one who is added at
the same moment by somebody else is not missed.
"""

from __future__ import annotations

from dataclasses import dataclass

EVERYBODY = 0

_FUNCTION = """
CREATE OR REPLACE FUNCTION papers_note_listing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'INSERT INTO papers_listingchange (person_id, paper_id) SELECT DISTINCT a, b FROM ('
        || TG_ARGV[0] || ') AS found(a, b) WHERE a IS NOT NULL OR b IS NOT NULL';
    RETURN NULL;
END $$;
"""


@dataclass(frozen=True)
class Source:
    """A table that the index shows something of.

    whom: person and paper of its rows `r`. seen: columns whose change shows.
    """

    table: str
    whom: str
    seen: tuple[str, ...]
    events: tuple[str, ...] = ("INSERT", "UPDATE", "DELETE")


SOURCES = (
    Source("papers_authorship", "r.person_id, NULL::bigint", ("person_id", "paper_id")),
    Source("papers_paper", "NULL::bigint, r.id", ("state",), ("UPDATE",)),
    Source("papers_person", "r.id, NULL::bigint", ("name", "curated", "merged_into_id")),
    Source("papers_personalias", "r.person_id, NULL::bigint", ("person_id", "name", "folded")),
    Source("papers_workshoprole", "r.person_id, NULL::bigint", ("person_id",)),
    Source("papers_acceptedauthor", "r.person_id, NULL::bigint", ("person_id",)),
    Source("papers_talk_speakers", "r.person_id, NULL::bigint", ("person_id",)),
)


def create_sql() -> str:
    """SQL that makes the function and the triggers; may be run again."""
    lines = [_FUNCTION]
    for source in SOURCES:
        lines += [_trigger(source, event) for event in source.events]
        lines.append(
            f"CREATE OR REPLACE TRIGGER listing_{source.table}_truncate AFTER TRUNCATE "
            f"ON {source.table} FOR EACH STATEMENT "
            f"EXECUTE FUNCTION papers_note_listing('SELECT {EVERYBODY}::bigint, NULL::bigint');"
        )
    return "\n".join(lines)


_TRANSITIONS = {
    "INSERT": "NEW TABLE AS now_there",
    "UPDATE": "OLD TABLE AS was_there NEW TABLE AS now_there",
    "DELETE": "OLD TABLE AS was_there",
}


def _trigger(source: Source, event: str) -> str:
    question = _question(source, event).replace("'", "''")
    return (
        f"CREATE OR REPLACE TRIGGER listing_{source.table}_{event.lower()} "
        f"AFTER {event} ON {source.table} REFERENCING {_TRANSITIONS[event]} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION papers_note_listing('{question}');"
    )


def _question(source: Source, event: str) -> str:
    if event != "UPDATE":
        rows = "now_there" if event == "INSERT" else "was_there"
        return f"SELECT {source.whom} FROM {rows} r"  # noqa: S608 - constants of this file
    both = (("now_there", "was_there"), ("was_there", "now_there"))
    return " UNION ALL ".join(
        f"SELECT {source.whom} FROM {rows} r WHERE NOT EXISTS "  # noqa: S608
        f"(SELECT FROM {others} o WHERE o.id = r.id AND {_same(source)})"
        for rows, others in both
    )


def _same(source: Source) -> str:
    return " AND ".join(f"o.{column} IS NOT DISTINCT FROM r.{column}" for column in source.seen)
