"""What a paper can have: the values of `has:`. Upper floors add theirs when the site starts."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from accounts.words import Words
from papers.models import AcceptedPaper, Finding, Paper, PaperLink, PaperTopic

PapersWith = Callable[[Collection[int]], set[int]]


@dataclass(frozen=True)
class Flag:
    """`papers(ids)` gives those of the paper ids that have it."""

    name: str
    label: str
    papers: PapersWith


_KNOWN: dict[str, Flag] = {}


def register(name: str, *, label: str, papers: PapersWith) -> None:
    """Let `has:name` be asked. The tables behind it must have triggers: see
    papers.models.change_triggers."""
    _KNOWN[name] = Flag(name, label, papers)


def known() -> dict[str, Flag]:
    """All that can be asked for, by name."""
    return dict(_KNOWN)


def of_papers(ids: Collection[int]) -> dict[int, list[str]]:
    """What each of the papers has, in the order of registration."""
    names: dict[int, list[str]] = {pk: [] for pk in ids}
    for flag in _KNOWN.values():
        for pk in flag.papers(ids):
            names[pk].append(flag.name)
    return names


def _with_code(ids: Collection[int]) -> set[int]:
    links = PaperLink.objects.filter(paper__in=ids, kind=PaperLink.Kind.CODE)
    return set(links.values_list("paper", flat=True))


def _with_summary(ids: Collection[int]) -> set[int]:
    return set(Paper.objects.filter(pk__in=ids).exclude(tldr="").values_list("pk", flat=True))


def _with_abstract(ids: Collection[int]) -> set[int]:
    return set(Paper.objects.filter(pk__in=ids).exclude(abstract="").values_list("pk", flat=True))


def _with_findings(ids: Collection[int]) -> set[int]:
    return set(Finding.objects.filter(paper__in=ids).values_list("paper", flat=True))


def _with_award(ids: Collection[int]) -> set[int]:
    return set(Paper.objects.filter(pk__in=ids).exclude(awards=[]).values_list("pk", flat=True))


def _with_workshop(ids: Collection[int]) -> set[int]:
    accepted = AcceptedPaper.objects.filter(paper__in=ids)
    return {pk for pk in accepted.values_list("paper", flat=True) if pk is not None}


def _with_doi(ids: Collection[int]) -> set[int]:
    return set(Paper.objects.filter(pk__in=ids).exclude(doi=None).values_list("pk", flat=True))


def _with_doubt(ids: Collection[int]) -> set[int]:
    return set(
        Paper.objects.filter(pk__in=ids).exclude(unconfirmed=[]).values_list("pk", flat=True)
    )


def _with_suggestion(ids: Collection[int]) -> set[int]:
    placed = PaperTopic.objects.filter(paper__in=ids, origin=PaperTopic.Origin.MACHINE)
    return set(placed.values_list("paper", flat=True))


def _with_topic(ids: Collection[int]) -> set[int]:
    return set(PaperTopic.objects.filter(paper__in=ids).values_list("paper", flat=True))


register("code", label=Words("code"), papers=_with_code)
register("summary", label=Words("a summary"), papers=_with_summary)
register("findings", label=Words("findings"), papers=_with_findings)
register("abstract", label=Words("an abstract"), papers=_with_abstract)
register("award", label=Words("an award"), papers=_with_award)
register("workshop", label=Words("a workshop appearance"), papers=_with_workshop)
register("doi", label=Words("a DOI"), papers=_with_doi)
register("doubt", label=Words("something unconfirmed"), papers=_with_doubt)
register("suggestion", label=Words("a topic that a machine suggests"), papers=_with_suggestion)
register("topic", label=Words("a topic"), papers=_with_topic)
