"""Why nothing was found: no paper is of the years that were asked for."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Max, Min, Q

from accounts.models import Visitor
from papers.models import Paper
from papers.search.language.clauses import Range, Years, describe_years
from papers.search.language.query import PaperQuery


def nobody_has(query: PaperQuery, user: Visitor) -> str:
    """A sentence where no paper that `user` may see is of the years asked for; else empty."""
    papers = Paper.objects.visible_to(user)
    for ranges in _asked(query):
        if papers.filter(_any_of(ranges)).exists():
            continue
        ends = papers.aggregate(first=Min("year"), last=Max("year"))
        if ends["first"] is None:
            return ""
        years = " or ".join(describe_years(*ends) for ends in ranges)
        held = f"the earliest is of {ends['first']}, the latest of {ends['last']}"
        sentence = f"No paper here is of the year{_plural(ranges)} {years}; {held}."
        number = query.q.strip()
        if number.isdigit():
            sentence += f' To look for the number in texts, write "{number}" in quotation marks.'
        return sentence
    return ""


def _asked(query: PaperQuery) -> Iterator[tuple[Range, ...]]:
    """Every condition on years: of each, one of the ranges must hold."""
    for clause in query.clauses:
        if isinstance(clause, Years):
            yield clause.ranges
    if query.has_years:
        yield ((query.year_from, query.year_to),)


def _any_of(ranges: tuple[Range, ...]) -> Q:
    either = Q()
    for first, last in ranges:
        lower = Q(year__gte=first) if first is not None else Q()
        upper = Q(year__lte=last) if last is not None else Q()
        either |= lower & upper
    return either


def _plural(ranges: tuple[Range, ...]) -> str:
    one_year = len(ranges) == 1 and ranges[0][0] == ranges[0][1]
    return "" if one_year else "s"
