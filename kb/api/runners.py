"""/runners/ and /hand-ins/: machines of members that perform runs, and records they hand in."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, ClassVar, TypeVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.roles import NotPossible, signed_in
from community.members.profiles import shown_name
from kb.api.machinery.links import PageAddress
from kb.api.machinery.owned import checked
from kb.api.machinery.paging import Order
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.views import ListView, ReadView, StepView
from kb.pages.uploads.limits import cap_uploads
from reproductions.attested import accepting, crates, registering, shapes, signing, taking
from reproductions.models import Attestation, Run, Runner
from reproductions.protocol import DEVICES, SCALES
from reproductions.runs.collected import LINE_ROWS, Said
from work.job import LeaseLost

T = TypeVar("T")


class RecordUnprocessable(exceptions.APIException):
    """What was sent is not taken; the detail says why, and what to do."""

    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_code = "not_taken"


class LeaseEnded(exceptions.APIException):
    """The run is not this runner's any more."""

    status_code = HTTPStatus.CONFLICT
    default_detail = "The lease of this run has ended. Others may have it now."
    default_code = "lease_ended"


def answered(act: Callable[[], T]) -> T:
    """What `act` gives; refusals and ended leases as problems."""
    try:
        return act()
    except NotPossible as error:
        raise RecordUnprocessable(str(error)) from error
    except LeaseLost as error:
        raise LeaseEnded() from error


class RunnerSerializer(serializers.ModelSerializer[Runner]):
    """A member's machine. `fingerprint` is a short name of its key, for people to compare."""

    url = PageAddress(help_text="Page for people.")
    member = serializers.SerializerMethodField()
    fingerprint = serializers.SerializerMethodField()

    class Meta:
        model = Runner
        fields = (
            *("id", "url", "name", "member", "state", "public_key", "fingerprint", "has"),
            *("registered_at", "last_seen_at", "decided_at"),
        )

    def get_member(self, row: Runner) -> str:
        return shown_name(row.owner)  # type: ignore[arg-type]

    def get_fingerprint(self, row: Runner) -> str:
        return signing.fingerprint(row.public_key)


class NewRunner(serializers.Serializer):
    """A key, and the proof that its other half is yours: both as the runner prints them."""

    name = serializers.CharField(max_length=80)
    public_key = serializers.CharField(max_length=100)
    proof = serializers.CharField(max_length=200)


class RunnerDecision(serializers.Serializer):
    """A curator's word about a runner."""

    decision = serializers.ChoiceField(choices=("trust", "refuse"))
    reason = serializers.CharField(
        max_length=500, default="", allow_blank=True, help_text="Needed to refuse."
    )


class HandInDecision(serializers.Serializer):
    """A curator's word about a record."""

    decision = serializers.ChoiceField(choices=("accept", "refuse"))
    reason = serializers.CharField(
        max_length=500, default="", allow_blank=True, help_text="Needed to refuse."
    )


class EquipmentSerializer(serializers.Serializer):
    """What the machine has, and the digests of its programs' code."""

    devices = serializers.ListField(child=serializers.ChoiceField(choices=DEVICES), max_length=8)
    scales = serializers.ListField(child=serializers.ChoiceField(choices=SCALES), max_length=8)
    data_sets = serializers.ListField(
        child=serializers.CharField(max_length=80), max_length=50, default=list
    )
    machine = serializers.CharField(max_length=200, default="", allow_blank=True)
    code = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField(max_length=64)),
        help_text="Of each program: program_sha256, protocol_sha256, datasets_sha256 where it has"
        " one, manifest_sha256.",
    )


class GivenRunSerializer(serializers.ModelSerializer[Run]):
    """A run that was given out; `lease` goes with everything said of it."""

    class Meta:
        model = Run
        fields = (
            *("id", "lease", "lease_until", "program", "scale", "seed", "device"),
            *("code", "limit_seconds"),
        )


