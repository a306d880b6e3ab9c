"""/runners/: machines of members that perform runs, from registering to signed records."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import signed_in
from kb.api.machinery.owned import checked
from kb.api.machinery.paging import Order
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.views import ListView, ReadView, StepView
from kb.api.records_sent import RecordUnprocessable, TakesRecord, answered, member_of
from kb.api.runner_shapes import (
    DeliveredSerializer,
    EquipmentSerializer,
    GivenSerializer,
    HeardSerializer,
    LeaseSerializer,
    NewRunner,
    RunnerDecision,
    RunnerSerializer,
    ToldSerializer,
)
from reproductions.attested import accepting, registering, taking
from reproductions.models import Runner
from reproductions.runs.collected import Said


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
        given, user = checked(NewRunner, request), member_of(request)
        runner, new = answered(
            lambda: registering.register(by=user, host=request.get_host(), **given)
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
        runner, decided, user = (
            runner_at(request, pk),
            checked(RunnerDecision, request),
            signed_in(request.user),
        )
        if decided["decision"] == "trust":
            runner = answered(lambda: registering.trust(runner=runner, by=user))
        else:
            reason = decided["reason"]
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
        news, runner = checked(ToldSerializer, request), own_runner(request, pk)
        held = answered(lambda: taking.held_run(runner, run, news["lease"]))
        lines = [Said(**line) for line in news["lines"]]
        progress = {name: news[name] for name in ("done", "total", "note")}
        heard = answered(lambda: taking.hear(held, lines, **progress))
        return Response(HeardSerializer(heard).data)


class RunnerGiveBack(StepView):
    """Lets a run that your runner holds wait for another machine."""

    serializer_class = DeliveredSerializer
    scope = "run"

    @extend_schema(request=LeaseSerializer, responses={200: DeliveredSerializer})
    def post(self, request: Request, pk: int, run: int) -> Response:
        """Give the run back."""
        given, runner = checked(LeaseSerializer, request), own_runner(request, pk)
        held = answered(lambda: taking.held_run(runner, run, given["lease"]))
        answered(lambda: taking.give_back(held))
        held.refresh_from_db()
        return Response(self.serialized(held, many=False))


class RunnerRecord(TakesRecord, StepView):
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


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RecordUnprocessable("The record is no UTF-8.") from error


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


urlpatterns = [
    path("runners/", RunnerList.as_view(), name="runners"),
    path("runners/<int:pk>/", RunnerDetail.as_view(), name="runner"),
    path("runners/<int:pk>/decision/", RunnerDecide.as_view(), name="runner-decision"),
    path("runners/<int:pk>/retire/", RunnerRetire.as_view(), name="runner-retire"),
    path("runners/<int:pk>/take/", RunnerTake.as_view(), name="runner-take"),
    path("runners/<int:pk>/runs/<int:run>/lines/", RunnerLines.as_view(), name="runner-lines"),
    path("runners/<int:pk>/runs/<int:run>/record/", RunnerRecord.as_view(), name="runner-record"),
    path("runners/<int:pk>/runs/<int:run>/give-back/", RunnerGiveBack.as_view(), name="give-back"),
]
