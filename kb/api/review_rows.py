"""Reviews as the API finds them for a reader, and what can be wrong with writing one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.request import Request

from accounts.roles import is_member
from community.models import Review, ReviewDraft
from community.moderation import transitions
from community.reviews import reading, writing
from kb.api.account import Refused
from kb.api.machinery.if_match import ChangedMeanwhile


@dataclass(frozen=True)
class Row:
    """A review as the API shows it; item is None before it was handed in."""

    review: Review
    item: reading.ShownReview | None
    draft: ReviewDraft | None = None


class Unfinished(exceptions.ValidationError):
    """The review lacks something; `errors` points at each answer."""

    status_code = 422


def rows_of(reviews: list[Review], request: Request, *, drafts: bool = False) -> list[Row]:
    """Reviews with their texts; drafts: also what the caller is writing."""
    mine = [r.pk for r in reviews if r.author_id == request.user.pk] if drafts else []
    written = {draft.review_id: draft for draft in ReviewDraft.objects.filter(review__in=mine)}
    public = [review for review in reviews if review.state == "published"]
    others = [review for review in reviews if review.state != "published"]
    items = [*reading.shown(public, request.user)]
    items += reading.shown(others, request.user, latest=True) if others else []
    by_pk = {item.review.pk: item for item in items}
    return [Row(review, by_pk.get(review.pk), written.get(review.pk)) for review in reviews]


def found(request: Request, pk: int) -> Review:
    """The review, if this reader may see it."""
    visible = Review.objects.visible_to(request.user).select_related("paper")
    review = visible.filter(pk=pk).first()
    if review is None:
        raise Http404(f"There is no review {pk}.")
    return review


def own(request: Request, pk: int) -> Review:
    review = found(request, pk)
    if review.author_id != request.user.pk:
        raise exceptions.PermissionDenied("This is not your review.")
    return review


def member(request: Request) -> Any:
    """The account that writes."""
    if not is_member(request.user):
        raise PermissionDenied("Sign in, or send a token, to write here.")
    return request.user


def done(act: Callable[[], Any]) -> Any:
    """Do it; every refusal as a problem."""
    try:
        return act()
    except writing.Incomplete as error:
        told = {name: [text] for name, text in error.problems.items()}
        raise Unfinished({"answers": told}) from error
    except writing.Stale as error:
        raise ChangedMeanwhile(str(error)) from error
    except transitions.NotPossible as error:
        raise Refused(str(error)) from error
