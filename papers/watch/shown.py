"""What sources outside say of a paper, for its page; in the query that reads the paper."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject, TruncDate

from papers.ingest.match import RETRACTED
from papers.models import Conflict, Decision, FieldSource, OutsideLink, PaperLink, Reported
from papers.models.paper import PaperQuerySet


def with_outside(papers: PaperQuerySet) -> PaperQuerySet:
    """With `outside_numbers` ({kind, source, value, day}), `retractions` ({said, source}),
    `abstract_from` (sources) and `links_seen` ({address, day, failures})."""
    own = OuterRef("pk")
    numbers = Reported.objects.filter(paper=own).order_by("kind", "source")
    retractions = Conflict.objects.filter(paper=own, field=RETRACTED, decision=Decision.ACCEPTED)
    abstract = FieldSource.objects.filter(paper=own, field="abstract").order_by("-at")
    addresses = PaperLink.objects.filter(paper=OuterRef(own)).values("url")
    links = OutsideLink.objects.filter(address__in=addresses).exclude(checked_at=None)
    return papers.annotate(
        outside_numbers=ArraySubquery(
            numbers.values(
                row=JSONObject(kind="kind", source="source", value="value", day=TruncDate("at"))
            )
        ),
        retractions=ArraySubquery(
            retractions.order_by("pk").values(row=JSONObject(said="there", source="source"))
        ),
        abstract_from=ArraySubquery(abstract.values("source")[:1]),
        links_seen=ArraySubquery(
            links.values(
                row=JSONObject(
                    address="address", day=TruncDate("succeeded_at"), failures="failures"
                )
            )
        ),
    )
