"""What a text can cite: `[[number:…]]` of the ledger, `[[run:45]]`, `[[table:2]]` of the paper.

A number is named by its id or slug and must belong to the paper that the text is about; a table is
known when the ledger holds a number of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from papers.models import Paper
from reproductions.ledger.wording import unit_text
from reproductions.models import Claim, PublishedNumber, Run

SYNTAX = re.compile(r"\[\[(number|run|table):\s*([\w-]{1,100})\s*\]\]")
_TABLE = re.compile(r"\bTable\s*([A-Z]?\d+[a-z]?)\b", re.IGNORECASE)
MOST_OFFERED = 20


@dataclass(frozen=True)
class Link:
    """Where a cite leads, and how it reads."""

    label: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class Offer:
    """Something that can be cited: the text to write, and what it stands for."""

    text: str
    label: str


class Cited:
    """Links of the cites in some texts, by paper, kind and name. Missing ones are not in it."""

    def __init__(self, links: Mapping[tuple[int, str, str], Link]) -> None:
        self._links = dict(links)

    def link(self, paper_id: int, kind: str, name: str) -> Link | None:
        return self._links.get((0 if kind == "run" else paper_id, kind, name.casefold()))


def cites_in(text: str) -> set[tuple[str, str]]:
    """Kind and name of every cite, also of those inside code (which are not shown as links)."""
    return {(kind, name.casefold()) for kind, name in SYNTAX.findall(text)}


def resolve(texts: Iterable[tuple[int, str]]) -> Cited:
    """Find what the texts cite, each with the id of its paper; at most three queries."""
    wanted: dict[str, set[tuple[int, str]]] = {"number": set(), "run": set(), "table": set()}
    for paper_id, text in texts:
        for kind, name in cites_in(text):
            wanted[kind].add((paper_id, name))
    links: dict[tuple[int, str, str], Link] = {}
    if wanted["number"] or wanted["table"]:
        links |= _numbers_and_tables(wanted["number"], wanted["table"])
    if pks := {int(name) for _, name in wanted["run"] if name.isdecimal() and len(name) < 18}:
        for run in Run.objects.visible_to().filter(pk__in=pks):
            detail = f"{run.program}, {run.scale}, seed {run.seed}: {run.get_state_display()}"
            links[0, "run", str(run.pk)] = Link(f"run {run.pk}", run.get_absolute_url(), detail)
    return Cited(links)


def missing(paper: Paper, texts: Iterable[str]) -> list[str]:
    """What the texts cite that does not exist here, as written."""
    texts = list(texts)
    cited = resolve((paper.pk, text) for text in texts)
    wanted = sorted({cite for text in texts for cite in cites_in(text)})
    return [
        f"[[{kind}:{name}]]" for kind, name in wanted if cited.link(paper.pk, kind, name) is None
    ]


def offers(paper: Paper, typed: str = "") -> list[Offer]:
    """What a text about the paper can cite; `typed` narrows it."""
    numbers = list(PublishedNumber.objects.visible_to().filter(paper=paper))
    programs = Claim.objects.filter(withdrawn_at=None, number__in=numbers).values("program")
    runs = Run.objects.visible_to().finished().filter(program__in=programs)[:MOST_OFFERED]
    tables = sorted({match[1] for number in numbers if (match := _TABLE.search(number.table))})
    choices = [
        Offer(f"[[table:{name}]]", gettext("Table {name} of the paper").format(name=name))
        for name in tables
    ]
    choices += [Offer(f"[[number:{number.slug}]]", _number_label(number)) for number in numbers]
    choices += [Offer(f"[[run:{run.pk}]]", f"{run.program}, {run.scale}") for run in runs]
    words = typed.casefold().split()
    fits = [
        offer
        for offer in choices
        if all(w in f"{offer.text} {offer.label}".casefold() for w in words)
    ]
    return fits[:MOST_OFFERED]


def _numbers_and_tables(
    numbers: set[tuple[int, str]], tables: set[tuple[int, str]]
) -> dict[tuple[int, str, str], Link]:
    papers = {paper for paper, _ in numbers | tables}
    links = {}
    rows = PublishedNumber.objects.visible_to().filter(paper__in=papers).select_related("paper")
    for row in rows:
        for name in (str(row.pk), row.slug.casefold()):
            if (row.paper_id, name) in numbers:
                link = Link(_number_label(row), row.get_absolute_url(), row.get_state_display())
                links[row.paper_id, "number", name] = link
        table = _TABLE.search(row.table)
        if table and (row.paper_id, table[1].casefold()) in tables:
            url = f"{reverse('numbers')}?paper={row.paper.key}"
            link = Link(
                gettext("Table {name}").format(name=table[1]),
                url,
                gettext("numbers of this table in the ledger"),
            )
            links[row.paper_id, "table", table[1].casefold()] = link
    return links


def _number_label(number: PublishedNumber) -> str:
    value = f"{number.printed} {unit_text(number.unit)}".strip()
    return f"{number.setting}, {number.metric}: {value}"
