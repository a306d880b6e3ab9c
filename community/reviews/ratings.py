"""How a paper was rated, each form and year on its own scale."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F

from community.models import Review
from community.reviews.forms import Form, Point
from community.reviews.writing import form_of


@dataclass(frozen=True)
class Bar:
    """A point of a rating's scale, and how many reviews gave it."""

    point: Point
    count: int


@dataclass(frozen=True)
class Distribution:
    """Ratings of the reviews on one form in one year, on that form's own scale."""

    heading: str
    form: Form
    year: int
    count: int
    bars: tuple[Bar, ...]

    @property
    def most(self) -> int:
        return max((bar.count for bar in self.bars), default=0)

    @property
    def columns(self) -> list[tuple[Bar, int, float, float]]:
        """Bars for a small chart: each with its place, top and height, in units of 1."""
        heights = [30 * bar.count / self.most if self.most else 0.0 for bar in self.bars]
        return [
            (bar, 26 * place, round(44 - height, 1), round(height, 1))
            for place, (bar, height) in enumerate(zip(self.bars, heights, strict=True))
        ]

    @property
    def width(self) -> int:
        return 26 * len(self.bars)

    @property
    def sentence(self) -> str:
        given = [f"{bar.count} × {bar.point.label}" for bar in self.bars if bar.count]
        return "; ".join(given) or "no rating on a scale"


def distributions(paper: Any) -> list[Distribution]:
    """Ratings of a paper's public reviews, each form and year on its own scale; one query."""
    rows = (
        Review.objects.public()
        .filter(paper=paper, versions__number=F("public"))
        .order_by()
        .values_list("form", "year", "versions__rating")
        .annotate(count=Count("pk"))
    )
    grouped: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for key, year, rating, count in rows:
        grouped[key, year][rating] += count
    found = []
    for (key, year), given in sorted(grouped.items(), key=lambda item: (item[0][0], -item[0][1])):
        used = form_of(Review(form=key))
        scale = used.rating_field.scale if used.rating_field else ()
        bars = tuple(Bar(point, given[point.value]) for point in scale)
        heading = used.heading(year)
        found.append(Distribution(heading, used, year, sum(given.values()), bars))
    return found
