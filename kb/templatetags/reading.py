"""Small pieces of pages: marks of the axes, bars, charts of years, byline of a paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from accounts.models import User
from accounts.words import Words
from community.members.profiles import shown_name
from kb.languages.offered import of_code
from kb.templatetags.saying import as_written, beside, told
from papers.formats.coins import title_attribute
from papers.history.wording import Piece, in_repository, source_in_words
from papers.models import Authorship, Paper
from papers.search.facets import Option
from papers.workshops.placeholders import is_placeholder
from taxonomy.models import AXIS_OF_ROOT, Topic

register = template.Library()


@register.simple_tag(takes_context=True)
def page_at(context: Mapping[str, Any], name: str, number: int) -> str:
    """The address of another page of a list: the query of this page with one parameter changed."""
    query = context["request"].GET.copy()
    query[name] = str(number)
    return f"?{query.urlencode()}"


@register.simple_tag
def unsettled(text: str) -> SafeString:
    """A mark behind words that stand where something is still to come; nothing behind others."""
    if not text or not is_placeholder(text):
        return mark_safe("")
    return format_html('<span class="tag warn">{}</span>', gettext("to be announced"))


@register.simple_tag(takes_context=True)
def coins(context: Mapping[str, Any], paper: Paper) -> SafeString:
    """The paper for reference managers, which offer to save all papers of a list at once.

    Both as COinS and as the identifier under which unAPI gives the whole record; on a page that a
    long question fills already the identifier alone. Holds nothing to see or to hear.
    """
    request = context["request"]
    if getattr(context.get("query"), "is_packed", False):
        return format_html('<abbr class="unapi-id" title="{}" hidden></abbr>', paper.key)
    title = title_attribute(paper, f"{request.scheme}://{request.get_host()}")
    return format_html(
        '<span class="Z3988" title="{}" aria-hidden="true"></span>'
        '<abbr class="unapi-id" title="{}" hidden></abbr>',
        title,
        paper.key,
    )


@register.simple_tag
def language_tag() -> str:
    """The language of the page, as `lang` names it: `en`, `zh-Hans`."""
    return of_code(get_language() or "").tag


@register.filter
def axis(topic: Topic | str) -> str:
    """CSS class that carries the hue and shape of a topic's axis."""
    return f"axis-{topic.axis if isinstance(topic, Topic) else topic}"


@register.filter
def axis_of_root(root: str) -> str:
    """The same, from the slug of a root."""
    return f"axis-{AXIS_OF_ROOT.get(root, Topic.Axis.FACET)}"


@register.simple_tag
def facet_options(
    options: Sequence[Option], total: int = 0, as_buttons: bool = False
) -> SafeString:
    """List items of a facet's options. total: what their bars are parts of; without it no bars.
    as_buttons: of the page's form `change`, where links would repeat a long question.

    There are two hundred on a page, so they are put together here and not by a template each.
    """
    form = _BUTTON if as_buttons else _OPTION
    drawn = (form.format(*_option_parts(option, total, as_buttons)) for option in options)
    return mark_safe("\n".join(drawn))  # noqa: S308 - the parts are escaped


_INSIDE = '<span>\n{}\n{}\n</span>\n<span class="count">{}</span>\n{}\n'
_OPTION = f'<li class="{{}}{{}}">\n<a href="?{{}}"{{}}>\n{_INSIDE}</a>\n</li>'
_BUTTON = (
    '<li class="{}{}">\n<button form="change" name="change" value="{}"{}>\n'
    f"{_INSIDE}</button>\n</li>"
)


def _option_parts(option: Option, total: int, as_buttons: bool) -> tuple[str, ...]:
    """What stands in the places of an option, escaped."""
    is_named_twice = option.label_zh  # hardly any but topics
    return (
        axis_of_root(option.root),
        f" inside inside-{option.depth}" if option.depth else "",
        escape(option.change if as_buttons else option.url_query),
        ' aria-current="true"' if option.selected else "",
        format_html("{}", told(option, "label")) if is_named_twice else escape(option.label),
        beside(option, "quiet", "label") if is_named_twice else "",
        f"{option.count:,}",
        thin_bar(option.count, total) if total else "",
    )