class GivenSerializer(serializers.Serializer):
    """A run, or null; `why` tells of waiting runs that this machine did not get."""

    run = GivenRunSerializer(allow_null=True)
    why = serializers.ListField(child=serializers.CharField())


class ToldLineSerializer(serializers.Serializer):
    """One line of the log, numbered from 1."""

    number = serializers.IntegerField(min_value=1, max_value=LINE_ROWS)
    kind = serializers.ChoiceField(choices=("log", "error", "measure", "site"))
    text = serializers.CharField(max_length=2000, allow_blank=True, trim_whitespace=False)
    seconds = serializers.FloatField(min_value=0)


class ToldSerializer(serializers.Serializer):
    """New lines and progress of a run; sent every few seconds it keeps the lease up."""

    lease = serializers.UUIDField()
    lines = ToldLineSerializer(many=True, default=list)
    done = serializers.FloatField(default=0, min_value=0)
    total = serializers.FloatField(default=0, min_value=0)
    note = serializers.CharField(max_length=200, default="", allow_blank=True)


class HeardSerializer(serializers.Serializer):
    """Number of the next line that is wanted, and why to stop, or ""."""

    next_line = serializers.IntegerField()
    stop = serializers.CharField(allow_blank=True)


class LeaseSerializer(serializers.Serializer):
    """The lease under which the run is held."""

    lease = serializers.UUIDField()


class DeliveredSerializer(serializers.ModelSerializer[Run]):
    """The run as its record closed it."""

    url = PageAddress(help_text="Page for people.")

    class Meta:
        model = Run
        fields = ("id", "url", "state", "exit_cause")


class HandInSerializer(serializers.ModelSerializer[Attestation]):
    """A record that a member vouches for. `run` is there once it is accepted."""

    url = PageAddress(help_text="Page for people.")
    run = serializers.IntegerField(source="run_id", allow_null=True)
    runner = serializers.IntegerField(source="runner_id", allow_null=True)
    member = serializers.SerializerMethodField()

    class Meta:
        model = Attestation
        fields = (
            *("id", "url", "program", "scale", "seed", "member", "runner", "run", "state"),
            *("record_sha256", "signature", "handed_in_at", "decided_at", "reason"),
        )

    @extend_schema_field(serializers.CharField())
    def get_member(self, row: Attestation) -> str:
        return shown_name(row.member)  # type: ignore[arg-type]


class RunnerList(ListView):
    """Runners that a curator has confirmed, and your own. POST registers one."""

    serializer_class = RunnerSerializer
    http_method_names = ["get", "head", "options", "post"]
    scope = "run"
    order = Order("-id", ("-pk",))
    parameters: ClassVar = (Parameter("state", "Where it is.", choices=tuple(Runner.State.values)),)

    def rows(self) -> QuerySet[Runner]:
        runners = Runner.objects.visible_to(self.request.user).select_related("owner__profile")
        state = self.given.get("state")
        return runners.filter(state=state) if state else runners

    @extend_schema(request=NewRunner, responses={201: RunnerSerializer, 200: RunnerSerializer})
    def post(self, request: Request) -> Response:
        """Register a machine of yours: 201, or 200 with the one that has this key already."""
        told, user = checked(NewRunner, request), member_of(request)
        runner, new = answered(
            lambda: registering.register(by=user, host=request.get_host(), **told)
        )
        return self.made(runner, "runner", runner.pk, is_new=new)


class RunnerDetail(ReadView):
    """One runner."""

    serializer_class = RunnerSerializer

    def get(self, request: Request, pk: int) -> Response:
        return Response(self.serialized(runner_at(request, pk), many=False))


