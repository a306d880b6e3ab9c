"""Reviews, replies and forms as JSON; every field is named here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.request import Request

from accounts.models import User
from accounts.roles import is_member, signed_in
from community.models import ReplyVersion, Review, ReviewDraft, ReviewVersion
from community.moderation import transitions
from community.reviews import changed_replies, reading, writing
from kb.api.machinery.errors import Refused
from kb.api.machinery.if_match import ChangedMeanwhile
from kb.api.machinery.links import address_of

T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """A review as the API shows it; item is None before it was handed in."""

    review: Review
    item: reading.ShownReview | None
    draft: ReviewDraft | None = None

    @property
    def shown(self) -> Review | ReviewVersion:
        """What name and conflict are read from: the version that is shown, if there is one."""
        return self.item.version if self.item else self.review


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


def review_at(request: Request, pk: int) -> Review:
    """The review, if this reader may see it."""
    visible = Review.objects.visible_to(request.user).select_related("paper")
    review = visible.filter(pk=pk).first()
    if review is None:
        raise Http404(f"There is no review {pk}.")
    return review


def own_review(request: Request, pk: int) -> Review:
    review = review_at(request, pk)
    if review.author_id != request.user.pk:
        raise exceptions.PermissionDenied("This is not your review.")
    return review


def member(request: Request) -> User:
    """The account that writes."""
    if not is_member(request.user):
        raise PermissionDenied("Sign in, or send a token, to write here.")
    return signed_in(request.user)


def done(act: Callable[[], T]) -> T:
    """Do it; every refusal as a problem."""
    try:
        return act()
    except writing.Incomplete as error:
        errors = {name: [text] for name, text in error.problems.items()}
        raise Unfinished({"answers": errors}) from error
    except writing.Stale as error:
        raise ChangedMeanwhile(str(error)) from error
    except transitions.NotPossible as error:
        raise Refused(str(error)) from error


class PointSerializer(serializers.Serializer):
    """A point of a scale."""

    value = serializers.CharField()
    words = serializers.CharField()


class FieldSerializer(serializers.Serializer):
    """A field of a form. `limit`: characters of a text; `scale`: empty for texts."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    kind = serializers.CharField()
    help = serializers.CharField()
    limit = serializers.IntegerField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    scale = PointSerializer(many=True)


class FormSerializer(serializers.Serializer):
    """A form. `years` is empty where the form belongs to no year; then `year` is 0."""

    key = serializers.CharField()
    title = serializers.CharField()
    venue = serializers.CharField()
    about = serializers.CharField()
    years = serializers.ListField(child=serializers.IntegerField())
    rating = serializers.CharField(help_text="The field that is the rating, or empty.")
    confidence = serializers.CharField()
    unconfirmed = serializers.CharField(help_text="What no stored source confirms, or empty.")
    fields = FieldSerializer(many=True)  # type: ignore[assignment]


class AnswerSerializer(serializers.Serializer):
    """One answer. Texts are Markdown; `printed` is what a pasted review said on its scale."""

    name = serializers.CharField(source="field.name")
    label = serializers.CharField(source="field.label")  # type: ignore[assignment]
    text = serializers.CharField(allow_null=True)
    value = serializers.CharField(source="point.value", default=None, allow_null=True)
    words = serializers.CharField(source="point.words", default=None, allow_null=True)
    printed = serializers.CharField(allow_blank=True)


class WhoSerializer(serializers.Serializer):
    """Who signed. `person`: slug of the person that the account was confirmed to be."""

    name = serializers.CharField()
    person = serializers.CharField(source="person.slug", default=None, allow_null=True)


class DraftSerializer(serializers.Serializer):
    """What you are writing; nobody else sees it."""

    sequence = serializers.IntegerField()
    saved_at = serializers.DateTimeField()
    answers = serializers.DictField(source="content.values", child=serializers.CharField())
    name = serializers.CharField(source="content.name")
    conflict = serializers.CharField(source="content.conflict")
    conflict_text = serializers.CharField(source="content.conflict_text")


