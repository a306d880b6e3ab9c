"""What headings and lines between them mean in a list, and rows of tables made whole. Pure."""

from __future__ import annotations

import re

from community.list_files.shapes import Kind
from papers.names import fold

COUNTS = re.compile(
    r"^\(?num\)?\b.*=|^\d+ papers? (?:are|is) included|^number of papers|共\s*\d+\s*篇|"
    r"^last updated?:|^更新",
    re.IGNORECASE,
)
_ROLES = {
    Kind.BOOK: ("book", "books", "书", "书籍", "textbooks", "专著"),
    Kind.PERSON: (
        *("people lab", "people labs", "people", "labs", "lab", "researchers", "people and lab"),
        *("people and labs", "groups", "研究者", "实验室", "人物", "research groups"),
    ),
    Kind.COURSE: ("course", "courses", "课程"),
    Kind.VENUE: ("conference", "conferences", "journals", "venues", "会议", "conferences journals"),
    Kind.ORGANISATION: (
        "company",
        "companies",
        "industry",
        "公司",
        "organisations",
        "organizations",
    ),
}
BY_HEADING = {fold(name): kind for kind, names in _ROLES.items() for name in names}
TEXT_SECTIONS = {
    *(
        "contents",
        "table of contents",
        "目录",
        "content",
        "contributing",
        "contribution",
        "contact",
    ),
    *("contributions", "citation", "citing this post", "acknowledgments", "acknowledgements"),
    *("license", "star history", "how to contribute", "introduction", "about", "background"),
    *("paper format", "goal", "categories", "metrics"),
}


def folded_heading(text: str) -> str:
    return fold(text.replace("&", " ").replace("/", " "))


def with_whole_rows(text: str) -> tuple[str, list[int]]:
    """Rows of tables that were broken over two lines, made whole; and the lines that vanished.

    Numbers are those of the new lines behind which one is missing, from 1, in ascending order.
    """
    lines: list[str] = []
    joined: list[int] = []
    for line in text.split("\n"):
        before = lines[-1] if lines else ""
        is_open = before.lstrip().startswith("|") and not before.rstrip().endswith("|")
        is_rest = line.rstrip().endswith("|") and not line.lstrip().startswith("|")
        if is_open and is_rest:
            lines[-1] = f"{before.rstrip()} {line.strip()}"
            joined.append(len(lines))
        else:
            lines.append(line)
    return "\n".join(lines), joined
