"""/moderation/ and /reports/: what waits for a moderator, decisions about it, and complaints."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import path, reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiToken, User
from accounts.roles import is_moderator, signed_in
from community.moderation import queue, reports, transitions
from kb.api.machinery.errors import Refused
from kb.api.machinery.if_match import Unseen
from kb.api.machinery.links import address_of
from kb.api.machinery.opaque import instant
from kb.api.machinery.owned import checked, done
from kb.api.machinery.paging import FIRST, USUAL_PAGE, Page, bad_cursor, decode, encode
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.tokens_auth import InsufficientScope
from kb.api.machinery.views import SIGNED_IN, PageView, StepView
from kb.api.videos import Unprocessable

ORDER = "waiting"
REPORTED = tuple(reports.kinds())
_REVISION = re.compile(r'(?:W/)?"(\d{1,9})"')
SEEN = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description='The revision of the entry that you read, in quotes: "3".',
)


class PossibleDecisionSerializer(serializers.Serializer):
    """What can be decided about an entry."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    needs_reason = serializers.BooleanField()


class ActSerializer(serializers.Serializer):
    """One step in the life of a contribution. `by` is null where the site itself acted."""

    at = serializers.DateTimeField()
    by = serializers.SerializerMethodField(help_text="“its author” for whoever is anonymous.")
    before = serializers.CharField()
    after = serializers.CharField()
    reason = serializers.CharField()

    def get_by(self, step: queue.Step) -> str | None:
        return step.who or None


class QueueEntrySerializer(serializers.Serializer):
    """Something in the queue. `html` is what a moderator must have read before deciding."""

    kind = serializers.CharField(source="kind.name")
    id = serializers.IntegerField(source="contribution.pk")
    revision = serializers.IntegerField(source="contribution.revision")
    url = serializers.SerializerMethodField(help_text="Page for people.")
    decision_url = serializers.SerializerMethodField(help_text="Where to send the decision.")
    summary = serializers.CharField()
    html = serializers.CharField()
    author = serializers.CharField(
        allow_null=True,
        help_text="Null for the anonymous; POST to `name_url` tells it, and is recorded.",
    )
    name_url = serializers.SerializerMethodField()
    own = serializers.BooleanField(help_text="Yours: another moderator decides.")
    waiting_since = serializers.DateTimeField(source="contribution.state_since")
    appeal = serializers.CharField(source="appeal.reason", default=None, allow_null=True)
    published = serializers.IntegerField(help_text="Contributions of its author that are public.")
    refused = serializers.IntegerField(help_text="Contributions of its author that were refused.")
    decisions = PossibleDecisionSerializer(source="kind.decisions", many=True)
    acts = ActSerializer(many=True)

    def get_url(self, entry: queue.Entry) -> str:
        return address_of(self, entry.url) if entry.url else ""

    def get_name_url(self, entry: queue.Entry) -> str | None:
        place = [entry.kind.name, entry.contribution.pk]
        return (
            None if entry.author else address_of(self, reverse("api:moderation-name", args=place))
        )

    def get_decision_url(self, entry: queue.Entry) -> str:
        place = [entry.kind.name, entry.contribution.pk]
        return address_of(self, reverse("api:moderation-decision", args=place))


class NewDecision(serializers.Serializer):
    """One of the entry's `decisions`; the author reads the reason."""

    decision = serializers.CharField(max_length=20)
    reason = serializers.CharField(max_length=2000, allow_blank=True, default="")


class DecidedSerializer(serializers.Serializer):
    """What was done, and the history of the contribution with it."""

    done = serializers.CharField()
    kind = serializers.CharField()
    id = serializers.IntegerField()
    acts = ActSerializer(many=True)


class ReportSerializer(serializers.Serializer):
    """A complaint about something public. Only moderators read it."""

    kind = serializers.SerializerMethodField()
    id = serializers.IntegerField(source="object_id")
    reason = serializers.CharField()

    @extend_schema_field(serializers.ChoiceField(choices=REPORTED))
    def get_kind(self, report: Any) -> str:
        names = {kind.model: name for name, kind in reports.kinds().items()}
        return names[report.kind.model_class()]


class NewReport(serializers.Serializer):
    """What is wrong with what."""

    kind = serializers.ChoiceField(choices=REPORTED)
    id = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(max_length=reports.LONGEST_REASON)


def moderator(request: Request) -> User:
    """The account, if it and its token may decide about contributions."""
    if is_moderator(request.user):
        return signed_in(request.user)
    if isinstance(request.auth, ApiToken) and "moderate" not in request.auth.scopes:
        raise InsufficientScope("moderate")
    raise PermissionDenied("This is for moderators.")


