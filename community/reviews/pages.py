"""What pages about a paper or a person show of reviews."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext

from accounts.models import Visitor
from community.models import Review, State
from community.reviews.forms import Form, Point
from community.reviews.identities import members_who_are
from community.reviews.reading import ShownReview, published, shown
from community.reviews.writing import form_of
from papers.models import Paper, Person
from papers.models.asked_often import AskedOften


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
        return "; ".join(given) or gettext("no rating on a scale")


_RATINGS: AskedOften[tuple[str, int, str, int]] = AskedOften(
    lambda paper: (
        Review.objects.public()
        .filter(paper=paper, versions__number=F("public"))
        .order_by()
        .values_list("form", "year", "versions__rating")
        .annotate(count=Count("pk"))
    )
)


def distributions(paper: Paper) -> list[Distribution]:
    """Ratings of a paper's public reviews, each form and year on its own scale; one query."""
    rows = _RATINGS.of(paper.pk)
    grouped: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for key, year, rating, count in rows:
        grouped[key, year][rating] += count
    shares = []
    for (key, year), given in sorted(grouped.items(), key=lambda item: (item[0][0], -item[0][1])):
        used = form_of(Review(form=key))
        scale = used.rating_field.scale if used.rating_field else ()
        bars = tuple(Bar(point, given[point.value]) for point in scale)
        heading = used.heading(year)
        shares.append(Distribution(heading, used, year, sum(given.values()), bars))
    return shares


ON_PAPER, A_PAGE = 8, 20
OPEN_UNTIL = 2


@dataclass(frozen=True)
class Group:
    """Reviews on one form in one year, with the ratings of all there are."""

    distribution: Distribution
    reviews: list[ShownReview]


def on_paper(paper: Paper, viewer: Visitor) -> dict[str, Any]:
    """What the paper's page shows: the first reviews by venue and year, and the viewer's own."""
    counted = distributions(paper)
    reviews = published(paper)[:ON_PAPER] if counted else []
    total = sum(row.count for row in counted)
    return {
        "review_groups": _grouped(paper, reviews, counted, viewer),
        "review_total": total,
        "review_more": total > ON_PAPER,
        "reviews_open": total <= OPEN_UNTIL,
        "own_reviews": _own(paper, viewer),
    }


def of_paper(paper: Paper, viewer: Visitor, page: str) -> dict[str, Any]:
    """All public reviews of a paper, page by page."""
    counted = distributions(paper)
    paged = Paginator(published(paper), A_PAGE).get_page(page)
    return {
        "page": paged,
        "review_groups": _grouped(paper, paged, counted, viewer),
        "review_total": paged.paginator.count,
        "reviews_open": False,
        "own_reviews": _own(paper, viewer),
    }


def by_person(person: Person) -> list[Review]:
    """Signed public reviews of the member who was confirmed to be this person, newest first."""
    members = members_who_are(person)
    if not members:
        return []
    signed = newest().filter(signed=True, author__in=members)
    return list(signed[:100])


def newest() -> QuerySet[Review]:
    """Public reviews of all papers, the newest first."""
    reviews = Review.objects.public().select_related("paper")
    return reviews.order_by(F("published_on").desc(nulls_last=True), "pk")


def _grouped(
    paper: Paper, reviews: Iterable[Review], counted: list[Distribution], viewer: Visitor
) -> list[Group]:
    rows = list(reviews)
    for row in rows:
        row.paper = paper
    groups = {(review.form.key, review.year): Group(review, []) for review in counted}
    for review in shown(rows, viewer):
        groups[review.form.key, review.review.year].reviews.append(review)
    return [group for group in groups.values() if group.reviews]


def _own(paper: Paper, viewer: Visitor) -> list[Review]:
    """What the viewer wrote about the paper and is not public."""
    if viewer is None or not viewer.is_authenticated:
        return []
    mine = Review.objects.visible_to(viewer).filter(paper=paper, author=viewer)
    return list(mine.exclude(state__in=[State.PUBLISHED]).order_by("created_at"))
