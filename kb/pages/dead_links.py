"""Addresses outside that do not answer any more, with the pages that lead there."""

from __future__ import annotations

from collections import defaultdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from papers.models import OutsideLink
from papers.watch import links

SHOWN = 200


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Each with its last success, what it answered, and where it stands here."""
    dead = list(links.dead().order_by("-checked_at")[:SHOWN])
    wanted = {link.address for link in dead}
    pages: defaultdict[str, list[links.Mention]] = defaultdict(list)
    if wanted:
        for mention in links.mentions(wanted):
            pages[mention.address].append(mention)
    rows = [(link, pages[link.address][:5]) for link in dead if link.address in pages]
    context = {
        "section": "about",
        "rows": rows,
        "total": OutsideLink.objects.count(),
        "checked": OutsideLink.objects.exclude(checked_at=None).count(),
    }
    return render(request, "dead_links.html", context)
