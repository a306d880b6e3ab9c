"""Papers looked up by the hundred, and records that are papers no longer."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Visitor
from community.following.gone import gone_papers
from kb.api.machinery.paging import Order
from kb.api.machinery.parameters import Parameter, read
from kb.api.machinery.schema import ReadSchema
from kb.api.machinery.views import SELECT, Conditional, ListView, select_fields
from kb.api.paper_shapes import PaperSerializer
from kb.api.papers import with_fields
from papers.identifiers import recognise
from papers.models import OldKey, Paper

MOST_IDENTIFIERS = 200
LONGEST_IDENTIFIER = 300


class IdentifiersSerializer(serializers.Serializer):
    """What to look up."""

    ids = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_IDENTIFIER),
        max_length=MOST_IDENTIFIERS,
        help_text="Keys, arXiv ids, DOIs, OpenReview and ACL ids, as people write them.",
    )


class LookedUpSerializer(serializers.Serializer):
    """One identifier and its paper."""

    id = serializers.CharField()
    paper = PaperSerializer(allow_null=True)


class BatchSerializer(serializers.Serializer):
    """The papers, in the order of the identifiers; null for what is not here."""

    results = LookedUpSerializer(many=True)
    missing = serializers.ListField(child=serializers.CharField())


class PaperBatch(Conditional):
    """Papers by their identifiers. It reads only, so it needs no account; `select` works."""

    http_method_names = ["post", "options"]
    permission_classes = (AllowAny,)
    repeats_by_itself = True
    schema = ReadSchema()

    @extend_schema(request=IdentifiersSerializer, responses=BatchSerializer)
    def post(self, request: Request) -> Response:
        selected = read(request.query_params, [SELECT]).get("select", [])
        serializer = IdentifiersSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        identifiers = list(dict.fromkeys(serializer.validated_data["ids"]))
        papers = papers_by(identifiers, request.user)
        rows = with_fields(Paper.objects.filter(pk__in=set(papers.values())), selected)
        shape = PaperSerializer(context={"request": request})
        select_fields(shape, [*selected, "key"] if selected else [])
        keys = dict(rows.values_list("pk", "key"))
        by_key = {paper.key: shape.to_representation(paper) for paper in rows}
        results = [
            {"id": identifier, "paper": by_key.get(keys.get(papers.get(identifier, 0), ""))}
            for identifier in identifiers
        ]
        missing = [row["id"] for row in results if row["paper"] is None]
        return Response({"results": results, "missing": missing})


def papers_by(identifiers: Sequence[str], user: Visitor) -> dict[str, int]:
    """The numbers of the papers that the user may see, by the identifiers as they were given.

    Three questions to the database, however many identifiers. Merged records answer as the one
    that they were merged into.
    """
    schemes: dict[str, dict[str, str]] = {}
    for text in identifiers:
        if recognised := recognise(text):
            schemes.setdefault(recognised.scheme.value, {})[text] = recognised.value.lower()
    wanted = Q(key__in=identifiers)
    for scheme, values in schemes.items():
        wanted |= Q(**{f"lower_{scheme}__in": list(values.values())})
    lower = {f"lower_{scheme}": Lower(scheme) for scheme in schemes}
    names = ("pk", "key", *schemes, "merged_into_id")
    rows = list(Paper.objects.annotate(**lower).filter(wanted).values(*names))
    keys = {row["key"]: row["pk"] for row in rows}
    old = dict(OldKey.objects.filter(key__in=identifiers).values_list("key", "paper_id"))
    ids = {
        scheme: {str(row[scheme]).lower(): row["pk"] for row in rows if row[scheme]}
        for scheme in schemes
    }
    merged = {row["pk"]: row["merged_into_id"] for row in rows if row["merged_into_id"]}
    numbers = {}
    for text in identifiers:
        number = keys.get(text) or old.get(text)
        for scheme, values in schemes.items():
            number = number or ids[scheme].get(values.get(text, ""))
        if number:
            numbers[text] = merged.get(number, number)
    seen = Paper.objects.visible_to(user).filter(pk__in=set(numbers.values()))
    visible = set(seen.values_list("pk", flat=True))
    return {text: number for text, number in numbers.items() if number in visible}


class GoneSerializer(serializers.Serializer):
    """A record that is no paper of the site any more."""

    key = serializers.CharField()
    state = serializers.ChoiceField(("merged", "withdrawn", "hidden"))
    merged_into = serializers.CharField(
        source="survivor", allow_null=True, help_text="Key of what it is part of now."
    )
    at = serializers.DateTimeField(help_text="When the record last changed.")


class GonePapers(ListView):
    """Papers that were merged, withdrawn or hidden. For those who keep a copy: ask with
    `updated_since` after each pass over the papers that changed.
    """

    serializer_class = GoneSerializer
    order = Order("at", ("updated_at", "pk"))
    parameters = (Parameter("updated_since", "Gone or changed at this instant or later.", "time"),)

    def rows(self) -> QuerySet[Paper]:
        gone = gone_papers()
        if since := self.given.get("updated_since"):
            gone = gone.filter(updated_at__gte=since)
        return gone.annotate(at=F("updated_at"), survivor=F("merged_into__key"))
