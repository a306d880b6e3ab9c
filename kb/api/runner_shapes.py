"""What /runners/ and /hand-ins/ take and answer with."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from community.members.profiles import shown_name
from kb.api.machinery.links import PageAddress
from reproductions.attested import signing
from reproductions.models import Attestation, Run, Runner
from reproductions.protocol import DEVICES, SCALES
from reproductions.runs.collected import LINE_ROWS


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


class _Reasoned(serializers.Serializer):
    """A curator's word, with the reason when it is no."""

    reason = serializers.CharField(
        max_length=500, default="", allow_blank=True, help_text="Needed to refuse."
    )


class RunnerDecision(_Reasoned):
    """A curator's word about a runner."""

    decision = serializers.ChoiceField(choices=("trust", "refuse"))


class HandInDecision(_Reasoned):
    """A curator's word about a record."""

    decision = serializers.ChoiceField(choices=("accept", "refuse"))


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
