"""/topics/: the taxonomy."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import Q, QuerySet
from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Visitor
from kb.api.finding import known_rows
from kb.api.machinery.links import PageAddress
from kb.api.machinery.paging import Order, page_of
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.views import ListView, ReadView
from papers.models import Lecture, Paper, PaperTopic
from taxonomy.models import Topic, assemble


class TopicSerializer(serializers.ModelSerializer[Topic]):
    """A node of the taxonomy. `paper_count` counts papers at the node or below it, each once."""

    url = PageAddress(help_text="Page for people.")
    parent = serializers.CharField(  # type: ignore[assignment]
        source="parent.slug", default=None, allow_null=True
    )
    aliases = serializers.ListField(child=serializers.CharField())
    paper_count = serializers.IntegerField()

    class Meta:
        model = Topic
        fields = (
            "slug",
            "url",
            "name",
            "name_zh",
            "aliases",
            "parent",
            "path",
            "axis",
            "definition",
            "definition_zh",
            "in_survey",
            "paper_count",
        )


class ParagraphSerializer(serializers.Serializer):
    """A paragraph with its heading. `[@key]` cites the paper with this key."""

    title = serializers.CharField()
    text = serializers.CharField()
    title_zh = serializers.CharField(default="")
    zh = serializers.CharField(default="")


class ReadingSerializer(serializers.Serializer):
    """A paper to read, and why."""

    paper = serializers.CharField(help_text="Key of the paper.")
    why = serializers.CharField()


class LectureSerializer(serializers.ModelSerializer[Lecture]):
    """What the topic is about, in detail. `unconfirmed`: parts that rest on no paper here."""

    paragraphs = ParagraphSerializer(many=True)
    read_five = ReadingSerializer(many=True)
    misconceptions = serializers.ListField(child=serializers.CharField())
    open_questions = serializers.ListField(child=serializers.CharField())
    unconfirmed = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Lecture
        fields = (
            *("by", "unconfirmed", "paragraphs", "read_five", "misconceptions"),
            *("open_questions", "hardware", "figure"),
        )


class OneTopicSerializer(TopicSerializer):
    """A node of the taxonomy with its text, where it has one."""

    lecture = LectureSerializer(default=None, allow_null=True)

    class Meta(TopicSerializer.Meta):
        fields = (*TopicSerializer.Meta.fields, "lecture")  # type: ignore[assignment]


def add_counts(topics: list[Topic], user: Visitor) -> None:
    """Set `paper_count` on each topic; two queries, however many topics."""
    visible = PaperTopic.objects.filter(paper__in=Paper.objects.visible_to(user).values("pk"))
    roots = assemble(Topic.objects.all(), visible.values_list("topic", "paper"))
    counts = {node.topic.pk: node.paper_count for root in roots for node in root.walk()}
    for topic in topics:
        topic.paper_count = counts[topic.pk]  # type: ignore[attr-defined]


class TopicList(ListView):
    """Topics in the order of the tree, parents first."""

    serializer_class = TopicSerializer
    order = Order("tree", ("position", "pk"))
    parameters: ClassVar = (
        Parameter("axis", "What adapts.", choices=tuple(Topic.Axis.values), many=True),
        Parameter("parent", "Slug of a topic; its direct subtopics.", many=True),
        Parameter("q", "Words in the English or Chinese name."),
    )

    def get(self, request: Request) -> Response:
        page = page_of(self.rows(), self.order, self.given)
        add_counts(page.rows, request.user)
        return self.answer(page)

    def rows(self) -> QuerySet[Topic]:
        topics = Topic.objects.select_related("parent")
        if axes := self.given.get("axis"):
            topics = topics.filter(axis__in=axes)
        if parents := known_rows(Topic, self.given, "parent"):
            topics = topics.filter(parent__in=parents)
        for word in self.given.get("q", "").split():
            topics = topics.filter(Q(name__icontains=word) | Q(name_zh__contains=word))
        return topics


class TopicDetail(ReadView):
    """One topic with its text."""

    serializer_class = OneTopicSerializer

    def get(self, request: Request, slug: str) -> Response:
        topic = Topic.objects.select_related("parent", "lecture").filter(slug=slug).first()
        if topic is None:
            raise Http404(f"There is no topic “{slug}”.")
        add_counts([topic], request.user)
        return Response(self.serialized(topic, many=False))
