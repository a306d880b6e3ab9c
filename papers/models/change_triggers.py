"""Database triggers that write the change sequence, so that no code path can forget it.

Others move `updated_at` of a paper whose authors, topics, findings or links change: feeds, OAI-PMH
and `updated_since` tell by it what is new.

One trigger function takes its question as an argument: a SELECT over the transition table
`changed` that gives paper ids. Triggers fire once a statement, so a bulk insert of thousands of
rows costs one insert. A line with paper id 0 means that everything may have changed.
"""

from __future__ import annotations

from dataclasses import dataclass

EVERYTHING = 0

_FUNCTION = """
CREATE OR REPLACE FUNCTION papers_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'INSERT INTO papers_paperchange (paper_id) SELECT DISTINCT found.id FROM ('
        || TG_ARGV[0] || ') AS found(id) WHERE found.id IS NOT NULL';
    RETURN NULL;
END $$;
"""

_TOUCH = """
CREATE OR REPLACE FUNCTION papers_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE papers_paper SET updated_at = clock_timestamp()
    WHERE id IN (SELECT paper_id FROM changed);
    RETURN NULL;
END $$;
"""
TOUCHING = (
    *("papers_authorship", "papers_papertopic", "papers_finding", "papers_paperlink"),
    "papers_papername",
)

_TRANSITION = {"INSERT": ("NEW",), "UPDATE": ("NEW", "OLD"), "DELETE": ("OLD",)}


@dataclass(frozen=True)
class Source:
    """A table whose rows a search shows, and how its changed rows lead to papers."""

    table: str
    papers: str
    events: tuple[str, ...] = ("INSERT", "UPDATE", "DELETE")


def of_paper(table: str) -> Source:
    """A table whose rows belong to one paper by a `paper_id` column."""
    return Source(table, "SELECT paper_id FROM changed")


SOURCES = (
    Source("papers_paper", "SELECT id FROM changed"),
    of_paper("papers_authorship"),
    of_paper("papers_papertopic"),
    of_paper("papers_finding"),
    of_paper("papers_paperlink"),
    of_paper("papers_papername"),
    of_paper("papers_acceptedpaper"),
    Source(
        "papers_venue",
        "SELECT p.id FROM papers_paper p JOIN changed c ON c.id = p.venue_id",
        ("UPDATE",),
    ),
    Source(
        "papers_person",
        "SELECT a.paper_id FROM papers_authorship a JOIN changed c ON c.id = a.person_id",
        ("UPDATE",),
    ),
    Source(
        "papers_personalias",
        "SELECT a.paper_id FROM papers_authorship a JOIN changed c ON c.person_id = a.person_id",
    ),
    Source(
        "papers_workshop",
        "SELECT a.paper_id FROM papers_acceptedpaper a JOIN changed c ON c.id = a.workshop_id",
        ("UPDATE",),
    ),
    Source(
        "taxonomy_topic",
        "SELECT pt.paper_id FROM papers_papertopic pt JOIN taxonomy_topic t ON t.id = pt.topic_id"
        " JOIN changed c ON t.path = c.path OR starts_with(t.path, c.path || '/')",
        ("UPDATE",),
    ),
)


def create_sql(sources: tuple[Source, ...] = SOURCES) -> str:
    """SQL that makes the function and the triggers; may be run again."""
    lines = [_FUNCTION]
    for source in sources:
        for event in source.events:
            lines += [_trigger(source, event, table) for table in _TRANSITION[event]]
    if any(source.table == "papers_paper" for source in sources):
        lines.append(
            "CREATE OR REPLACE TRIGGER note_papers_paper_truncate AFTER TRUNCATE ON papers_paper "
            f"FOR EACH STATEMENT EXECUTE FUNCTION papers_note_change('SELECT {EVERYTHING}');"
        )
    return "\n".join(lines)


def touch_sql() -> str:
    """SQL that makes papers move their `updated_at`; may be run again."""
    lines = [_TOUCH]
    for table in TOUCHING:
        for event, transitions in _TRANSITION.items():
            lines += [
                _after(event, table, transition, "touch", "papers_touch()")
                for transition in transitions
            ]
    return "\n".join(lines)


def _trigger(source: Source, event: str, transition: str) -> str:
    question = source.papers.replace("'", "''")
    return _after(event, source.table, transition, "note", f"papers_note_change('{question}')")


def _after(event: str, table: str, transition: str, name: str, call: str) -> str:
    return (
        f"CREATE OR REPLACE TRIGGER {name}_{table}_{event.lower()}_{transition.lower()} "
        f"AFTER {event} ON {table} REFERENCING {transition} TABLE AS changed "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {call};"
    )