class Moderation(PageView):
    """What waits for a moderator, the longest waiting first; needs the role and `moderate`."""

    permission_classes = SIGNED_IN  # type: ignore[assignment]
    serializer_class = QueueEntrySerializer
    parameters: ClassVar = (
        Parameter("kind", "Only entries of this kind.", choices=tuple(queue.kinds())),
    )

    def get(self, request: Request) -> Response:
        by, only = moderator(request), self.given.get("kind", "")
        size = self.given.get("per_page", USUAL_PAGE)
        after = place_in(self.given.get("cursor", FIRST))
        entries = queue.entries(by=by, only=only, most=size + 1, after=after)
        more, entries = len(entries) > size, entries[:size]
        count = None
        if self.given.get("with_count"):
            counts = queue.counts(by)
            count = counts[only] if only else sum(counts.values())
        return self.answer(Page(entries, encode(ORDER, entries[-1].place) if more else None, count))


def place_in(cursor: str) -> queue.Place | None:
    """The place that a cursor names. Raises InvalidParameters."""
    if cursor == FIRST:
        return None
    since, pk, name = decode(cursor, ORDER, 3)
    try:
        moment = instant(since)
    except (TypeError, ValueError) as error:
        raise bad_cursor() from error
    if not isinstance(pk, int) or not isinstance(name, str):
        raise bad_cursor()
    return moment, pk, name


class ModerationDecision(StepView):
    """Decides about an entry, once; needs the role and the scope `moderate`."""

    serializer_class = DecidedSerializer
    scope = "moderate"

    @extend_schema(request=NewDecision, responses={200: DecidedSerializer}, parameters=[SEEN])
    def post(self, request: Request, kind: str, pk: int) -> Response:
        """Decide. 409 with who was first, or that it was changed since you read it."""
        by = moderator(request)
        chosen = queue.kinds().get(kind)
        entry = queue.entry(chosen, pk, by=by) if chosen else None
        if chosen is None or entry is None:
            raise Http404(f"There is no {kind} {pk} in the queue.")
        seen, sent = revision_seen(request), checked(NewDecision, request)
        try:
            decision = queue.decide(
                chosen,
                entry.contribution,
                sent["decision"],
                by=by,
                seen=seen,
                reason=sent["reason"],
            )
        except queue.Unclear as error:
            raise Unprocessable({error.field: [str(error)]}) from error
        except transitions.NotPossible as error:
            raise Refused(str(error)) from error
        acts = queue.acts_of(chosen, entry.contribution)
        row = {"done": decision.done, "kind": kind, "id": pk, "acts": acts}
        return Response(self.serialized(row, many=False))


class WhoWroteSerializer(serializers.Serializer):
    """The account behind something anonymous."""

    author = serializers.CharField()


class ModerationName(StepView):
    """Tells who wrote something anonymous; needs the role and the scope `moderate`."""

    serializer_class = WhoWroteSerializer
    scope = "moderate"

    @extend_schema(request=None, responses={200: WhoWroteSerializer})
    def post(self, request: Request, kind: str, pk: int) -> Response:
        """Its account. That you asked stands in the history of the contribution."""
        by = moderator(request)
        chosen = queue.kinds().get(kind)
        entry = queue.entry(chosen, pk, by=by) if chosen else None
        if entry is None:
            raise Http404(f"There is no {kind} {pk} in the queue.")
        try:
            account = queue.name_behind(entry.contribution, by=by)
        except transitions.NotPossible as error:
            raise Refused(str(error)) from error
        return Response(self.serialized({"author": account}, many=False))


def revision_seen(request: Request) -> int:
    """The revision that If-Match names. `*` is refused: a decision is about what was read."""
    given = _REVISION.fullmatch(request.headers.get("If-Match", "").strip())
    if given is None:
        raise Unseen('Send If-Match with the revision of the entry that you read, as in "3".')
    return int(given[1])


class Reports(StepView):
    """Complaints about what is public. Nobody reads them here: they stand in the queue."""

    serializer_class = ReportSerializer

    @extend_schema(request=NewReport, responses={201: ReportSerializer})
    def post(self, request: Request) -> Response:
        """Report it: 201. 409 when you have reported it, or it is not public any more."""
        sent = checked(NewReport, request)
        contribution = reports.reported(
            reports.kinds()[sent["kind"]], sent["id"], by=signed_in(request.user)
        )
        if contribution is None:
            raise Unprocessable({"id": [f"There is no {sent['kind']} {sent['id']}."]})
        made = done(
            lambda: reports.report(contribution, by=signed_in(request.user), reason=sent["reason"])
        )
        return Response(self.serialized(made, many=False), status.HTTP_201_CREATED)


urlpatterns = [
    path("moderation/", Moderation.as_view(), name="moderation"),
    path(
        "moderation/<slug:kind>/<int:pk>/decision/",
        ModerationDecision.as_view(),
        name="moderation-decision",
    ),
    path("moderation/<slug:kind>/<int:pk>/name/", ModerationName.as_view(), name="moderation-name"),
    path("reports/", Reports.as_view(), name="reports"),
]
