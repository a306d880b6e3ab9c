"""All that a search found as one bibliographic file, however much it is."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.models import Visitor
from kb.api.finding import refuse
from kb.api.machinery.errors import InvalidParameters
from papers.formats.registry import FORMATS
from papers.models import Paper
from papers.search import PaperQuery, in_order
from papers.search.language.resolving import resolve

BATCH = 1500  # papers read at once: few questions to the database, and bounded memory


@require_safe
def export_list(request: HttpRequest, suffix: str) -> HttpResponseBase:
    """What a search found, in the order of the list, sent while it is read.

    A query that is not understood is refused with 400, as by the API and feeds: nobody reads in a
    file what was left out.
    """
    if suffix not in FORMATS:
        raise Http404(gettext("There is no export “.{suffix}”.").format(suffix=suffix))
    query = PaperQuery.from_params(request.GET)
    try:
        refuse([*query.problems, *resolve(query).problems])
    except InvalidParameters as error:
        text = "\n".join(part.message for part in error.errors)
        return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")
    chosen = FORMATS[suffix]
    papers = _in_batches(in_order(query, request.user), request.user)
    response = StreamingHttpResponse(
        chosen.stream(papers, f"{request.scheme}://{request.get_host()}"),
        content_type=f"{chosen.media_type}; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="papers.{suffix}"'
    return response


def _in_batches(ids: list[int], user: Visitor) -> Iterator[Paper]:
    """The papers of the ids that `user` may still see, in the same order."""
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        by_id = Paper.objects.visible_to(user).for_export().in_bulk(batch)
        yield from (by_id[pk] for pk in batch if pk in by_id)
