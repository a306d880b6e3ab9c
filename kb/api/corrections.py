"""/corrections/ and /history/: what is proposed, decided, and what changed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import signed_in
from community.corrections import deciding, proposing
from community.corrections.comparing import record_of, rows_of, seen_of
from community.models import Correction
from kb.api.machinery.errors import Refused
from kb.api.machinery.if_match import require_match
from kb.api.machinery.links import MemberName, PageAddress
from kb.api.machinery.paging import Order
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.schema import PageSchema
from kb.api.machinery.views import SIGNED_IN, ListView, ReadView, StepView
from kb.api.videos import Unprocessable
from papers.curation.editing import CannotWrite, fields_of
from papers.history import changes_of
from papers.records import BY_PLURAL, KINDS

MOST_CHANGES = 200


class CorrectionSerializer(serializers.ModelSerializer[Correction]):
    """A proposal. `base` is what the record said when it was made; `written` what came of it."""

    url = PageAddress(help_text="Page for people.")
    record = serializers.SerializerMethodField(help_text="Key of the record; null before it is.")
    proposed_by = MemberName(source="author")
    decided_by = MemberName(allow_null=True)

    class Meta:
        model = Correction
        fields = (
            *("id", "url", "kind", "record_kind", "record", "state", "proposed_by", "reason"),
            *("source", "base", "proposed", "written", "created_at", "decided_at", "decided_by"),
            "answer",
        )

    def get_record(self, correction: Correction) -> str | None:
        record = record_of(correction)
        return KINDS[correction.record_kind].key_of(record) if record is not None else None


class CorrectionWithFields(CorrectionSerializer):
    """With the fields as they are now; `seen` names that state, and a decision sends it back."""

    fields_now = serializers.SerializerMethodField()
    seen = serializers.SerializerMethodField()

    class Meta(CorrectionSerializer.Meta):
        fields = (*CorrectionSerializer.Meta.fields, "fields_now", "seen")  # type: ignore[assignment]

    def get_fields_now(self, correction: Correction) -> dict[str, Any]:
        return {row.name: row.here for row in rows_of(correction)}

    def get_seen(self, correction: Correction) -> str:
        return seen_of(rows_of(correction))


class NewCorrection(serializers.Serializer):
    """`record` with `fields` (a change) or `into` (a merge); `fields` alone propose a paper."""

    record_kind = serializers.ChoiceField(choices=tuple(KINDS), default="paper")
    record = serializers.CharField(max_length=160, default="", allow_blank=True)
    fields: Any = serializers.DictField(default=dict)  # type: ignore[assignment]
    into = serializers.CharField(max_length=160, default="", allow_blank=True)
    reason = serializers.CharField(max_length=4000)
    source: Any = serializers.CharField(max_length=500, default="", allow_blank=True)


class CorrectionDecision(serializers.Serializer):
    """What a curator decides. `values`: what to write instead, for each proposed field."""

    accept = serializers.BooleanField()
    seen = serializers.CharField(max_length=64, default="", allow_blank=True)
    values: Any = serializers.DictField(required=False)  # type: ignore[assignment]
    answer = serializers.CharField(max_length=4000, default="", allow_blank=True)


class CorrectionList(ListView):
    """Your corrections; curators see all. POST proposes one."""

    http_method_names = ["get", "head", "options", "post"]
    permission_classes = SIGNED_IN  # type: ignore[assignment]
    serializer_class = CorrectionSerializer
    order = Order("id", ("pk",))
    parameters: ClassVar = (
        Parameter("state", "Where it stands.", choices=tuple(Correction.State.values)),
        Parameter("kind", "What it proposes.", choices=tuple(Correction.Kind.values)),
    )

    def rows(self) -> QuerySet[Correction]:
        rows = Correction.objects.visible_to(self.request.user)
        wanted = {name: self.given[name] for name in ("state", "kind") if name in self.given}
        return rows.filter(**wanted).with_names()

    @extend_schema(request=NewCorrection, responses={201: CorrectionSerializer})
    def post(self, request: Request) -> Response:
        sent = NewCorrection(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            correction = _propose(request, dict(sent.validated_data))
        except proposing.CannotPropose as problem:
            raise Unprocessable(problem.wrong) from problem
        return self.made(correction, "correction", correction.pk)


def _propose(request: Request, sent: dict[str, Any]) -> Correction:
    sent_by = {"by": request.user, "reason": sent["reason"], "source": sent["source"]}
    if not sent["record"]:
        return proposing.propose_paper(fields=sent["fields"], **sent_by)
    kind = KINDS[sent["record_kind"]]
    record = kind.find(sent["record"], request.user)
    if record is None:
        raise Unprocessable({"record": f"There is no {kind.name} “{sent['record'][:80]}”."})
    if sent["into"]:
        into = kind.find(sent["into"], request.user)
        return proposing.propose_merge(record, into=into, **sent_by)
    return proposing.propose_change(
        record, fields=sent["fields"], base=fields_of(record), **sent_by
    )


class CorrectionDetail(ReadView):
    """One correction. DELETE withdraws your own while it waits."""

    http_method_names = ["get", "head", "options", "delete"]
    permission_classes = SIGNED_IN  # type: ignore[assignment]
    serializer_class = CorrectionWithFields

    def get(self, request: Request, pk: int) -> Response:
        return Response(self.serialized(_found(request, pk), many=False))

    def delete(self, request: Request, pk: int) -> Response:
        """Withdraw it; 409 when it is decided, or not yours."""
        with transaction.atomic():
            Correction.objects.select_for_update().filter(pk=pk).first()
            correction = _found(request, pk)
            require_match(self, request, correction)
            try:
                proposing.withdraw_correction(correction, by=signed_in(request.user))
            except proposing.CannotPropose as problem:
                raise Refused(str(problem)) from problem
        return Response(status=status.HTTP_204_NO_CONTENT)


class CorrectionDecide(StepView):
    """Accept or decline, once; needs the role and the scope `curate`."""

    serializer_class = CorrectionWithFields
    scope = "curate"

    @extend_schema(request=CorrectionDecision, responses={200: CorrectionWithFields})
    def post(self, request: Request, pk: int) -> Response:
        """409 when somebody was first, or the record is not as `seen` says."""
        correction = _found(request, pk)
        sent = CorrectionDecision(data=request.data)
        sent.is_valid(raise_exception=True)
        given = sent.validated_data
        try:
            if given["accept"]:
                values = given.get("values")
                deciding.accept(
                    correction,
                    by=signed_in(request.user),
                    seen=given["seen"],
                    values=values,
                    answer=given["answer"],
                )
            else:
                deciding.decline(correction, by=signed_in(request.user), answer=given["answer"])
        except deciding.NotCurator as problem:
            raise exceptions.PermissionDenied(str(problem)) from problem
        except deciding.NotDecided as problem:
            raise Refused(str(problem)) from problem
        except CannotWrite as problem:
            raise Unprocessable(problem.wrong) from problem
        return Response(self.serialized(correction, many=False))


def _found(request: Request, pk: int) -> Correction:
    rows = Correction.objects.visible_to(request.user).select_related(
        "author__profile", "decided_by__profile"
    )
    correction = rows.filter(pk=pk).first()
    if correction is None:
        raise Http404(f"There is no correction {pk}.")
    return correction


class FieldChangeSerializer(serializers.Serializer):
    """One field, before and after; lists are whole."""

    name = serializers.CharField()
    before = serializers.JSONField()
    after = serializers.JSONField()


class ChangeSerializer(serializers.Serializer):
    """What one act changed in the record. `by` is null where no account acted."""

    id = serializers.CharField(source="key")
    at = serializers.DateTimeField()
    by = MemberName(allow_null=True)
    acted = serializers.CharField(source="source")
    reason = serializers.CharField()
    undoes = serializers.CharField(source="why.undoes", default=None, allow_null=True)
    made = serializers.BooleanField(source="record_is_new")
    changes = FieldChangeSerializer(source="fields", many=True)


class History(ReadView):
    """The newest changes of a record, at most 200, newest first."""

    serializer_class = ChangeSerializer
    pagination_class = PageSchema
    is_list = True

    def get(self, request: Request, plural: str, key: str) -> Response:
        kind = BY_PLURAL.get(plural)
        record = kind.find(key, request.user) if kind else None
        if record is None:
            raise Http404(f"There is no “{key[:100]}” among the {plural[:20]}.")
        changes = changes_of(record)[:MOST_CHANGES]
        return Response({"results": self.serialized(changes, many=True), "next": None})


urlpatterns = [
    path("corrections/", CorrectionList.as_view(), name="corrections"),
    path("corrections/<int:pk>/", CorrectionDetail.as_view(), name="correction"),
    path("corrections/<int:pk>/decision/", CorrectionDecide.as_view(), name="correction-decision"),
    path("history/<slug:plural>/<slug:key>/", History.as_view(), name="history"),
]
