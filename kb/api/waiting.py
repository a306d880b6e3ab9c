"""/waiting/: works that were sent and wait to be confirmed, and what became of them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import path, reverse
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import NotPossible, is_curator, signed_in
from kb.api.machinery.errors import Refused
from kb.api.machinery.links import MemberName, PageAddress, address_of
from kb.api.machinery.paging import Order
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.views import SIGNED_IN, ListView, ReadView, StepView
from kb.api.videos import Unprocessable
from papers.curation import waiting
from papers.models import Paper, WaitingWork
from papers.models.waiting import WaitingWorkQuerySet


class WaitingWorkSerializer(serializers.ModelSerializer[WaitingWork]):
    """A work as it was sent. `paper`: null until it is public; `reason`: why it was refused."""

    url = PageAddress(help_text="Page for people.")
    sent_by = MemberName(source="by", allow_null=True)
    decided_by = serializers.SerializerMethodField(
        help_text="“curator”, the source that said the same, or null."
    )
    authors = serializers.ListField(child=serializers.CharField())
    year = serializers.IntegerField(source="candidate.year", allow_null=True)
    venue_line = serializers.CharField(source="candidate.venue")
    arxiv = serializers.CharField(source="candidate.arxiv")
    doi = serializers.CharField(source="candidate.doi")
    source: Any = serializers.CharField(source="candidate.source")
    document = serializers.SerializerMethodField(help_text="Address of the PDF's document.")
    paper = serializers.SerializerMethodField(help_text="Key of the public paper it is.")

    class Meta:
        model = WaitingWork
        fields = (
            *("id", "url", "state", "title", "authors", "year", "venue_line", "arxiv", "doi"),
            *("source", "sent_by", "sent_at", "decided_by", "decided_at", "reason", "document"),
            "paper",
        )

    def get_decided_by(self, work: WaitingWork) -> str | None:
        return "curator" if work.decided_by_id else work.confirmed_by or None

    def get_document(self, work: WaitingWork) -> str | None:
        if work.document_id is None:
            return None
        return address_of(self, reverse("api:document", args=[work.document_id]))

    def get_paper(self, work: WaitingWork) -> str | None:
        paper = work.paper or work.adds_to
        return paper.key if paper is not None and paper.state == Paper.State.PUBLIC else None


class WaitingDecision(serializers.Serializer):
    """`accept` (as a work of its own), `merge` (with the paper `into`), `refuse`, `undo`."""

    decision = serializers.ChoiceField(choices=("accept", "merge", "refuse", "undo"))
    into = serializers.CharField(max_length=80, default="", allow_blank=True)
    reason = serializers.CharField(max_length=2000, default="", allow_blank=True)
    licence_is_right = serializers.BooleanField(default=False)


class WaitingList(ListView):
    """What you sent; curators see all. Nothing that waits stands anywhere else."""

    permission_classes = SIGNED_IN  # type: ignore[assignment]
    serializer_class = WaitingWorkSerializer
    order = Order("id", ("pk",))
    parameters: ClassVar = (
        Parameter("state", "Where it stands.", choices=tuple(WaitingWork.State.values)),
        Parameter("q", "Words of title, authors, venue, identifiers or abstract."),
    )

    def rows(self) -> QuerySet[WaitingWork]:
        rows = _rows(self.request).saying(str(self.given.get("q", "")).replace("\x00", ""))
        return rows.filter(state=self.given["state"]) if "state" in self.given else rows


class WaitingDetail(ReadView):
    """One work that was sent. DELETE takes your own back while it waits."""

    http_method_names = ["get", "head", "options", "delete"]
    permission_classes = SIGNED_IN  # type: ignore[assignment]
    serializer_class = WaitingWorkSerializer

    def get(self, request: Request, pk: int) -> Response:
        return Response(self.serialized(_work(request, pk), many=False))

    def delete(self, request: Request, pk: int) -> Response:
        """Take it back; 409 when it is decided, or not yours."""
        try:
            waiting.withdraw(_work(request, pk), by=signed_in(request.user))
        except NotPossible as problem:
            raise Refused(str(problem)) from problem
        return Response(status=status.HTTP_204_NO_CONTENT)


class WaitingDecide(StepView):
    """Accept, merge or refuse, once, or undo it; needs the role and the scope `curate`."""

    serializer_class = WaitingWorkSerializer
    scope = "curate"

    @extend_schema(request=WaitingDecision, responses={200: WaitingWorkSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """409 when somebody was first, or the decision needs more than was said."""
        work = _work(request, pk)
        if not is_curator(request.user):
            raise exceptions.PermissionDenied("Only curators decide about what was sent.")
        sent = WaitingDecision(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            _decide(request, work, sent.validated_data)
        except NotPossible as problem:
            raise Refused(str(problem)) from problem
        return Response(self.serialized(_work(request, pk), many=False))


def _decide(request: Request, work: WaitingWork, given: dict[str, Any]) -> None:
    curator = signed_in(request.user)
    match given["decision"]:
        case "refuse":
            waiting.refuse(work, by=curator, reason=given["reason"])
        case "undo":
            waiting.undo(work, by=curator)
        case "merge":
            into = Paper.objects.filter(key=given["into"], state=Paper.State.PUBLIC).first()
            if into is None:
                raise Unprocessable({"into": "There is no public paper with this key."})
            waiting.accept(work, by=curator, into=into, with_licence=given["licence_is_right"])
        case _:
            is_another = work.may_be_id is not None
            waiting.accept(
                work, by=curator, is_another=is_another, with_licence=given["licence_is_right"]
            )


def _rows(request: Request) -> WaitingWorkQuerySet:
    linked = ("by__profile", "decided_by", "document", "paper", "adds_to")
    return WaitingWork.objects.visible_to(request.user).select_related(*linked)


def _work(request: Request, pk: int) -> WaitingWork:
    work = _rows(request).filter(pk=pk).first()
    if work is None:
        raise Http404(f"There is no waiting work {pk}.")
    return work


urlpatterns = [
    path("waiting/", WaitingList.as_view(), name="waiting"),
    path("waiting/<int:pk>/", WaitingDetail.as_view(), name="waiting-work"),
    path("waiting/<int:pk>/decision/", WaitingDecide.as_view(), name="waiting-decision"),
]
