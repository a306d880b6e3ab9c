"""The other peer of `benchmarks.load`: Datasette over the public papers, with FTS5.

    DATABASE_URL=… python -m benchmarks.peer_datasette papers.db
    datasette serve papers.db --port 8002        # from an environment of its own

One table with the columns of a list, searched over title and abstract. What came before in the
file is replaced.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

_TABLES = """
CREATE TABLE papers (key TEXT PRIMARY KEY, title TEXT, authors TEXT, year INTEGER, abstract TEXT);
CREATE VIRTUAL TABLE papers_fts USING fts5(title, abstract, content='papers');
"""


def write(file: Path) -> int:
    """Write the public papers; returns how many."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
    django.setup()
    from papers.models import Paper

    papers = Paper.objects.visible_to(None).prefetch_related("authorships")
    rows = [
        (
            paper.key,
            paper.title,
            ", ".join(author.printed_name for author in paper.authorships.all()),
            paper.year,
            paper.abstract,
        )
        for paper in papers
    ]
    file.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as database, database:
        database.executescript(_TABLES)
        database.executemany("INSERT INTO papers VALUES (?, ?, ?, ?, ?)", rows)
        database.execute("INSERT INTO papers_fts(papers_fts) VALUES ('rebuild')")
    return len(rows)


if __name__ == "__main__":
    print(f"{write(Path(sys.argv[1])):,} papers")
