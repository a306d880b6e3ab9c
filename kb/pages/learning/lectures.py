"""The text of a topic as its page shows it: papers and methods as links, words explained."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts.models import Visitor
from accounts.words import Words
from kb.figures import Figure, figure_named
from kb.languages.offered import of_code
from kb.pages.learning.method_links import SectionLinks, method_names
from kb.pages.learning.terms import Linker, glossary
from papers.formats.citation import author_of
from papers.learning.prose import Words as Plain
from papers.learning.prose import cited_keys, pieces
from papers.models import Lecture
from papers.models.asked_often import AskedOften
from papers.search.plan import visible_states
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


class Cited(NamedTuple):
    """A paper that a text cites. names: of its authors as they are printed, in order."""

    key: str
    title: str
    year: int
    names: list[str]

    def get_absolute_url(self) -> str:
        return reverse("paper", args=[self.key])

    @property
    def short(self) -> str:
        """ "Huang et al. 2018": the paper in a sentence."""
        families = [author_of(name).family for name in self.names[:3]]
        if not families:
            return f"{self.title[:24]}… {self.year}"
        if len(families) == 2:
            return f"{families[0]} and {families[1]} {self.year}"
        return f"{families[0]}{' et al.' if len(families) > 2 else ''} {self.year}"


class Basis(NamedTuple):
    """What a text rests on beside itself.

    papers: those that it cites, by the keys by which it cites them. terms, methods: versions of the
    glossary and of the methods with their papers, another one for each state of their rows.
    """

    papers: dict[str, Cited]
    terms: str
    methods: str


_CITED = """
SELECT asked.key, p.key, p.title, p.year,
       ARRAY(SELECT printed_name FROM papers_authorship WHERE paper_id = p.id ORDER BY position)
FROM unnest(%(keys)s::text[]) AS asked(key)
LEFT JOIN papers_oldkey moved ON moved.key = asked.key
JOIN papers_paper p ON p.key = asked.key OR p.id = moved.paper_id
WHERE %(states)s::text[] IS NULL OR p.state = ANY(%(states)s)
ORDER BY asked.key, p.key = asked.key
"""
# A version of a row is told from every other by who wrote it (xmin, cmin).
_VERSIONS = """
SELECT (SELECT sum(hashtextextended(concat_ws('.', id, xmin, cmin), 0)) FROM papers_term)::text,
       concat_ws(' ',
       (SELECT sum(hashtextextended(concat_ws('.', id, xmin, cmin), 0)) FROM papers_method),
       (SELECT sum(hashtextextended(concat_ws('.', m.id, m.xmin, m.cmin, p.key, p.state), 0))
        FROM papers_methodpaper m JOIN papers_paper p ON p.id = m.paper_id))
"""


_TEXTS: AskedOften[Lecture] = AskedOften(lambda pk: Lecture.objects.filter(topic=pk))


def text_of(topic: Topic) -> Lecture | None:
    """The text of `topic` as it is kept; None without one. One query."""
    return _TEXTS.first(topic.pk)


def read_of(lecture: Lecture, user: Visitor) -> tuple[tuple[object, ...], Basis]:
    """All that `shown` shows of the data: the values of the text and its basis. Two queries."""
    states = visible_states(user)
    asked = {"keys": sorted(_keys(lecture)), "states": None if states is None else list(states)}
    with connection.cursor() as cursor:
        cursor.execute(_CITED, asked)
        # A paper that bears the key comes behind one that was merged away under it.
        papers = {key: Cited(*row) for key, *row in cursor.fetchall()}
        cursor.execute(_VERSIONS)
        terms, methods = cursor.fetchone()
    own = tuple(getattr(lecture, one.attname) for one in lecture._meta.concrete_fields)
    return own, Basis(papers, terms or "", methods)


def shown(lecture: Lecture, basis: Basis, user: Visitor, language: str = "") -> ShownLecture:
    """The text for this reader; where words or methods have changed, in two queries.

    language: one of LANGUAGES; anything else is that of the page.
    """
    has_zh = any(part.get("zh") for part in lecture.paragraphs)
    own = of_code(get_language() or "").prefix
    preferred = language if language in LANGUAGES else own
    chosen = preferred if preferred in LANGUAGES and has_zh else "en"
    papers = basis.papers
    linkers = {name: Linker(glossary(basis.terms, name)) for name in ("en", "zh")}
    names = method_names(basis.methods, user)

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


def prose(text: str, linker: Linker, papers: dict[str, Cited], methods: SectionLinks) -> SafeString:
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


def _citation(paper: Cited, methods: SectionLinks) -> SafeString:
    """ "MSDNet, Huang et al. 2018": the name that people know it by, and the paper."""
    link = format_html(
        '<a href="{}" title="{}">{}</a>', paper.get_absolute_url(), paper.title, paper.short
    )
    method = methods.of_paper(paper.key)
    return format_html("{}, {}", method, link) if method else link


__all__ = [
    "LANGUAGES",
    "Basis",
    "Cited",
    "ShownLecture",
    "prose",
    "read_of",
    "shown",
    "text_of",
]
