"""/compare/: operating points that may stand together, as /compare/ draws them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kb.api.machinery.parameters import Parameter
from kb.api.machinery.views import ReadView
from kb.pages.comparing.files import row
from reproductions.comparing.comparison import compare
from reproductions.comparing.quantities import COSTS
from reproductions.comparing.query import CompareQuery

MOST_POINTS = 1000


class GroupSerializer(serializers.Serializer):
    """What is the same for all points of a group."""

    data_set = serializers.CharField()
    split = serializers.CharField()
    measure = serializers.CharField()
    counting = serializers.CharField(help_text="How the cost was counted.")
    by = serializers.CharField(help_text="Who counted or timed it, where others' do not compare.")


class LeftOutSerializer(serializers.Serializer):
    """Points that cannot be compared with those of the answer."""

    group = GroupSerializer()
    count = serializers.IntegerField()
    reasons = serializers.ListField(child=serializers.CharField())
    papers = serializers.ListField(child=serializers.CharField())


class ComparisonSerializer(serializers.Serializer):
    """Comparable operating points, the cheapest first, and what was left out.

    `kind` of a point: reproduced (a run of ours met its cost or quality), reported, static
    (a baseline) or other (another paper's table prints it). `id` and `cost_id` are numbers.
    """

    group = GroupSerializer(allow_null=True)
    count = serializers.IntegerField()
    points = serializers.ListField(child=serializers.DictField())
    pareto = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Ids of the points on the line of each kind, the cheapest first.",
    )
    left_out = LeftOutSerializer(many=True)
    doubtful = serializers.IntegerField(
        help_text="Points left out because they are second-hand or unconfirmed."
    )


class CompareDetail(ReadView):
    """Accuracy against cost: points of the largest comparable group that the question leaves."""

    serializer_class = ComparisonSerializer
    parameters: ClassVar = (
        Parameter("cost", "What the points cost. Default: operations.", choices=tuple(COSTS)),
        Parameter("task", "Task, such as image classification."),
        Parameter("data_set", "Data set, such as ImageNet."),
        Parameter("split", "Split, such as test-dev; - for those that name none."),
        Parameter("measure", "What is measured, such as top-1 or mIoU."),
        Parameter("counting", "How the cost was counted, such as multiply-adds."),
        Parameter("by", "Who counted or timed it; - for what compares everywhere."),
        Parameter("topic", "Slug of a topic; papers at it or below it."),
        Parameter("method", "Slug of a method; papers that introduce it."),
        Parameter("paper", "Key of a paper."),
        Parameter("backbone", "Words of the backbone's name."),
        Parameter("since", "First year.", "integer", most=2100),
        Parameter("until", "Last year.", "integer", most=2100),
        Parameter("second_hand", "Also second-hand and unconfirmed numbers.", "flag"),
        Parameter("mix", "Also what is not comparable.", "flag"),
    )

    def get(self, request: Request) -> Response:
        """The points asked for, at most 1,000."""
        comparison = compare(CompareQuery(**self._asked()), request.user)
        kinds = ("reproduced", "reported", "static")
        answer = {
            "group": comparison.group,
            "count": len(comparison.drawn),
            "points": [row(point) for point in comparison.drawn[:MOST_POINTS]],
            "pareto": {kind: [p.quality.slug for p in comparison.front(kind)] for kind in kinds},
            "left_out": comparison.left_out,
            "doubtful": comparison.doubtful_count,
        }
        return Response(self.serialized(answer, many=False))

    def _asked(self) -> dict[str, Any]:
        names = {parameter.name for parameter in self.parameters}
        return {name: value for name, value in self.given.items() if name in names}


urlpatterns = [path("compare/", CompareDetail.as_view(), name="compare")]
