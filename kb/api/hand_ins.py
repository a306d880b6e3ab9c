"""/hand-ins/: records of runs that members hand in, and what curators decide about them."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.roles import signed_in
from kb.api.machinery.owned import checked
from kb.api.machinery.paging import Order
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.views import ListView, ReadView, StepView
from kb.api.records_sent import TakesRecord, answered, member_of
from kb.api.runner_shapes import HandInDecision, HandInSerializer
from reproductions.attested import accepting, crates, shapes
from reproductions.models import Attestation


class HandIns(TakesRecord, ListView):
    """Records handed in: accepted ones, your own, for curators all. POST hands a crate in."""

    serializer_class = HandInSerializer
    http_method_names = ["get", "head", "options", "post"]
    order = Order("-id", ("-pk",))
    parameters: ClassVar = (
        Parameter("state", "Where it is.", choices=tuple(Attestation.State.values)),
    )

    def rows(self) -> QuerySet[Attestation]:
        rows = Attestation.objects.visible_to(self.request.user)
        rows = rows.select_related("member__profile").defer("record")
        state = self.given.get("state")
        return rows.filter(state=state) if state else rows

    @extend_schema(
        request={
            "multipart/form-data": {
                "type": "object",
                "required": ["crate"],
                "properties": {"crate": {"type": "string", "format": "binary"}},
            }
        },
        responses={201: HandInSerializer, 200: HandInSerializer},
    )
    def post(self, request: Request) -> Response:
        """Hand in a packed RO-Crate: 201, or 200 with what you handed in before."""
        user, content = member_of(request), self.file(request, "crate")
        made, new = answered(lambda: hand_in_crate(user, content))
        return self.made(made, "hand-in", made.pk, is_new=new)


class HandInDetail(ReadView):
    """One record that was handed in."""

    serializer_class = HandInSerializer

    def get(self, request: Request, pk: int) -> Response:
        return Response(self.serialized(hand_in_at(request, pk), many=False))


class HandInDecide(StepView):
    """A curator accepts a waiting record, or declines it."""

    serializer_class = HandInSerializer
    scope = "curate"

    @extend_schema(request=HandInDecision, responses={200: HandInSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Decide, once."""
        row, decided, user = (
            hand_in_at(request, pk),
            checked(HandInDecision, request),
            signed_in(request.user),
        )
        if decided["decision"] == "accept":
            row = answered(lambda: accepting.accept(attestation=row, by=user))
        else:
            reason = decided["reason"]
            row = answered(lambda: accepting.refuse(attestation=row, by=user, reason=reason))
        return Response(self.serialized(row, many=False))


def hand_in_crate(user: User, content: bytes) -> tuple[Attestation, bool]:
    """Take a packed crate in; the second value says if it is new.  Raises RecordRefused."""
    try:
        crate = crates.read_crate(content, most_bytes=shapes.MOST_BYTES)
    except crates.BadCrate as error:
        raise accepting.RecordRefused(f"This is no crate of a run: {error}.") from error
    return accepting.hand_in(by=user, text=crate.record, signature=crate.signature)


def hand_in_at(request: Request, pk: int) -> Attestation:
    """The record, if this reader may see it, or 404."""
    row = Attestation.objects.visible_to(request.user).defer("record").filter(pk=pk).first()
    if row is None:
        raise Http404(f"There is no record {pk}.")
    return row


urlpatterns = [
    path("hand-ins/", HandIns.as_view(), name="hand-ins"),
    path("hand-ins/<int:pk>/", HandInDetail.as_view(), name="hand-in"),
    path("hand-ins/<int:pk>/decision/", HandInDecide.as_view(), name="hand-in-decision"),
]
