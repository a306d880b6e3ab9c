"""What others do with a review: answer it, and mark it as helpful."""

from __future__ import annotations

from abc import ABC, abstractmethod

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.roles import signed_in
from community.models import Reply, Review
from community.moderation import transitions
from community.reviews import changed_replies, reading, threads
from kb.api.machinery.if_match import require_match
from kb.api.machinery.views import SIGNED_IN, ReadView, StepView
from kb.api.review_shapes import (
    ChangeReply,
    HelpfulSerializer,
    ReasonSerializer,
    ReplySerializer,
    ReplyVersionSerializer,
    WriteReply,
    done,
    member,
    review_at,
)


def thread_of(request: Request, review: Review) -> list[reading.ShownReply]:
    """The answers to a review that this reader may see, each before the answers to it."""
    items = reading.shown([review], request.user)
    return [reply for reply in reading.flat(items[0].thread) if not reply.gone] if items else []


class Replies(ReadView):
    """The thread of a review. POST answers the review, or the reply `parent`."""

    serializer_class = ReplySerializer
    http_method_names = ["get", "head", "options", "post"]
    is_list = True

    @extend_schema(responses={200: ReplySerializer(many=True)})
    def get(self, request: Request, pk: int) -> Response:
        thread = thread_of(request, review_at(request, pk))
        return Response({"results": self.serialized(thread, many=True), "next": None})

    @extend_schema(request=WriteReply, responses={201: ReplySerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Answer: 201. It is public when a moderator has read it."""
        by = member(request)
        given = WriteReply(data=request.data)
        given.is_valid(raise_exception=True)
        review, parent = review_at(request, pk), None
        if number := given.validated_data.get("parent"):
            visible = Reply.objects.visible_to(request.user).filter(review=review)
            parent = visible.filter(pk=number).first()
            if parent is None:
                raise Http404(f"There is no reply {number} to this review.")
        text = given.validated_data["text"]
        made = done(lambda: threads.reply(review, text, by=by, parent=parent))
        shown = next(reply for reply in thread_of(request, review) if reply.reply.pk == made.pk)
        return Response(self.serialized(shown, many=False), status=201)


class ReplyDetail(ReadView):
    """One answer to a review. PATCH gives your own another text."""

    serializer_class = ReplySerializer
    http_method_names = ["get", "head", "options", "patch"]

    def get(self, request: Request, pk: int) -> Response:
        shown = reading.one_reply(reply_of(request, pk), request.user)
        return Response(self.serialized(shown, many=False))

    @extend_schema(request=ChangeReply, responses={200: ReplySerializer})
    @transaction.atomic
    def patch(self, request: Request, pk: int) -> Response:
        """Change it: of a public answer the earlier text stays until a moderator has read it."""
        by = member(request)
        reply = reply_of(request, pk, locked=True)
        if reply.author_id != by.pk:
            raise exceptions.PermissionDenied("This is not your answer.")
        require_match(self, request, reading.one_reply(reply, request.user))
        given = ChangeReply(data=request.data)
        given.is_valid(raise_exception=True)
        text = given.validated_data["text"]
        done(lambda: changed_replies.edit_reply(reply, text, by=by, seen=reply.revision))
        shown = reading.one_reply(reply, request.user)
        return Response(self.serialized(shown, many=False))


class ReplyVersions(ReadView):
    """The texts that an answer had, oldest first; your own and for moderators also unshown ones.

    Empty for an answer that was never changed.
    """

    serializer_class = ReplyVersionSerializer
    http_method_names = ["get", "head", "options"]
    is_list = True

    @extend_schema(responses={200: ReplyVersionSerializer(many=True)})
    def get(self, request: Request, pk: int) -> Response:
        versions = changed_replies.versions_for(reply_of(request, pk), request.user)
        return Response({"results": self.serialized(versions, many=True), "next": None})


def reply_of(request: Request, pk: int, *, locked: bool = False) -> Reply:
    """The answer, if this reader may see it."""
    visible = Reply.objects.visible_to(request.user).select_related("review__paper")
    if locked:
        visible = visible.select_for_update(of=("self",))
    reply = visible.filter(pk=pk).first()
    if reply is None:
        raise Http404(f"There is no reply {pk}.")
    return reply


class ReplyStep(StepView, ABC):
    """A step in the life of your own answer. Answers with it."""

    serializer_class = ReplySerializer

    @abstractmethod
    def act(self, reply: Reply, by: User) -> None:
        """Take the step. Raises NotPossible when it cannot be taken."""

    @extend_schema(request=None, responses={200: ReplySerializer})
    def post(self, request: Request, pk: int) -> Response:
        reply = self._own(request).filter(pk=pk).first()
        if reply is None:
            raise Http404(f"You wrote no reply {pk}.")
        done(lambda: self.act(reply, signed_in(request.user)))
        shown = reading.one_reply(reply, request.user)
        return Response(self.serialized(shown, many=False))

    @staticmethod
    def _own(request: Request) -> QuerySet[Reply]:
        mine = Reply.objects.visible_to(request.user).filter(author=request.user.pk)
        return mine.select_related("review__paper")


class WithdrawReply(ReplyStep):
    """Take your answer away from everybody; answers to it stay."""

    def act(self, reply: Reply, by: User) -> None:
        threads.withdraw_reply(reply, by=by)


class RestoreReply(ReplyStep):
    """Undo the withdrawal: the answer stands where it stood."""

    def act(self, reply: Reply, by: User) -> None:
        threads.restore_reply(reply, by=by)


class AppealReply(ReplyStep):
    """Ask for another look at your declined or hidden answer; needs a reason."""

    @extend_schema(request=ReasonSerializer, responses={200: ReplySerializer})
    def post(self, request: Request, pk: int) -> Response:
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        self.reason = given.validated_data["reason"]
        return super().post(request, pk)

    def act(self, reply: Reply, by: User) -> None:
        transitions.appeal(reply, by=by, reason=self.reason)


class Helpful(ReadView):
    """Your mark on a review: PUT sets it, DELETE takes it back."""

    serializer_class = HelpfulSerializer
    permission_classes = SIGNED_IN  # type: ignore[assignment]
    http_method_names = ["get", "head", "options", "put", "delete"]
    needs_match = False

    def get(self, request: Request, pk: int) -> Response:
        row = threads.helpful(review_at(request, pk), by=signed_in(request.user))
        return Response(self.serialized(row, many=False))

    @extend_schema(request=None, responses={200: HelpfulSerializer})
    def put(self, request: Request, pk: int) -> Response:
        """Mark the review as helpful; marked again, nothing changes."""
        review = review_at(request, pk)
        done(lambda: threads.mark_helpful(review, by=signed_in(request.user), wanted=True))
        return self.get(request, pk)

    def delete(self, request: Request, pk: int) -> Response:
        """Take the mark back."""
        review = review_at(request, pk)
        done(lambda: threads.mark_helpful(review, by=signed_in(request.user), wanted=False))
        return Response(status=status.HTTP_204_NO_CONTENT)


urlpatterns = [
    path("reviews/<int:pk>/replies/", Replies.as_view(), name="review-replies"),
    path("reviews/<int:pk>/helpful/", Helpful.as_view(), name="review-helpful"),
    path("replies/<int:pk>/", ReplyDetail.as_view(), name="reply"),
    path("replies/<int:pk>/versions/", ReplyVersions.as_view(), name="reply-versions"),
    path("replies/<int:pk>/withdraw/", WithdrawReply.as_view(), name="reply-withdraw"),
    path("replies/<int:pk>/restore/", RestoreReply.as_view(), name="reply-restore"),
    path("replies/<int:pk>/appeal/", AppealReply.as_view(), name="reply-appeal"),
]
