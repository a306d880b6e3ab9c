"""/runs/: runs of reference programs, their log, and how to start and cancel them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.urls import path, reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import signed_in
from kb.api.machinery.links import PageAddress, address_of
from kb.api.machinery.paging import Order
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.views import ListView, ReadView
from kb.api.numbers import refused
from reproductions.judging.manifest import ManifestError
from reproductions.models import Judgement, Measurement, Run, RunLine
from reproductions.protocol import DEVICES, SCALES
from reproductions.registry import UnknownProgram
from reproductions.runs import start as running


class RunSerializer(serializers.ModelSerializer[Run]):
    """A run. `state` is where it is, `exit_cause` why it ended; verdicts stand in the detail."""

    url = PageAddress(help_text="Page for people.")
    lines = serializers.SerializerMethodField(help_text="Address of its log.")
    again_of = serializers.IntegerField(source="again_of_id", allow_null=True)
    runner = serializers.IntegerField(
        source="runner_id", allow_null=True, help_text="The member's machine that attests it."
    )

    class Meta:
        model = Run
        fields = (
            "id",
            "url",
            "lines",
            "program",
            "scale",
            "seed",
            "device",
            "state",
            "origin",
            "runner",
            "attempt",
            "again_of",
            "requested_at",
            "started_at",
            "finished_at",
            "progress_done",
            "progress_total",
            "progress_note",
            "exit_code",
            "exit_cause",
            "wall_seconds",
            "cpu_seconds",
            "peak_memory_bytes",
            "code",
            "environment",
            "hardware",
            "isolation",
            "output_sha256",
        )

    def get_lines(self, run: Run) -> str:
        return address_of(self, reverse("api:run-lines", args=[run.pk]))


class MeasurementSerializer(serializers.ModelSerializer[Measurement]):
    """One measured number."""

    id = serializers.CharField(source="identifier")

    class Meta:
        model = Measurement
        fields = (
            "id",
            "setting",
            "metric",
            "value",
            "unit",
            "convention",
            "seed",
            "standard_error",
        )


class JudgementSerializer(serializers.ModelSerializer[Judgement]):
    """One claim after the run; `number` is the id of the published number, null for our own."""

    claim = serializers.CharField(source="claim.identifier")
    number = serializers.CharField(source="claim.number.slug", default=None, allow_null=True)

    class Meta:
        model = Judgement
        fields = (
            "claim",
            "number",
            "verdict",
            "sentence",
            "unit",
            "published",
            "measured",
            "values",
            "difference",
            "relative",
            "rules_version",
        )


class WholeRunSerializer(RunSerializer):
    """A run with what it measured and how its claims were judged."""

    measurements = MeasurementSerializer(many=True)
    judgements = JudgementSerializer(many=True)

    class Meta:
        model = Run
        fields = (*RunSerializer.Meta.fields, "measurements", "judgements")


class LineSerializer(serializers.ModelSerializer[RunLine]):
    """One line of a log; `seconds` since the start."""

    class Meta:
        model = RunLine
        fields = ("number", "kind", "seconds", "text")


class StartSerializer(serializers.Serializer):
    """Which run is wanted."""

    program = serializers.CharField(max_length=80)
    scale = serializers.ChoiceField(choices=SCALES)
    seed = serializers.IntegerField(
        default=None,
        allow_null=True,
        min_value=0,
        max_value=2**32 - 1,
        help_text="Without it the first seed of the manifest at that scale.",
    )
    device = serializers.ChoiceField(choices=DEVICES, default="cpu")
    elsewhere = serializers.BooleanField(
        default=False, help_text="Wait for a runner, a member's machine, instead of running here."
    )


class RunList(ListView):
    """Runs, newest first. POST starts one."""

    serializer_class = RunSerializer
    http_method_names = ["get", "head", "options", "post"]
    order = Order("-id", ("-pk",))
    parameters: ClassVar = (
        Parameter("program", "Slug of a program."),
        Parameter("scale", "Scale of the run.", choices=SCALES),
        Parameter("state", "Where the run is.", choices=tuple(Run.State.values), many=True),
        Parameter(
            "origin",
            "Run here, a record, or attested by a member.",
            choices=tuple(Run.Origin.values),
        ),
    )

    def rows(self) -> QuerySet[Run]:
        runs = Run.objects.visible_to(self.request.user)
        for name in ("program", "scale", "origin"):
            if name in self.given:
                runs = runs.filter(**{name: self.given[name]})
        if states := self.given.get("state"):
            runs = runs.filter(state__in=states)
        return runs

    @extend_schema(request=StartSerializer, responses={201: RunSerializer, 200: RunSerializer})
    def post(self, request: Request) -> Response:
        """Start a run: 201 with the new one, 200 with the one that is active already."""
        wanted = StartSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        run, new = started(request, **wanted.validated_data)
        return self.made(run, "run", run.pk, is_new=new)


def started(request: Request, **wanted: Any) -> tuple[Run, bool]:
    """Start a run for whoever asks; every refusal as a problem."""
    try:
        return running.start_run(**wanted, by=signed_in(request.user))
    except running.NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except running.TooMany as error:
        raise Throttled(60, str(error)) from error
    except UnknownProgram as error:
        raise refused("program", f"program: {error}.") from error
    except (running.NotOffered, ManifestError) as error:
        raise refused("scale", f"{error}.") from error


class RunDetail(ReadView):
    """One run with measurements and judgements."""

    serializer_class = WholeRunSerializer

    def get(self, request: Request, pk: int) -> Response:
        judged = Judgement.objects.select_related("claim__number")
        runs = Run.objects.visible_to(request.user).prefetch_related(
            "measurements", Prefetch("judgements", judged)
        )
        return Response(self.serialized(run_at(runs, pk), many=False))


class RunLines(ListView):
    """The log of a run; `after` asks for what came since."""

    serializer_class = LineSerializer
    order = Order("number", ("number", "pk"))
    parameters: ClassVar = (
        Parameter("after", "Only lines behind this number.", "integer", most=999_999_999),
    )

    def rows(self) -> QuerySet[RunLine]:
        run = run_at(Run.objects.visible_to(self.request.user), self.kwargs["pk"])
        return run.lines.filter(number__gt=self.given.get("after", 0))

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request)


class RunCancel(ReadView):
    """Cancels a run; one that has ended stays as it is."""

    serializer_class = RunSerializer
    http_method_names = ["post", "options"]

    @extend_schema(request=None)
    def post(self, request: Request, pk: int) -> Response:
        """Cancel the run, if it is active, and answer with it."""
        run = run_at(Run.objects.visible_to(request.user), pk)
        try:
            running.cancel_run(run=run, by=signed_in(request.user))
        except running.NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        return Response(self.serialized(run, many=False))


def run_at(runs: QuerySet[Run], pk: int) -> Run:
    """The run of that number, or 404."""
    run = runs.filter(pk=pk).first()
    if run is None:
        raise Http404(f"There is no run {pk}.")
    return run


urlpatterns = [
    path("runs/", RunList.as_view(), name="runs"),
    path("runs/<int:pk>/", RunDetail.as_view(), name="run"),
    path("runs/<int:pk>/lines/", RunLines.as_view(), name="run-lines"),
    path("runs/<int:pk>/cancel/", RunCancel.as_view(), name="run-cancel"),
]
