"""/marks/ and /follows/: what a member has read, and wants to hear of."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import signed_in
from community import lists
from community.following import follows
from community.models import Follow, Mark
from kb.api.machinery.owned import OwnList, checked, done, own_paper
from kb.api.machinery.paging import Order
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.views import SIGNED_IN, ReadView
from kb.api.timeline import PaperRef
from papers.models import Paper


class MarkSerializer(serializers.ModelSerializer[Mark]):
    """A paper that you have read or mean to."""

    paper = PaperRef()

    class Meta:
        model = Mark
        fields = ("paper", "kind", "at")


class NewMark(serializers.Serializer):
    """How to mark the paper."""

    kind = serializers.ChoiceField(choices=Mark.Kind.choices)


class FollowSerializer(serializers.ModelSerializer[Follow]):
    """Something you follow: `target` is a slug, a key or the query string of a search."""

    target = serializers.SerializerMethodField()
    title = serializers.SerializerMethodField()

    class Meta:
        model = Follow
        fields = ("id", "kind", "target", "title", "made_at", "seen_at")

    def get_target(self, row: Follow) -> str:
        return follows.target_of(row)

    def get_title(self, row: Follow) -> str:
        return follows.title_of(row)


class NewFollow(serializers.Serializer):
    """What to follow."""

    kind = serializers.ChoiceField(choices=Follow.Kind.choices)
    target = serializers.CharField(
        max_length=2000,
        help_text="Slug of a topic, person, workshop or list, key of a paper, query string.",
    )


class Marks(OwnList):
    """Papers that you marked, the latest first."""

    http_method_names = ["get", "head", "options"]
    serializer_class = MarkSerializer
    order = Order("-at", ("-at", "-pk"))
    parameters: ClassVar = (
        Parameter("kind", "Only marks of this kind.", choices=tuple(Mark.Kind.values)),
    )

    def rows(self) -> QuerySet[Mark]:
        marks = own_marks(self.request)
        return marks.filter(kind=self.given["kind"]) if "kind" in self.given else marks


class MarkDetail(ReadView):
    """Your mark on a paper. PUT sets it, DELETE takes it away; both may be repeated."""

    http_method_names = ["get", "head", "options", "put", "delete"]
    permission_classes = SIGNED_IN  # type: ignore[assignment]
    serializer_class = MarkSerializer
    needs_match = False

    def get(self, request: Request, key: str) -> Response:
        mark = own_marks(request).filter(paper__key=key).first()
        if mark is None:
            raise Http404(f"You have no mark on a paper “{key}”.")
        return Response(self.serialized(mark, many=False))

    @extend_schema(request=NewMark, responses={200: MarkSerializer})
    def put(self, request: Request, key: str) -> Response:
        """Mark the paper as read or to read."""
        lists.set_mark(
            signed_in(request.user), own_paper(request, key), checked(NewMark, request)["kind"]
        )
        return self.get(request, key)

    def delete(self, request: Request, key: str) -> Response:
        """Take the mark away."""
        lists.set_mark(signed_in(request.user), own_paper(request, key), "")
        return Response(status=status.HTTP_204_NO_CONTENT)


class Follows(OwnList):
    """What you follow. POST follows a topic, person, paper or search."""

    serializer_class = FollowSerializer
    order = Order("made", ("made_at", "pk"))

    def rows(self) -> QuerySet[Follow]:
        return follows.follows_of(signed_in(self.request.user))

    @extend_schema(request=NewFollow, responses={201: FollowSerializer})
    def post(self, request: Request) -> Response:
        """Follow it; followed again, it is the same follow."""
        made = done(lambda: follows.follow(signed_in(request.user), **checked(NewFollow, request)))
        return self.made(made, "follow", made.pk)


class FollowDetail(ReadView):
    """One thing that you follow. DELETE stops it."""

    http_method_names = ["get", "head", "options", "delete"]
    permission_classes = SIGNED_IN  # type: ignore[assignment]
    serializer_class = FollowSerializer
    needs_match = False

    def get(self, request: Request, pk: int) -> Response:
        return Response(self.serialized(self._follow(request, pk), many=False))

    def delete(self, request: Request, pk: int) -> Response:
        """Stop following it."""
        self._follow(request, pk).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _follow(self, request: Request, pk: int) -> Follow:
        follow = follows.follows_of(signed_in(request.user)).filter(pk=pk).first()
        if follow is None:
            raise Http404(f"You follow nothing with the number {pk}.")
        return follow


def own_marks(request: Request) -> QuerySet[Mark]:
    member = signed_in(request.user)
    marks = Mark.objects.filter(user=member, paper__in=Paper.objects.visible_to(member))
    return marks.select_related("paper")


urlpatterns = [
    path("marks/", Marks.as_view(), name="marks"),
    path("marks/<slug:key>/", MarkDetail.as_view(), name="mark"),
    path("follows/", Follows.as_view(), name="follows"),
    path("follows/<int:pk>/", FollowDetail.as_view(), name="follow"),
]
