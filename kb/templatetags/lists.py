"""Pieces of the pages of public lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from accounts.models import User
from community.members.profiles import shown_name
from papers.models import Person

register = template.Library()
_BAR, _TALLEST = 5, 14
"""Width and greatest height of a bar, in px."""


@register.filter
def heading(depth: int) -> str:
    """The element of a heading at a depth of sections: h2 for the first."""
    return f"h{min(depth + 1, 6)}"


@register.filter
def member_name(user: User | None) -> str:
    """How a page names a member."""
    return shown_name(user) if user else ""


@register.simple_tag
def presenter(name: str, people: Mapping[str, Person]) -> SafeString:
    """A printed name, leading to the person here who is printed so."""
    person = people.get(name)
    if person is None:
        return format_html("{}", name)
    return format_html('<a href="{}">{}</a>', person.get_absolute_url(), name)


@register.simple_tag
def year_bars(years: Sequence[tuple[int, int]], total: int) -> SafeString:
    """How many entries a section has, with tiny bars by year that are also said in words."""
    number = format_html('<span class="size">{}</span>', total)
    counts = [(year, count) for year, count in years if count]
    if len(counts) < 2:
        return number
    most = max(count for _, count in years)
    words = ", ".join(f"{year}: {count}" for year, count in counts)
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}"/>',
        (
            (place * _BAR, _TALLEST - height, _BAR - 1, height)
            for place, (_, count) in enumerate(years)
            if (height := max(1, round(_TALLEST * count / most)) if count else 0)
        ),
    )
    told = gettext("By year: {counts}").format(counts=words)
    return format_html(
        '{}<svg class="year-bars" role="img" aria-label="{}" width="{}" height="{}">'
        '{}</svg><span class="small quiet">{}–{}</span>',
        number, told, len(years) * _BAR, _TALLEST, bars, years[0][0], years[-1][0],
    )  # fmt: skip
