"""/inbox/: what sources named and is not here, and deciding about it; for curators."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.roles import NotPossible, is_curator, signed_in
from kb.api.machinery.errors import InvalidParameters, Refused
from kb.api.machinery.links import MemberName, PageAddress
from kb.api.machinery.paging import Order
from kb.api.machinery.parameters import Parameter, one_of
from kb.api.machinery.views import SIGNED_IN, ListView, ReadView, StepView
from kb.api.videos import Unprocessable
from papers.models import Find, Paper, Source
from papers.models.watch import FindQuerySet
from papers.watch import deciding
from taxonomy.models import Topic


def curator_of(request: Request) -> User:
    """Who asks, if they curate. Raises PermissionDenied."""
    if not is_curator(request.user):
        raise exceptions.PermissionDenied("The inbox and its sources are for curators.")
    return signed_in(request.user)


DECISIONS = ("accept", "new", "merge", "refuse", "undo")
DECISIONS_AT_ONCE = ("accept", "refuse")


class SuggestedTopic(serializers.Serializer):
    """A topic that a machine suggests for a find, and how sure it is (0 to 1)."""

    slug = serializers.CharField()
    confidence = serializers.FloatField()


class FindSerializer(serializers.ModelSerializer[Find]):
    """A work that a source named. `score`: estimated chance that it belongs to the field, null
    while it was not scored; `may_be`: key of a paper here that it may be; `paper`: key of the paper
    that it is now."""

    url = PageAddress(help_text="Page for people.")
    source: Any = serializers.SlugRelatedField("slug", read_only=True)
    authors = serializers.ListField(
        child=serializers.CharField(), source="candidate.authors", default=list
    )
    abstract = serializers.CharField(source="candidate.abstract", default="")
    also = serializers.ListField(child=serializers.CharField())
    topics = SuggestedTopic(many=True)
    names = serializers.SerializerMethodField(help_text="Names of methods in its title.")
    may_be: Any = serializers.SlugRelatedField("key", read_only=True)
    paper = serializers.SerializerMethodField(help_text="Key of the paper here, if it is public.")
    decided_by = MemberName(allow_null=True)

    class Meta:
        model = Find
        fields = (
            *("id", "url", "state", "title", "authors", "year", "abstract", "abstract_licence"),
            *("arxiv", "doi", "openreview", "acl", "source", "also", "found_at", "score"),
            *("topics", "names", "may_be", "may_be_reason", "paper", "decided_by"),
            *("decided_at", "batch"),
        )

    def get_names(self, find: Find) -> list[str]:
        return [str(row["name"]) for row in find.names]

    def get_paper(self, find: Find) -> str | None:
        paper = find.paper
        return paper.key if paper is not None and paper.state == Paper.State.PUBLIC else None


class FindDecision(serializers.Serializer):
    """`accept`, `new` (a work of its own although it may be a paper here), `merge` (with the paper
    `into`, or the one that it may be), `refuse`, `undo`. `topics`: where it stands, by slug."""

    decision = serializers.ChoiceField(choices=DECISIONS)
    into = serializers.CharField(max_length=80, default="", allow_blank=True)
    topics = serializers.SlugRelatedField(
        "slug",
        queryset=Topic.objects.all(),
        many=True,
        default=list,  # type: ignore[arg-type]  # of many a list, not a topic
    )


class ManyFinds(serializers.Serializer):
    """By `finds` (their numbers), or by `score`: `accept` from it on, `refuse` what is below."""

    decision = serializers.ChoiceField(choices=DECISIONS_AT_ONCE)
    finds = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**31 - 1),
        default=list,
        max_length=deciding.MOST_AT_ONCE,
    )
    score = serializers.FloatField(min_value=0, max_value=1, required=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if bool(given["finds"]) == ("score" in given):
            raise serializers.ValidationError("Say either finds or score.")
        return given


class DecidedTogether(serializers.Serializer):
    """`batch`: undoes them together; `left`: how many were not decided, being perhaps papers that
    are here, or decided by somebody else."""

    batch = serializers.UUIDField()
    done = serializers.IntegerField()
    left = serializers.IntegerField()


class InboxList(ListView):
    """What sources named and is not here. Nothing of it is public."""

    permission_classes = SIGNED_IN  # type: ignore[assignment]
    serializer_class = FindSerializer
    order = Order("id", ("pk",))
    parameters: ClassVar = (
        Parameter("state", "Where it stands.", choices=tuple(Find.State.values)),
        Parameter("source", "Slug of the source that named it."),
        Parameter("q", "Words of title or authors."),
    )

    def rows(self) -> QuerySet[Find]:
        curator_of(self.request)
        rows = _finds(self.request).saying(str(self.given.get("q", "")).replace("\x00", ""))
        if source := self.given.get("source"):
            known = Source.objects.values_list("slug", flat=True)
            if source not in known:
                raise InvalidParameters([one_of("source", source, known)])
            rows = rows.filter(source__slug=source)
        return rows.filter(state=self.given["state"]) if "state" in self.given else rows


class InboxDetail(ReadView):
    """One find."""

    permission_classes = SIGNED_IN  # type: ignore[assignment]
    serializer_class = FindSerializer

    def get(self, request: Request, pk: int) -> Response:
        curator_of(request)
        return Response(self.serialized(_find(request, pk), many=False))


class InboxDecide(StepView):
    """Decide about one find, or undo that; needs the role and the scope `curate`."""

    serializer_class = FindSerializer
    scope = "curate"

    @extend_schema(request=FindDecision, responses={200: FindSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """409 when somebody was first, or the decision needs more than was said."""
        curator, find = curator_of(request), _find(request, pk)
        sent = FindDecision(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            _decide(find, sent.validated_data, curator)
        except NotPossible as problem:
            raise Refused(str(problem)) from problem
        return Response(self.serialized(_find(request, pk), many=False))


def _decide(find: Find, given: dict[str, Any], curator: User) -> None:
    topics = [topic.slug for topic in given["topics"]]
    match given["decision"]:
        case "refuse":
            deciding.refuse(find, by=curator)
        case "undo":
            deciding.undo(find, by=curator)
        case "merge":
            into = find.may_be
            if given["into"]:
                into = Paper.objects.filter(key=given["into"], state=Paper.State.PUBLIC).first()
            if into is None:
                raise Unprocessable({"into": "There is no public paper with this key."})
            deciding.accept(find, by=curator, topics=topics, into=into)
        case decision:
            if find.may_be is not None and decision == "accept":
                raise NotPossible("It may be a paper that is here: say “merge” or “new”.")
            deciding.accept(find, by=curator, topics=topics, is_another=decision == "new")


class InboxDecideMany(StepView):
    """Decide about many finds at once; one undo takes all back."""

    serializer_class = DecidedTogether
    scope = "curate"

    @extend_schema(request=ManyFinds, responses={200: DecidedTogether})
    def post(self, request: Request) -> Response:
        """At most 100 are accepted by score, and 500 refused."""
        curator = curator_of(request)
        sent = ManyFinds(data=request.data)
        sent.is_valid(raise_exception=True)
        given, finds = sent.validated_data, Find.objects.visible_to(curator)
        if "score" not in given:
            outcome = _chosen(finds.filter(pk__in=given["finds"]), given["decision"], curator)
        elif given["decision"] == "accept":
            outcome = deciding.accept_from(given["score"], finds, by=curator)
        else:
            outcome = *deciding.refuse_below(given["score"], finds, by=curator), 0
        batch, done, left = outcome
        return Response(DecidedTogether({"batch": batch, "done": done, "left": left}).data)


def _chosen(finds: FindQuerySet, decision: str, curator: User) -> tuple[uuid.UUID, int, int]:
    batch, done, left = uuid.uuid4(), 0, 0
    for find in finds.order_by("pk"):
        try:
            if decision == "refuse":
                deciding.refuse(find, by=curator, batch=batch)
            elif find.may_be_id is not None:
                raise NotPossible("It may be a paper that is here.")
            else:
                deciding.accept(find, by=curator, batch=batch)
            done += 1
        except NotPossible:
            left += 1
    return batch, done, left


class BatchUndo(StepView):
    """Undo what was decided at once, as far as nobody decided anew."""

    serializer_class = DecidedTogether
    scope = "curate"

    @extend_schema(request=None, responses={200: DecidedTogether})
    def post(self, request: Request, batch: uuid.UUID) -> Response:
        """`done`: how many wait again; 404 for a batch that nobody decided."""
        curator = curator_of(request)
        count = Find.objects.filter(batch=batch).count()
        if not count:
            raise Http404("There is no such batch.")
        done = deciding.undo_batch(batch, by=curator)
        undone = {"batch": batch, "done": done, "left": count - done}
        return Response(DecidedTogether(undone).data)


def _finds(request: Request) -> FindQuerySet:
    linked = ("source", "may_be", "paper", "decided_by__profile")
    return Find.objects.visible_to(request.user).select_related(*linked)


def _find(request: Request, pk: int) -> Find:
    find = _finds(request).filter(pk=pk).first()
    if find is None:
        raise Http404(f"There is no find {pk}.")
    return find


urlpatterns = [
    path("inbox/", InboxList.as_view(), name="inbox"),
    path("inbox/decisions/", InboxDecideMany.as_view(), name="inbox-decisions"),
    path("inbox/batches/<uuid:batch>/undo/", BatchUndo.as_view(), name="inbox-batch-undo"),
    path("inbox/<int:pk>/", InboxDetail.as_view(), name="find"),
    path("inbox/<int:pk>/decision/", InboxDecide.as_view(), name="find-decision"),
]
