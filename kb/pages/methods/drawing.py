"""The lineage of methods as SVG: one row a method, oldest first, a lane a topic.

A row is as high as a line of text, so that the picture reads on a phone as it does on a desk, and
never becomes a knot. Colours are classes that the page's style sheet fills.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from kb.templatetags.saying import named
from papers.methods.lineage import Edge, Node, Picture
from taxonomy.models import Topic

WIDTH = 360
ROW, TOP = 26, 8
YEARS, LANE = 44, 18
SIDES = (10, 6, 13)  # px left of a lane, where lines of its parents run
MOST_LANES = 6
"""Topics with a lane of their own; the others share the last one."""
LONGEST = 25  # characters of a name
LETTER = 7.2  # px, about

SMALL_WIDTH, SMALL_HEIGHT, SMALL_EDGE = 220, 84, 8


def svg(picture: Picture, here: str = "", number: str = "lineage") -> SafeString:
    """The picture. here: slug of the method on whose page it stands. number: makes ids unique."""
    lanes = _lanes(picture.nodes)
    place = {node.method.slug: row for row, node in enumerate(picture.nodes)}
    lane_of = {node.method.slug: lanes.index(_lane(node, lanes)) for node in picture.nodes}
    height = TOP * 2 + ROW * len(picture.nodes)
    parts = [
        f'<svg class="lineage" viewBox="0 0 {WIDTH} {height}" role="group"'
        f' aria-labelledby="{number}-title {number}-desc">',
        f'<title id="{number}-title">{escape(gettext("Lineage, by year and topic"))}</title>',
        f'<desc id="{number}-desc">{escape(describe(picture))}</desc>',
    ]
    order = {"compared_with": 0, "answers": 1, "extends": 2}  # what tells most lies on top
    edges = sorted(picture.edges, key=lambda edge: order[edge.kind])
    sides = _sides(edges[::-1], lane_of)
    parts += [_edge(edge, place, lane_of, sides[edge.earlier]) for edge in edges]
    left = YEARS + LANE * len(lanes) + 6
    before = 0
    for row, node in enumerate(picture.nodes):
        parts += _row(node, row, lane_of[node.method.slug], left, node.year != before, here)
        before = node.year
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308 (every text was escaped)


def describe(picture: Picture) -> str:
    """The picture in a sentence: "9 methods from 2016 to 2023; 7 extend another one here"."""
    years = [node.year for node in picture.nodes if node.year]
    later = len({edge.later for edge in picture.edges if edge.kind == "extends"})
    if not years:
        words = gettext("{count} methods; {later} extend another one that is shown.")
        return words.format(count=len(picture.nodes), later=later)
    words = gettext(
        "{count} methods from {first} to {last}; {later} extend another one that is shown."
    )
    return words.format(count=len(picture.nodes), first=min(years), last=max(years), later=later)


def lanes_of(picture: Picture) -> list[Topic | None]:
    """Topics of the lanes from left to right; None for the lane of all others."""
    return _lanes(picture.nodes)


def small(picture: Picture) -> SafeString:
    """Only dots by year and the arcs between them; what it shows is told beside it."""
    years = [node.year for node in picture.nodes if node.year] or [0]
    first, span = min(years), max(max(years) - min(years), 1)
    in_year: dict[int, int] = {}
    place: dict[str, tuple[float, float]] = {}
    for node in picture.nodes:
        row = in_year[node.year] = in_year.get(node.year, 0) + 1
        x = SMALL_EDGE + (SMALL_WIDTH - 2 * SMALL_EDGE) * (max(node.year, first) - first) / span
        place[node.method.slug] = (x, SMALL_HEIGHT - SMALL_EDGE - (row - 1) * 9)
    height = SMALL_HEIGHT
    if place:
        top = min(y for _, y in place.values())
        height = SMALL_HEIGHT - round(min(top - SMALL_EDGE, SMALL_HEIGHT / 2))
        place = {slug: (x, y - (SMALL_HEIGHT - height)) for slug, (x, y) in place.items()}
    parts = [f'<svg class="lineage small" viewBox="0 0 {SMALL_WIDTH} {height}" aria-hidden="true">']
    for edge in picture.edges:
        (x1, y1), (x2, y2) = place[edge.later], place[edge.earlier]
        bend = min(y1, y2) - 5 - 0.16 * abs(x1 - x2)
        parts.append(
            f'<path class="{edge.kind}" d="M{x1:.0f} {y1:.0f}Q{(x1 + x2) / 2:.0f} {bend:.0f}'
            f' {x2:.0f} {y2:.0f}"/>'
        )
    parts += [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3"/>' for x, y in place.values()]
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308 (numbers, and kinds of our own)


def _lanes(nodes: Sequence[Node]) -> list[Topic | None]:
    """Topics in the order in which they first appear, those with most methods if there are many."""
    counts: dict[int | None, int] = {}
    topics: dict[int | None, Topic | None] = {}
    for node in nodes:
        key = node.topic.pk if node.topic else None
        counts[key] = counts.get(key, 0) + 1
        topics[key] = node.topic
    if len(topics) <= MOST_LANES:
        return list(topics.values())
    named = [key for key in topics if key is not None]
    kept = set(sorted(named, key=lambda key: -counts[key])[: MOST_LANES - 1])
    return [*(topics[key] for key in topics if key in kept), None]


def _lane(node: Node, lanes: Sequence[Topic | None]) -> Topic | None:
    return node.topic if node.topic in lanes else None


def _at(row: int, lane: int) -> tuple[float, float]:
    return YEARS + LANE * lane + LANE / 2, TOP + ROW * row + ROW / 2


def _sides(edges: Sequence[Edge], lane_of: dict[str, int]) -> dict[str, float]:
    """How far left of its lane the line of each parent runs, so that neighbours keep apart."""
    sides: dict[str, float] = {}
    taken: dict[int, int] = {}
    for edge in edges:
        if edge.earlier not in sides:
            lane = lane_of[edge.earlier]
            sides[edge.earlier] = SIDES[taken.get(lane, 0) % len(SIDES)]
            taken[lane] = taken.get(lane, 0) + 1
    return sides


def _edge(edge: Edge, place: dict[str, int], lane_of: dict[str, int], side: float) -> str:
    """A line that leaves the parent to the left, runs down beside its lane, and turns to the
    child."""
    x1, y1 = _at(place[edge.earlier], lane_of[edge.earlier])
    x2, y2 = _at(place[edge.later], lane_of[edge.later])
    turn = min(ROW * 0.7, abs(y2 - y1) / 2) * (1 if y2 > y1 else -1)
    x = x1 - side
    return (
        f'<path class="{edge.kind}" d="M{x1:.0f} {y1:.0f}Q{x:.0f} {y1:.0f} {x:.0f} {y1 + turn:.0f}'
        f'V{y2 - turn:.0f}Q{x:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"/>'
    )


def _row(node: Node, row: int, lane: int, left: float, names_year: bool, here: str) -> list[str]:
    x, y = _at(row, lane)
    method = node.method
    is_here = method.slug == here
    name = method.name if len(method.name) <= LONGEST else f"{method.name[: LONGEST - 1]}…"
    axis = f"axis-{node.topic.axis}" if node.topic else "axis-facet"
    dot = f'<circle class="{axis}{" here" if is_here else ""}" cx="{x}" cy="{y}" r="5"/>'
    topic = _clipped(node, left, name)
    text = (
        f'<text x="{left}" y="{y + 4}"><tspan class="name">{escape(name)}</tspan>'
        f'<tspan class="topic" dx="6">{escape(topic)}</tspan></text>'
    )
    year = f'<text class="year" x="0" y="{y + 4}">{node.year}</text>' if node.year else ""
    if is_here:
        return [year if names_year else "", dot, f'<g class="here" aria-current="true">{text}</g>']
    link = f'<a href="{escape(method.get_absolute_url())}">{text}</a>'
    return [year if names_year else "", dot, link]


def _clipped(node: Node, left: float, name: str) -> str:
    """The topic's name as far as there is room behind the method's."""
    room = int((WIDTH - left - 8) / (LETTER * 0.84) - len(name) * 1.2)
    text = str(named(node.topic)) if node.topic else ""
    room = room if text.isascii() else room // 2
    if room < (6 if text.isascii() else 3):
        return ""
    return text if len(text) <= room else f"{text[: room - 1].rstrip()}…"