@register.simple_tag
def thin_bar(part: int, whole: int) -> SafeString:
    """A thin bar, `part` of `whole`; the number itself always stands beside it."""
    width = 100 * part / whole if whole else 0
    return mark_safe(  # noqa: S308 - a number and fixed marks
        '<svg class="thin" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{width:.1f}" height="3"></rect></svg>'
    )


@register.inclusion_tag("_years.html")
def years_chart(
    counts: Mapping[int, int], link: str = "", label: str = Words("Papers by year")
) -> dict:
    """Bars of papers by year, as wide as there is room and never higher than `TALLEST` px.

    counts: papers by year; years between the first and the last without papers count 0.
    link: address to which the bounds of a year are appended, e.g. "/papers/?topic=early-exiting&".
    One year alone makes no chart.
    """
    if len(counts) < 2:
        return {"bars": []}
    first, last, most = min(counts), max(counts), max(counts.values())
    span = last - first + 1
    named = _named_years(first, last)
    bars = [
        {
            "year": year,
            "count": (number := counts.get(year, 0)),
            "height": max(1, round(TALLEST * number / most)) if number else 0,
            "named": year in named,
        }
        for year in range(first, last + 1)
    ]
    by_year = ", ".join(f"{bar['year']}: {bar['count']}" for bar in bars if bar["count"])
    density = "few" if span <= 8 else "some" if span <= 16 else "many"
    return {"bars": bars, "label": f"{label}: {by_year}", "link": link, "density": density}


TALLEST = 88
"""Height of the highest bar of a chart of years, in px."""

NARROWEST, YEAR_WIDTH = 290, 34
"""Width of the narrowest place of a chart, and of a printed year with air, in px."""


def _named_years(first: int, last: int) -> set[int]:
    """Years printed under their bars: never so close that two would touch."""
    column = NARROWEST / (last - first + 1)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 1000) if step * column >= YEAR_WIDTH)
    few = last - first < 8  # then the outer years stand under the middle of their bars, else inside
    apart = YEAR_WIDTH * (1 if few else 1.5) / column
    between = (year for year in range(first, last) if year % step == 0)
    inner = {year for year in between if year - first >= apart and last - year >= apart}
    return {first, last} | inner


_CHIP = '<li>\n<a class="chip {}{}"{} href="{}">\n{}{}</a>\n</li>'


@register.simple_tag
def placement_chips(paper: Paper, most: int) -> SafeString:
    """List items of the first `most` topics at which the paper stands; needs its placements.

    There are eighty on a page, so they are put together here and not by a template each.
    """
    rows = []
    for placement in paper.placements.all()[:most]:
        suggested, title, hint = "", "", ""
        if placement.is_suggested:
            suggested = " suggested"
            title = format_html(' title="{}"', gettext("Suggested by a machine"))
            hint = format_html('<span class="hidden-visually">{}</span>', gettext(", suggested"))
        topic = placement.topic
        address = topic.get_absolute_url()
        rows.append((axis(topic), suggested, title, address, told(topic, "name"), hint))
    return format_html_join("\n", _CHIP, rows)


@register.simple_tag
def byline(paper: Paper, most: int = 6) -> SafeString:
    """Authors as links to people, cut after `most` with the number that follows."""
    authorships = list(paper.authorships.all())
    shown = authorships if len(authorships) <= most + 1 else authorships[:most]
    linked_names = ", ".join(map(author_link, shown))
    names = mark_safe(linked_names)  # noqa: S308 - each is escaped
    more = len(authorships) - len(shown)
    if more:
        return format_html(gettext("{} and {} more"), names, more)
    return format_html("{}{}", names, gettext(" and others") if paper.authors_incomplete else "")


@register.simple_tag
def author_link(authorship: Authorship) -> SafeString:
    """A printed name, leading to the person we take it for."""
    if authorship.person is None:
        return format_html("{}", authorship.printed_name)
    return format_html(
        '<a href="{}">{}</a>', authorship.person.get_absolute_url(), authorship.printed_name
    )


