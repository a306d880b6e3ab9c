"""The text of a topic as its page shows it: papers and methods as links, words explained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts.models import Visitor
from accounts.words import Words
from kb.figures import Figure, figure_named
from kb.languages.offered import of_code
from kb.pages.learning.method_links import SectionLinks, method_names
from kb.pages.learning.terms import Linker
from papers.formats.citation import author_of
from papers.learning.prose import Words as Plain
from papers.learning.prose import cited_keys, pieces
from papers.models import Lecture, OldKey, Paper, Term
from papers.models.read_along import read_along
from taxonomy.models import Topic

LANGUAGES = ("en", "zh", "both")
UNCONFIRMED = {
    "misconceptions": Words("the misconceptions"),
    "open_questions": Words("the open questions"),
    "hardware": Words("the note on hardware"),
    "read_five": Words("the choice of readings"),
}
"""Parts of a text that may rest on no paper here, in words."""


@dataclass(frozen=True)
class Part:
    """A paragraph with its heading, in both languages; the Chinese may be empty."""

    anchor: str
    title: str
    title_zh: str
    text: SafeString
    zh: SafeString


@dataclass
class ShownLecture:
    """Everything the page says of a topic before its papers."""

    lecture: Lecture
    parts: list[Part]
    five: list[dict[str, Any]]
    figure: Figure | None
    language: str
    has_zh: bool
    doubts: list[str] = field(default_factory=list)

    @property
    def by_machine(self) -> bool:
        return self.lecture.by == "machine"


_AROUND = """
SELECT (SELECT array_agg(concat_ws('.', p.id, p.xmin, p.cmin, p.state,
            (SELECT sum(hashtextextended(concat_ws('.', id, xmin, cmin), 0))
             FROM papers_authorship WHERE paper_id = p.id)) ORDER BY p.id)
        FROM papers_paper p WHERE p.key = ANY(%(keys)s)
            OR p.id IN (SELECT paper_id FROM papers_oldkey WHERE key = ANY(%(keys)s))),
       (SELECT array_agg(concat_ws('.', key, paper_id) ORDER BY id)
        FROM papers_oldkey WHERE key = ANY(%(keys)s)),
       (SELECT sum(hashtextextended(concat_ws('.', id, xmin, cmin), 0)) FROM papers_term),
       (SELECT sum(hashtextextended(concat_ws('.', id, xmin, cmin), 0)) FROM papers_method),
       (SELECT sum(hashtextextended(concat_ws('.', m.id, m.xmin, m.cmin, p.key, p.state), 0))
        FROM papers_methodpaper m JOIN papers_paper p ON p.id = m.paper_id)
"""


def text_of(topic: Topic) -> Lecture | None:
    """The text of `topic` as it is kept; None without one. One query."""
    return Lecture.objects.filter(topic=topic).first()


def read_of(lecture: Lecture) -> tuple[object, ...]:
    """The text, and another value for each state of all rows that `shown` reads for it; one query.

    Those are the papers that it cites and their authors, all words of the glossary and all methods.
    A version of a row is told from every other by who wrote it (xmin, cmin).
    """
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, {"keys": list(_keys(lecture))})
        around = cursor.fetchone()
    return (*(getattr(lecture, one.attname) for one in lecture._meta.concrete_fields), *around)


def shown(lecture: Lecture, user: Visitor, language: str = "") -> ShownLecture:
    """The text for this reader, in three queries.

    language: one of LANGUAGES; anything else is that of the page.
    """
    has_zh = any(part.get("zh") for part in lecture.paragraphs)
    own = of_code(get_language() or "").prefix
    preferred = language if language in LANGUAGES else own
    chosen = preferred if preferred in LANGUAGES and has_zh else "en"
    papers = cited_papers(_keys(lecture), user)
    terms = list(Term.objects.all())
    linkers = {name: Linker(terms, name) for name in ("en", "zh")}
    names = method_names(user)

    def section(part: dict[str, str], name: str, language: str) -> SafeString:
        text = part.get(name) or ""
        methods = names.section(cited_keys(text))
        return prose(text, linkers[language], papers, methods)

    return ShownLecture(
        lecture=lecture,
        parts=[
            Part(
                anchor=f"text-{place}",
                title=part["title"],
                title_zh=part.get("title_zh") or "",
                text=section(part, "text", "en") if chosen != "zh" else _NOTHING,
                zh=section(part, "zh", "zh") if chosen != "en" else _NOTHING,
            )
            for place, part in enumerate(lecture.paragraphs, 1)
        ],
        five=[
            entry | {"record": papers[entry["paper"]]}
            for entry in lecture.read_five
            if entry["paper"] in papers
        ],
        figure=figure_named(lecture.figure),
        language=chosen,
        has_zh=has_zh,
        doubts=[UNCONFIRMED[name] for name in lecture.unconfirmed if name in UNCONFIRMED],
    )


_NOTHING = mark_safe("")


def _keys(lecture: Lecture) -> set[str]:
    texts = [part.get(name) or "" for part in lecture.paragraphs for name in ("text", "zh")]
    cited = {key for text in texts for key in cited_keys(text)}
    return cited | {entry["paper"] for entry in lecture.read_five}


def cited_papers(keys: Iterable[str], user: Visitor) -> dict[str, Paper]:
    """The papers behind the keys that this reader may see; a merged one under its old key too."""
    wanted = set(keys)
    visible = read_along(Paper.objects.visible_to(user), "authorships")
    papers = {paper.key: paper for paper in visible.filter(key__in=wanted)}
    if missing := wanted - papers.keys():
        moved = dict(OldKey.objects.filter(key__in=missing).values_list("key", "paper_id"))
        by_id = visible.in_bulk(moved.values()) if moved else {}
        papers |= {key: by_id[pk] for key, pk in moved.items() if pk in by_id}
    return papers


def prose(text: str, linker: Linker, papers: dict[str, Paper], methods: SectionLinks) -> SafeString:
    """A paragraph as HTML. A citation of a paper that the reader may not see is left out."""
    out: list[SafeString] = []
    for piece in pieces(text):
        if isinstance(piece, Plain):
            out += [
                words if isinstance(words, SafeString) else linker.linked_text(words)
                for words in methods.parts(piece.text)
            ]
            continue
        cited = [_citation(papers[key], methods) for key in piece.keys if key in papers]
        if cited:
            joined = format_html_join("; ", "{}", ((link,) for link in cited))
            out.append(format_html(' <span class="cite">({})</span>', joined))
    return mark_safe("".join(out))  # noqa: S308 (each part is escaped)


def _citation(paper: Paper, methods: SectionLinks) -> SafeString:
    """ "MSDNet, Huang et al. 2018": the name that people know it by, and the paper."""
    link = format_html(
        '<a href="{}" title="{}">{}</a>', paper.get_absolute_url(), paper.title, short(paper)
    )
    method = methods.of_paper(paper.key)
    return format_html("{}, {}", method, link) if method else link


def short(paper: Paper) -> str:
    """ "Huang et al. 2018": the paper in a sentence."""
    families = [author_of(row.printed_name).family for row in paper.authorships.all()]
    if not families:
        return f"{paper.title[:24]}… {paper.year}"
    if len(families) == 2:
        return f"{families[0]} and {families[1]} {paper.year}"
    return f"{families[0]}{' et al.' if len(families) > 2 else ''} {paper.year}"


__all__ = [
    "LANGUAGES",
    "ShownLecture",
    "cited_papers",
    "prose",
    "read_of",
    "short",
    "shown",
    "text_of",
]
