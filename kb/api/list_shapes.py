"""What keepers and members send about public lists and their logs, and what they get, as JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from community.models import ListSuggestion, ReadingSession
from community.models.public_list import LICENCES
from kb.api.timeline import PaperRef


class ListWords(serializers.Serializer[Any]):
    """What to change of a list; what is left out stays."""

    title = serializers.CharField(max_length=110, required=False)
    title_zh = serializers.CharField(max_length=60, allow_blank=True, required=False)
    introduction = serializers.CharField(max_length=8000, allow_blank=True, required=False)
    licence = serializers.ChoiceField(choices=LICENCES, allow_blank=True, required=False)
    newest_first = serializers.BooleanField(required=False)


class SectionWords(serializers.Serializer[Any]):
    """A section. `parent` is the id of the one that it lies in; null for none."""

    title = serializers.CharField(max_length=160)
    title_zh = serializers.CharField(max_length=80, allow_blank=True, required=False)
    introduction = serializers.CharField(max_length=4000, allow_blank=True, required=False)
    focus_name = serializers.CharField(max_length=40, allow_blank=True, required=False)
    parent: Any = serializers.IntegerField(allow_null=True, required=False)


class NewPlacement(serializers.Serializer[Any]):
    """A paper for the end of a section: by key, address, identifier, title, or a line of a list."""

    text = serializers.CharField(max_length=1000)
    section = serializers.IntegerField(allow_null=True, default=None)
    focus = serializers.CharField(max_length=1000, allow_blank=True, required=False)
    notes = serializers.CharField(max_length=4000, allow_blank=True, required=False)


class PlacementWords(serializers.Serializer[Any]):
    """What to change of an entry; what is left out stays."""

    section = serializers.IntegerField(allow_null=True, required=False)
    date = serializers.CharField(max_length=120, allow_blank=True, required=False)
    focus = serializers.CharField(max_length=1000, allow_blank=True, required=False)
    notes = serializers.CharField(max_length=4000, allow_blank=True, required=False)
    before = serializers.IntegerField(
        allow_null=True, required=False, help_text="Id of the entry to stand before; null: last."
    )


class SuggestionSerializer(serializers.ModelSerializer[ListSuggestion]):
    """A suggestion. `answer` is why it was declined."""

    section = serializers.IntegerField(source="section_id", allow_null=True)

    class Meta:
        model = ListSuggestion
        fields = ("id", "text", "reason", "section", "state", "answer", "made_at")


class NewSuggestion(serializers.Serializer[Any]):
    """A paper that belongs into a list, and why."""

    text = serializers.CharField(max_length=1000)
    reason = serializers.CharField(max_length=2000)
    section = serializers.IntegerField(allow_null=True, default=None)


class ListDecision(serializers.Serializer[Any]):
    """`take` it in, with credit, or `decline` it with an answer."""

    decision = serializers.ChoiceField(choices=("take", "decline"))
    answer = serializers.CharField(max_length=2000, allow_blank=True, default="")


class SessionSerializer(serializers.ModelSerializer[ReadingSession]):
    """An entry of a reading log. `paper` is null while it is not in the survey."""

    paper = PaperRef(allow_null=True)
    title = serializers.CharField(source="shown_title")

    class Meta:
        model = ReadingSession
        fields = (
            *("id", "state", "date", "paper", "title", "presenter", "slides", "recording"),
            *("notes", "answer", "public_at"),
        )


class SessionWords(serializers.Serializer[Any]):
    """What to change of an entry of the log; `paper` as in a new entry of a list."""

    date = serializers.DateField(required=False)
    paper = serializers.CharField(max_length=1000, required=False)
    presenter = serializers.CharField(max_length=200, allow_blank=True, required=False)
    slides = serializers.CharField(max_length=500, allow_blank=True, required=False)
    recording = serializers.CharField(max_length=500, allow_blank=True, required=False)
    notes = serializers.CharField(max_length=4000, allow_blank=True, required=False)


class NewSession(SessionWords):
    """An entry of the log; of somebody else than a keeper it waits for one."""

    date = serializers.DateField()
    paper = serializers.CharField(max_length=1000)