@register.simple_tag
def linked(target: Any, text: object) -> SafeString:
    """`text`, leading to `target`: a record with a page, or an address. Plain text without one."""
    text = as_written(text)
    if not target:
        return format_html("{}", text)
    address = target if isinstance(target, str) else target.get_absolute_url()
    return format_html('<a href="{}">{}</a>', address, text)


@register.simple_tag
def differences(pieces: Sequence[Piece]) -> SafeString:
    """A difference: what went is struck out, what came is underlined; both are also said aloud."""
    if not pieces:
        return format_html('<span class="quiet">the same, in another order or form</span>')
    drawn = []
    for op, text in pieces:
        mark = {"new": "<ins>{}</ins>", "gone": "<del>{}</del> "}.get(op, "{}")
        drawn.append(format_html(mark, text))
    joined = mark_safe("".join(drawn).removesuffix(" "))  # noqa: S308 - every piece is escaped above
    return format_html('<span class="pieces">{}</span>', joined)


_NOT_PRIMARY = frozenset(
    ["outline", "secondary", "danger", "delete", "link", "tool", "panel", "cancel"]
)


@register.filter
def is_primary(button: Mapping[str, Any]) -> bool:
    """Whether a button of the account pages is the one that the page is about."""
    if button.get("name") in {"action_primary", "action_send"}:
        return False
    return not _NOT_PRIMARY.intersection(button.get("tags") or ())


@register.filter
def has_code(paper: Paper) -> bool:
    """Whether a code address is known (uses the prefetched links)."""
    return any(link.kind == "code" for link in paper.links.all())


@register.filter
def top(items: Sequence[Any], number: int) -> Sequence[Any]:
    """The first `number` items."""
    return items[:number]


@register.filter
def percent_of(part: int, whole: int) -> str:
    """`part` of `whole` in per cent, without decimals; empty when there is no whole."""
    return f"{100 * part / whole:.0f} %" if whole else ""


@register.simple_tag
def near_and_far(options: Sequence[Any]) -> dict[str, list[Any]]:
    """Topic options worth showing at once, and the rest.

    At once: the roots, the level below the three axes, and what stands beside or below a selected
    topic (options come in the order of the tree).
    """
    keep = [
        option.depth <= (1 if option.root in AXIS_OF_ROOT else 0) or option.selected
        for option in options
    ]
    for place, option in enumerate(options):
        if not option.selected:
            continue
        for later in range(place + 1, len(options)):
            if options[later].depth <= option.depth:
                break
            keep[later] = keep[later] or options[later].depth == option.depth + 1
        wanted = option.depth - 1
        for earlier in range(place - 1, -1, -1):
            if options[earlier].depth == wanted:
                keep[earlier] = True
                wanted -= 1
    pairs = list(zip(options, keep, strict=True))
    return {
        "near": [option for option, near in pairs if near],
        "far": [option for option, near in pairs if not near],
    }


@register.simple_tag
def year_spark(options: Sequence[Any]) -> dict[str, Any]:
    """Bars for the years among the facet's options (newest first), with the gaps between them."""
    if not options:
        return {}
    by_year = {int(option.value): option for option in options}
    first, most = min(by_year), max(option.count for option in options)
    bars = []
    for year, option in sorted(by_year.items()):
        height = max(1.0, 40 * option.count / most) if option.count else 0.0
        bars.append(
            {"option": option, "x": (year - first) * 10, "y": f"{40 - height:.1f}", "h": height}
        )
    last = max(by_year)
    return {"bars": bars, "width": (last - first + 1) * 10, "first": first, "last": last}


@register.filter
def readable_source(source: str) -> SafeString:
    """A record's source as people read it; files in public repositories become links."""
    if place := in_repository(source):
        repository, path = place
        return format_html(
            '<a href="https://github.com/{}">{}</a>: {}', repository, repository, path
        )
    return format_html("{}", source_in_words(source))


@register.filter
def member(user: User) -> str:
    """How the site names an account; closed accounts have no name."""
    return shown_name(user)


@register.filter
def under(by_code: object, code: str) -> object:
    """What a mapping holds under a code; nothing for other values."""
    return by_code.get(code, ()) if isinstance(by_code, dict) else ()