class ReviewSerializer(serializers.Serializer):
    """A review. `author` is null unless it is signed, whoever asks; `draft` is yours alone."""

    id = serializers.IntegerField(source="review.pk")
    url = serializers.SerializerMethodField()
    paper = serializers.CharField(source="review.paper.key")
    form = serializers.CharField(source="review.form")
    year = serializers.IntegerField(source="review.year")
    state = serializers.CharField(source="review.state")
    revision = serializers.IntegerField(source="review.revision")
    published_on = serializers.SerializerMethodField()
    signed = serializers.BooleanField(source="shown.signed")
    author = serializers.SerializerMethodField()
    rating = serializers.SerializerMethodField()
    confidence = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField()
    conflict = serializers.CharField(source="shown.conflict")
    conflict_text = serializers.CharField(source="shown.conflict_text")
    imported = serializers.BooleanField(source="review.is_pasted")
    source_url = serializers.CharField(source="review.source_url")
    source_checked = serializers.BooleanField(source="review.source_checked")
    helpful = serializers.SerializerMethodField()
    replies = serializers.SerializerMethodField()
    draft = serializers.SerializerMethodField()

    def get_url(self, row: Row) -> str:
        return address_of(self, row.review.get_absolute_url())

    def get_published_on(self, row: Row) -> dt.date | None:
        return row.item.day if row.item else None

    @extend_schema_field(WhoSerializer(allow_null=True))
    def get_author(self, row: Row) -> object:
        if row.item is None or not row.item.version.signed:
            return None
        return WhoSerializer(row.item.who).data

    @extend_schema_field(AnswerSerializer(allow_null=True))
    def get_rating(self, row: Row) -> object:
        return _answer(row, row.item.rating) if row.item else None

    @extend_schema_field(AnswerSerializer(allow_null=True))
    def get_confidence(self, row: Row) -> object:
        return _answer(row, row.item.confidence) if row.item else None

    @extend_schema_field(AnswerSerializer(many=True))
    def get_answers(self, row: Row) -> object:
        return [_answer(row, part) for part in row.item.parts] if row.item else []

    def get_helpful(self, row: Row) -> int:
        return row.item.helpful if row.item else 0

    def get_replies(self, row: Row) -> str:
        return address_of(self, reverse("api:review-replies", args=[row.review.pk]))

    @extend_schema_field(DraftSerializer(allow_null=True))
    def get_draft(self, row: Row) -> object:
        return DraftSerializer(row.draft).data if row.draft else None


class ReplySerializer(serializers.Serializer):
    """A reply. `author` is null for the author of an anonymous review."""

    id = serializers.IntegerField(source="reply.pk")
    parent = serializers.IntegerField(  # type: ignore[assignment]
        source="reply.parent_id", allow_null=True
    )
    state = serializers.CharField(source="reply.state")
    text = serializers.CharField(source="reply.text")
    edited_on = serializers.SerializerMethodField()
    waiting_text = serializers.SerializerMethodField(
        help_text="Your change that no moderator has read yet, or null; yours alone."
    )
    author = serializers.SerializerMethodField()
    by_reviewer = serializers.BooleanField()
    by_author_of_paper = serializers.BooleanField(source="by_author")

    @extend_schema_field(WhoSerializer(allow_null=True))
    def get_author(self, shown: reading.ShownReply) -> object:
        anonymous = shown.who is reading.ANONYMOUS_REVIEWER
        return None if anonymous else WhoSerializer(shown.who).data

    def get_edited_on(self, shown: reading.ShownReply) -> dt.date | None:
        return shown.reply.edited_at.date() if shown.reply.edited_at else None

    def get_waiting_text(self, shown: reading.ShownReply) -> str | None:
        if not (shown.own and shown.reply.has_waiting_change):
            return None
        return changed_replies.newest_text(shown.reply)


class ReplyVersionSerializer(serializers.Serializer):
    """One text of an answer. `shown`: whether everybody could read it once."""

    number = serializers.IntegerField()
    on = serializers.SerializerMethodField()
    shown = serializers.SerializerMethodField()
    text = serializers.CharField()

    def get_on(self, version: ReplyVersion) -> dt.date:
        return version.at.date()

    def get_shown(self, version: ReplyVersion) -> bool:
        return version.shown_at is not None


class HelpfulSerializer(serializers.Serializer):
    """How many members found the review helpful, and whether you did."""

    helpful = serializers.IntegerField(source="count")
    marked = serializers.BooleanField()


class WriteReview(serializers.Serializer):
    """A draft. `answers` by field name; `name`: signed or anonymous; `conflict`: none or some."""

    paper = serializers.CharField(max_length=80, required=False)
    form = serializers.CharField(max_length=40, required=False)
    year = serializers.IntegerField(min_value=0, max_value=9999, required=False)
    answers = serializers.DictField(
        child=serializers.CharField(allow_blank=True, trim_whitespace=False), required=False
    )
    name = serializers.ChoiceField(choices=("signed", "anonymous"), required=False)
    conflict = serializers.ChoiceField(choices=("none", "some"), required=False)
    conflict_text = serializers.CharField(allow_blank=True, max_length=1000, required=False)


class ReasonSerializer(serializers.Serializer):
    """Why; the moderators and you read it."""

    reason = serializers.CharField(allow_blank=True, max_length=2000, default="")


class WriteReply(serializers.Serializer):
    """An answer in Markdown; `parent`: the reply that it answers."""

    text = serializers.CharField(max_length=20_000)
    parent = serializers.IntegerField(  # type: ignore[assignment]
        required=False, min_value=1
    )


class ChangeReply(serializers.Serializer):
    """Another text for your answer, in Markdown."""

    text = serializers.CharField(max_length=20_000)


def _answer(row: Row, part: reading.Part | None) -> object:
    if part is None or row.item is None:
        return None
    used = writing.form_of(row.review).field(part.field.name)
    text = None if used and used.is_choice else row.item.version.values.get(part.field.name)
    return AnswerSerializer(
        {"field": part.field, "point": part.point, "printed": part.printed, "text": text}
    ).data
