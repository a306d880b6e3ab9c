"""/reviews/: reading reviews, and writing one's own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.roles import signed_in
from community.models import Review, ReviewDraft
from community.moderation import transitions
from community.reviews import forms, writing
from community.reviews.content import Content
from kb.api.machinery.errors import InvalidParameters, ParameterError
from kb.api.machinery.if_match import require_match
from kb.api.machinery.paging import Order, Page, page_of
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.schema import PageSchema
from kb.api.machinery.views import SIGNED_IN, ListView, ReadView, StepView
from kb.api.review_shapes import (
    FormSerializer,
    ReasonSerializer,
    ReviewSerializer,
    WriteReview,
    done,
    member,
    own_review,
    review_at,
    rows_of,
)
from papers.models import Paper


class ReviewList(ListView):
    """Public reviews, the newest first. POST begins a draft."""

    serializer_class = ReviewSerializer
    http_method_names = ["get", "head", "options", "post"]
    order = Order("-published", ("-published_on", "-pk"))
    parameters: ClassVar = (
        Parameter("paper", "Key of a paper."),
        Parameter("form", "Form of the review.", choices=tuple(forms.all_forms())),
        Parameter("year", "Year of the venue.", "integer", most=9999),
    )

    def rows(self) -> QuerySet[Review]:
        reviews = Review.objects.public().filter(published_on__isnull=False)
        names = {"paper": "paper__key", "form": "form", "year": "year"}
        chosen = {names[name]: self.given[name] for name in names if name in self.given}
        return reviews.filter(**chosen).select_related("paper")

    def answer(self, page: Page, **extra: Any) -> Response:
        rows = rows_of(page.rows, self.request)
        return super().answer(Page(rows, page.next_cursor, page.count), **extra)

    @extend_schema(request=WriteReview, responses={201: ReviewSerializer})
    def post(self, request: Request) -> Response:
        """Begin a draft: 201 with it. It is private until it is submitted and published."""
        by = member(request)
        given = WriteReview(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        chosen = forms.form(wanted.get("form", ""))
        paper = Paper.objects.visible_to(request.user).filter(key=wanted.get("paper", "")).first()
        if chosen is None or paper is None:
            name = "form" if chosen is None else "paper"
            raise InvalidParameters(
                [ParameterError(name, "unknown_value", f"{name}: there is no such {name}.")]
            )
        content = Content.made(chosen, wanted.get("answers", {}), wanted)
        year = wanted.get("year", 0)
        review = done(lambda: writing.start(paper, chosen, year, by=by, content=content))
        return self.made(rows_of([review], request, drafts=True)[0], "review", review.pk)


class OwnReviews(ListView):
    """Everything that you wrote, in whatever state, the newest first."""

    serializer_class = ReviewSerializer
    permission_classes = SIGNED_IN  # type: ignore[assignment]
    order = Order("-created", ("-created_at", "-pk"))

    def rows(self) -> QuerySet[Review]:
        mine = Review.objects.visible_to(self.request.user).filter(author=self.request.user.pk)
        return mine.select_related("paper")

    def get(self, request: Request) -> Response:
        page = page_of(self.rows(), self.order, self.given)
        rows = rows_of(page.rows, request, drafts=True)
        return self.answer(Page(rows, page.next_cursor, page.count))


class ReviewDetail(ReadView):
    """One review. PATCH changes the draft of your own."""

    serializer_class = ReviewSerializer
    http_method_names = ["get", "head", "options", "patch"]

    def get(self, request: Request, pk: int) -> Response:
        row = rows_of([review_at(request, pk)], request, drafts=True)[0]
        return Response(self.serialized(row, many=False))

    @extend_schema(request=WriteReview, responses={200: ReviewSerializer})
    @transaction.atomic
    def patch(self, request: Request, pk: int) -> Response:
        """Change answers and choices of the draft; what is not named stays."""
        review = own_review(request, pk)
        draft = ReviewDraft.objects.select_for_update().get(review=review)
        require_match(self, request, rows_of([review], request, drafts=True)[0])
        given = WriteReview(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        before = Content.stored(draft.content)
        answers = before.values | given.validated_data.get("answers", {})
        content = Content.made(writing.form_of(review), answers, before.row | given.validated_data)
        done(
            lambda: writing.save_draft(
                review, content, by=signed_in(request.user), sequence=draft.sequence, tab=""
            )
        )
        return self.get(request, pk)


class ReviewStep(StepView, ABC):
    """A step in the life of your own review. Answers with the review."""

    serializer_class = ReviewSerializer

    @abstractmethod
    def act(self, review: Review, by: User, reason: str) -> None:
        """Take the step. Raises NotPossible when it cannot be taken."""

    @extend_schema(request=ReasonSerializer, responses={200: ReviewSerializer})
    def post(self, request: Request, pk: int) -> Response:
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        review = own_review(request, pk)
        done(lambda: self.act(review, signed_in(request.user), given.validated_data["reason"]))
        row = rows_of([review_at(request, pk)], request, drafts=True)[0]
        return Response(self.serialized(row, many=False))


class Submit(ReviewStep):
    """Hand in the draft. 422 with a pointer to each answer that is missing."""

    def act(self, review: Review, by: User, reason: str) -> None:
        draft = writing.draft_of(review)
        content = Content.stored(draft.content)
        writing.hand_in(review, content, by=by, sequence=draft.sequence, reason=reason)


class Withdraw(ReviewStep):
    """Take the review away from everybody."""

    def act(self, review: Review, by: User, reason: str) -> None:
        writing.withdraw(review, by=by, reason=reason)


class Restore(ReviewStep):
    """Undo a withdrawal."""

    def act(self, review: Review, by: User, reason: str) -> None:
        writing.restore(review, by=by)


class Appeal(ReviewStep):
    """Ask for another look at a declined or hidden review; needs a reason."""

    def act(self, review: Review, by: User, reason: str) -> None:
        transitions.appeal(review, by=by, reason=reason)


class Forms(ReadView):
    """The forms of reviews: fields in their order, with what each point of a scale means."""

    serializer_class = FormSerializer
    pagination_class = PageSchema
    is_list = True

    def get(self, request: Request) -> Response:
        every = list(forms.all_forms().values())
        return Response({"results": self.serialized(every, many=True), "next": None})


urlpatterns = [
    path("reviews/", ReviewList.as_view(), name="reviews"),
    path("reviews/yours/", OwnReviews.as_view(), name="reviews-yours"),
    path("reviews/forms/", Forms.as_view(), name="review-forms"),
    path("reviews/<int:pk>/", ReviewDetail.as_view(), name="review"),
    path("reviews/<int:pk>/submit/", Submit.as_view(), name="review-submit"),
    path("reviews/<int:pk>/withdraw/", Withdraw.as_view(), name="review-withdraw"),
    path("reviews/<int:pk>/restore/", Restore.as_view(), name="review-restore"),
    path("reviews/<int:pk>/appeal/", Appeal.as_view(), name="review-appeal"),
]
