"""/videos/: recorded talks and slides of papers and workshops."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, permissions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Visitor
from accounts.roles import NotPossible, signed_in
from community.models import State, Video
from community.models.video import LANGUAGES
from community.moderation import transitions
from community.videos.adding import CannotAdd, Wanted, add_video, withdraw_video
from kb.api.finding import paper_by
from kb.api.machinery.errors import Refused
from kb.api.machinery.if_match import require_match
from kb.api.machinery.links import MemberName, PageAddress
from kb.api.machinery.paging import Order
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.views import ListView, ReadView, StepView
from kb.api.paper_shapes import PersonRef
from kb.api.review_shapes import ReasonSerializer
from papers.models import Workshop


class VideoSerializer(serializers.ModelSerializer[Video]):
    """A video. `state` is `published` for all but your own, and for what moderators see."""

    url = PageAddress(help_text="Page for people.")
    paper = serializers.CharField(source="paper.key", default=None, allow_null=True)
    workshop = serializers.CharField(source="workshop.slug", default=None, allow_null=True)
    talk = serializers.CharField(source="talk.title", default="", help_text="Title of the talk.")
    speaker = PersonRef(allow_null=True)
    added_by = MemberName(source="author")
    player = serializers.CharField(help_text="Of the embedded player; empty where only a link is.")

    class Meta:
        model = Video
        fields = (
            *("id", "url", "paper", "workshop", "talk", "kind", "title", "provider"),
            *("provider_id", "address", "player", "start", "language", "speaker", "added_by"),
            *("state", "created_at"),
        )


class NewVideo(serializers.Serializer):
    """A video to add, to a paper (by any of its identifiers) or to a workshop."""

    paper = serializers.CharField(max_length=200, required=False)
    workshop = serializers.SlugField(max_length=80, required=False)
    address = serializers.CharField(max_length=500)
    title = serializers.CharField(max_length=300)
    kind = serializers.ChoiceField(choices=Video.Kind.choices, default=Video.Kind.TALK)
    language = serializers.ChoiceField(choices=LANGUAGES, default="", allow_blank=True)
    start = serializers.CharField(max_length=12, default="", allow_blank=True)
    speaker = serializers.SlugField(max_length=140, default="", allow_blank=True)
    talk = serializers.CharField(max_length=500, default="", allow_blank=True)


def videos_for(user: Visitor) -> QuerySet[Video]:
    """What `user` may see, with all that an answer holds."""
    seen = Video.objects.visible_to(user)
    return seen.for_cards().order_by("pk")


class VideoList(ListView):
    """Videos, oldest first. POST adds one: 201, public or waiting for a moderator as `state` says.

    A video that the paper has already is refused with 422 under whatever spelling of its address.
    """

    http_method_names = ["get", "head", "options", "post"]
    permission_classes = (permissions.IsAuthenticatedOrReadOnly,)  # type: ignore[assignment]
    serializer_class = VideoSerializer
    order = Order("id", ("pk",))
    parameters: ClassVar = (
        Parameter("paper", "Key of a paper."),
        Parameter("workshop", "Slug of a workshop."),
        Parameter("kind", "Kind of video.", choices=tuple(Video.Kind.values), many=True),
        Parameter("state", "Where it stands.", choices=tuple(State.values)),
    )

    def rows(self) -> QuerySet[Video]:
        videos = videos_for(self.request.user)
        wanted = {
            "paper__key": self.given.get("paper"),
            "workshop__slug": self.given.get("workshop"),
            "kind__in": self.given.get("kind"),
            "state": self.given.get("state"),
        }
        return videos.filter(**{name: value for name, value in wanted.items() if value})

    @extend_schema(request=NewVideo, responses={201: VideoSerializer})
    def post(self, request: Request) -> Response:
        wanted = NewVideo(data=request.data)
        wanted.is_valid(raise_exception=True)
        given = dict(wanted.validated_data)
        of = _belongs_to(request, given.pop("paper", ""), given.pop("workshop", ""))
        try:
            video = add_video(by=signed_in(request.user), wanted=Wanted(**given), **of)
        except CannotAdd as problem:
            raise Unprocessable(problem.wrong) from problem
        except NotPossible as problem:
            raise exceptions.Throttled(detail=str(problem)) from problem
        return self.made(video, "video", video.pk)


class Unprocessable(exceptions.ValidationError):
    """What is wrong, field by field."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY


def _belongs_to(request: Request, paper: str, workshop: str) -> dict[str, Any]:
    records: dict[str, Any] = {}
    if paper:
        records["paper"] = paper_by(paper, request.user)
    if workshop:
        records["workshop"] = Workshop.objects.visible_to().filter(slug=workshop).first()
        if records["workshop"] is None:
            raise Unprocessable({"workshop": "There is no such workshop."})
    if not records:
        raise Unprocessable({"paper": "Name a paper, a workshop, or both."})
    return records


class VideoDetail(ReadView):
    """One video. DELETE withdraws your own; nothing is deleted."""

    http_method_names = ["get", "head", "options", "delete"]
    permission_classes = (permissions.IsAuthenticatedOrReadOnly,)  # type: ignore[assignment]
    serializer_class = VideoSerializer

    def get(self, request: Request, pk: int) -> Response:
        return Response(self.serialized(_found(request, pk), many=False))

    def delete(self, request: Request, pk: int) -> Response:
        """Withdraw it. 409 when it is not yours, or not as you saw it."""
        with transaction.atomic():
            Video.objects.select_for_update().filter(pk=pk).first()
            video = _found(request, pk)
            require_match(self, request, video)
            try:
                withdraw_video(video, by=signed_in(request.user))
            except NotPossible as problem:
                raise Refused(str(problem)) from problem
        return Response(status=status.HTTP_204_NO_CONTENT)


class AppealVideo(StepView):
    """Ask for another look at your declined or hidden video; needs a reason."""

    serializer_class = VideoSerializer

    @extend_schema(request=ReasonSerializer, responses={200: VideoSerializer})
    def post(self, request: Request, pk: int) -> Response:
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        video = Video.objects.visible_to(request.user).filter(author=request.user.pk, pk=pk).first()
        if video is None:
            raise Http404(f"You added no video {pk}.")
        try:
            transitions.appeal(
                video, by=signed_in(request.user), reason=given.validated_data["reason"]
            )
        except NotPossible as problem:
            raise Refused(str(problem)) from problem
        return Response(self.serialized(_found(request, pk), many=False))


def _found(request: Request, pk: int) -> Video:
    video = videos_for(request.user).filter(pk=pk).first()
    if video is None:
        raise Http404(f"There is no video {pk}.")
    return video


urlpatterns = [
    path("videos/", VideoList.as_view(), name="videos"),
    path("videos/<int:pk>/", VideoDetail.as_view(), name="video"),
    path("videos/<int:pk>/appeal/", AppealVideo.as_view(), name="video-appeal"),
]
