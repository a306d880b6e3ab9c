"""What pages about a paper or a person show of reviews."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, QuerySet

from accounts.models import Visitor
from community.models import Review, State
from community.reviews.identities import members_who_are
from community.reviews.ratings import Distribution, distributions
from community.reviews.reading import ShownReview, published, shown
from papers.models import Paper, Person

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
    found = published(paper)[:ON_PAPER] if counted else []
    total = sum(one.count for one in counted)
    return {
        "review_groups": _grouped(paper, found, counted, viewer),
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
    found = Review.objects.public().select_related("paper")
    return found.order_by(F("published_at").desc(nulls_last=True), "pk")


def _grouped(
    paper: Paper, reviews: Any, counted: list[Distribution], viewer: Visitor
) -> list[Group]:
    rows = list(reviews)
    for row in rows:
        row.paper = paper
    groups = {(one.form.key, one.year): Group(one, []) for one in counted}
    for one in shown(rows, viewer):
        groups[one.form.key, one.review.year].reviews.append(one)
    return [group for group in groups.values() if group.reviews]


def _own(paper: Paper, viewer: Visitor) -> list[Review]:
    """What the viewer wrote about the paper and is not public."""
    if viewer is None or not viewer.is_authenticated:
        return []
    mine = Review.objects.visible_to(viewer).filter(paper=paper, author=viewer)
    return list(mine.exclude(state__in=[State.PUBLISHED]).order_by("created_at"))
