"""Identifiers as addresses: /abs/1812.08928, /doi/10.…, /openreview/… lead to the paper's page."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest
from django.http import HttpResponsePermanentRedirect as Permanently
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from papers.models import Paper


@require_safe
def by_arxiv(request: HttpRequest, identifier: str) -> Permanently:
    """An arXiv id, with or without version."""
    plain = re.sub(r"v\d+$", "", identifier.removeprefix("arXiv:"))
    return _to_paper(request, arxiv=plain)


@require_safe
def by_openreview(request: HttpRequest, identifier: str) -> Permanently:
    """The id of an OpenReview forum."""
    return _to_paper(request, openreview=identifier)


@require_safe
def by_acl(request: HttpRequest, identifier: str) -> Permanently:
    """An id of the ACL Anthology, old or new."""
    return _to_paper(request, acl__iexact=identifier)


@require_safe
def by_version(request: HttpRequest, key: str, version: int) -> Permanently:
    """The paper whose version `version` (from 1) is asked for: all of them stand on its page."""
    paper = Paper.objects.visible_to(request.user).filter(key=key).first()
    if paper is None or not 1 <= version <= max(1, paper.versions.count()):
        raise Http404(gettext("No paper here has this version."))
    return Permanently(f"{paper.get_absolute_url()}#versions")


@require_safe
def by_doi(request: HttpRequest, identifier: str) -> Permanently:
    """A DOI, in any case."""
    return _to_paper(request, doi__iexact=identifier)


def _to_paper(request: HttpRequest, **condition: str) -> Permanently:
    visible = Paper.objects.visible_to(request.user)
    paper = visible.filter(**condition).first()
    if paper is None or paper.merged_into_id:
        merged = Paper.objects.filter(state=Paper.State.MERGED, **condition)
        paper = visible.filter(pk__in=merged.values("merged_into")).first()
    if paper is None:
        raise Http404(gettext("No paper here has this identifier."))
    return Permanently(paper.get_absolute_url())