class RunnerDecide(StepView):
    """A curator confirms a runner, or refuses it, at any time."""

    serializer_class = RunnerSerializer
    scope = "curate"

    @extend_schema(request=RunnerDecision, responses={200: RunnerSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Decide. What a refused runner attested stays visible and counts no more."""
        runner, told, user = (
            runner_at(request, pk),
            checked(RunnerDecision, request),
            signed_in(request.user),
        )
        if told["decision"] == "trust":
            runner = answered(lambda: registering.trust(runner=runner, by=user))
        else:
            reason = told["reason"]
            runner = answered(lambda: registering.distrust(runner=runner, by=user, reason=reason))
        return Response(self.serialized(runner, many=False))


class RunnerRetire(StepView):
    """Ends a runner of yours; what it attested stays."""

    serializer_class = RunnerSerializer
    scope = "run"

    @extend_schema(request=None, responses={200: RunnerSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Retire it; retired again, nothing changes."""
        runner = own_runner(request, pk)
        user = signed_in(request.user)
        runner = answered(lambda: registering.retire(runner=runner, by=user))
        return Response(self.serialized(runner, many=False))


class RunnerTake(StepView):
    """Gives your runner the oldest waiting run that needs what it has."""

    serializer_class = GivenSerializer
    scope = "run"

    @extend_schema(request=EquipmentSerializer, responses={200: GivenSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Take a run, under a lease that ends when it is not heard of for a minute and a half."""
        runner = own_runner(request, pk)
        equipment = taking.Equipment(**checked(EquipmentSerializer, request))
        given = answered(lambda: taking.take(runner, equipment))
        return Response(GivenSerializer({"run": given.run, "why": given.why}).data)


class RunnerLines(StepView):
    """Takes lines of a run that your runner holds."""

    serializer_class = HeardSerializer
    scope = "run"

    @extend_schema(request=ToldSerializer, responses={200: HeardSerializer})
    def post(self, request: Request, pk: int, run: int) -> Response:
        """Store the lines that are new, and keep the lease up."""
        told, runner = checked(ToldSerializer, request), own_runner(request, pk)
        held = answered(lambda: taking.held_run(runner, run, told["lease"]))
        lines = [Said(**line) for line in told["lines"]]
        progress = {name: told[name] for name in ("done", "total", "note")}
        heard = answered(lambda: taking.hear(held, lines, **progress))
        return Response(HeardSerializer(heard).data)


class RunnerGiveBack(StepView):
    """Lets a run that your runner holds wait for another machine."""

    serializer_class = DeliveredSerializer
    scope = "run"

    @extend_schema(request=LeaseSerializer, responses={200: DeliveredSerializer})
    def post(self, request: Request, pk: int, run: int) -> Response:
        """Give the run back."""
        told, runner = checked(LeaseSerializer, request), own_runner(request, pk)
        held = answered(lambda: taking.held_run(runner, run, told["lease"]))
        answered(lambda: taking.give_back(held))
        held.refresh_from_db()
        return Response(self.serialized(held, many=False))


class _Taking(StepView):
    """Takes one file of at most as many bytes as a record may have."""

    parser_classes = (MultiPartParser,)
    repeats_by_itself = True
    scope = "run"

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        self.watch = cap_uploads(request, shapes.MOST_BYTES)
        return super().initialize_request(request, *args, **kwargs)

    def file(self, request: Request, name: str) -> bytes:
        """The file of that field."""
        sent = request.FILES.get(name)
        if self.watch.refused:
            raise RecordUnprocessable(f"{name}: at most {shapes.MOST_BYTES // 2**20} MiB.")
        if sent is None:
            raise RecordUnprocessable(f"{name}: send a file under this name.")
        return bytes(sent.read())


class RunnerRecord(_Taking):
    """Closes a run that your runner holds with its signed record."""

    serializer_class = DeliveredSerializer

    @extend_schema(
        request={
            "multipart/form-data": {
                "type": "object",
                "required": ["lease", "record", "signature"],
                "properties": {
                    "lease": {"type": "string", "format": "uuid"},
                    "record": {"type": "string", "format": "binary"},
                    "signature": {"type": "string"},
                },
            }
        },
        responses={200: DeliveredSerializer},
    )
    def post(self, request: Request, pk: int, run: int) -> Response:
        """Check and store the record. Sent again, the same answer."""
        runner, content = own_runner(request, pk), self.file(request, "record")
        lease = LeaseSerializer(data=request.data)
        lease.is_valid(raise_exception=True)
        held = answered(
            lambda: taking.held_run(runner, run, lease.validated_data["lease"], ended=True)
        )
        text = _decoded(content)
        signature = str(request.POST.get("signature", ""))
        done = answered(
            lambda: accepting.deliver(run=held, runner=runner, text=text, signature=signature)
        )
        return Response(self.serialized(done, many=False))


class HandIns(_Taking, ListView):
    """Records handed in: accepted ones, your own, for curators all. POST hands a crate in."""

    serializer_class = HandInSerializer
    http_method_names = ["get", "head", "options", "post"]
    permission_classes = ReadView.permission_classes  # type: ignore[assignment]
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
        row, told, user = (
            hand_in_at(request, pk),
            checked(HandInDecision, request),
            signed_in(request.user),
        )
        if told["decision"] == "accept":
            row = answered(lambda: accepting.accept(attestation=row, by=user))
        else:
            reason = told["reason"]
            row = answered(lambda: accepting.refuse(attestation=row, by=user, reason=reason))
        return Response(self.serialized(row, many=False))


def hand_in_crate(user: User, content: bytes) -> tuple[Attestation, bool]:
    """Take a packed crate in; the second value says if it is new.  Raises RecordRefused."""
    try:
        crate = crates.read_crate(content, most_bytes=shapes.MOST_BYTES)
    except crates.BadCrate as error:
        raise accepting.RecordRefused(f"This is no crate of a run: {error}.") from error
    return accepting.hand_in(by=user, text=crate.record, signature=crate.signature)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RecordUnprocessable("The record is no UTF-8.") from error


def member_of(request: Request) -> User:
    """The account that asks; 401 without one."""
    if not request.user.is_authenticated:
        raise exceptions.NotAuthenticated()
    return signed_in(request.user)


def runner_at(request: Request, pk: int) -> Runner:
    """The runner, if this reader may see it, or 404."""
    runners = Runner.objects.visible_to(request.user).select_related("owner__profile")
    runner = runners.filter(pk=pk).first()
    if runner is None:
        raise Http404(f"There is no runner {pk}.")
    return runner


def own_runner(request: Request, pk: int) -> Runner:
    """The asker's runner, or 404."""
    runner = Runner.objects.filter(pk=pk, owner=signed_in(request.user)).first()
    if runner is None:
        raise Http404(f"You have no runner {pk}.")
    return runner


def hand_in_at(request: Request, pk: int) -> Attestation:
    """The record, if this reader may see it, or 404."""
    row = Attestation.objects.visible_to(request.user).defer("record").filter(pk=pk).first()
    if row is None:
        raise Http404(f"There is no record {pk}.")
    return row


urlpatterns = [
    path("runners/", RunnerList.as_view(), name="runners"),
    path("runners/<int:pk>/", RunnerDetail.as_view(), name="runner"),
    path("runners/<int:pk>/decision/", RunnerDecide.as_view(), name="runner-decision"),
    path("runners/<int:pk>/retire/", RunnerRetire.as_view(), name="runner-retire"),
    path("runners/<int:pk>/take/", RunnerTake.as_view(), name="runner-take"),
    path("runners/<int:pk>/runs/<int:run>/lines/", RunnerLines.as_view(), name="runner-lines"),
    path("runners/<int:pk>/runs/<int:run>/record/", RunnerRecord.as_view(), name="runner-record"),
    path("runners/<int:pk>/runs/<int:run>/give-back/", RunnerGiveBack.as_view(), name="give-back"),
    path("hand-ins/", HandIns.as_view(), name="hand-ins"),
    path("hand-ins/<int:pk>/", HandInDetail.as_view(), name="hand-in"),
    path("hand-ins/<int:pk>/decision/", HandInDecide.as_view(), name="hand-in-decision"),
]
