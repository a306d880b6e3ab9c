"""Small cards for frames in other people's pages, and oEmbed, which tells how to frame them.

Such a page may stand in a frame anywhere: it has no script, sets no cookie, and shows what is
public, the same to everybody. No other page of the site may be framed.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from csp.constants import NONE, SELF
from csp.decorators import csp as content_policy
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from kb.feeds.xml import add, xml_response
from kb.pages.sharing.cards import SITE_NAME, Card, card, card_at
from kb.pages.sharing.pictures import HEIGHT, WIDTH
from kb.pages.tables.framed import framed_table

FRAME_WIDTH, NARROWEST = 560, 240
FRAME_HEIGHTS = {"papers": 240, "topics": 240, "numbers": 280, "tables": 420}
LIFE = int(dt.timedelta(days=1).total_seconds())
_POLICY = {
    "default-src": [NONE],
    "style-src": [SELF],
    "img-src": [SELF],
    "frame-ancestors": ["*"],
    "base-uri": [NONE],
    "form-action": [NONE],
}


@require_safe
@xframe_options_exempt
@content_policy(_POLICY)  # type: ignore[arg-type]  # its types know no parameters
@cache_control(public=True, max_age=3600)
def framed(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """The card of a public record, as a page of its own for a frame."""
    shown = card(kind, slug)
    context: dict[str, Any] = {"card": shown, "theme": "auto", "site_name": SITE_NAME}
    if kind == "tables":
        context |= framed_table(slug)
    response = render(request, "sharing/card.html", context)
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
@cache_control(public=True, max_age=3600)
def oembed(request: HttpRequest) -> HttpResponse:
    """oEmbed 1.0: how to show the page at `url` in a frame; `maxwidth`, `maxheight`, `format`."""
    form = request.GET.get("format", "json")
    if form not in ("json", "xml"):
        return _refused("There are the formats json and xml.", 501)
    try:
        widest = _bound(request, "maxwidth", FRAME_WIDTH)
        highest = _bound(request, "maxheight", max(FRAME_HEIGHTS.values()))
    except ValueError:
        return _refused("maxwidth and maxheight are numbers of pixels above 0.", 400)
    if not request.GET.get("url"):
        return _refused("Say with url= which page of this site is meant.", 400)
    try:
        shown = card_at(_path_of(request))
    except Http404 as error:
        return _refused(str(error), 404)
    answer = answer_of(request, shown, widest, highest)
    if form == "json":
        return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})
    root = Element("oembed")
    for name, value in answer.items():
        add(root, name, str(value))
    return xml_response(root, "text/xml")


def answer_of(request: HttpRequest, shown: Card, widest: int, highest: int) -> dict[str, Any]:
    """What oEmbed says of a card, in a frame of at most these pixels."""
    site = f"{request.scheme}://{request.get_host()}"
    width, height = min(widest, FRAME_WIDTH), min(highest, FRAME_HEIGHTS[shown.kind])
    return {
        "version": "1.0",
        "type": "rich",
        "title": shown.title,
        "provider_name": SITE_NAME,
        "provider_url": f"{site}/",
        "cache_age": LIFE,
        "html": frame_code(site, shown, width, height),
        "width": width,
        "height": height,
        "thumbnail_url": site + shown.picture,
        "thumbnail_width": WIDTH,
        "thumbnail_height": HEIGHT,
    }


def frame_code(site: str, shown: Card, width: int = FRAME_WIDTH, height: int = 0) -> str:
    """The element that puts the card into a page; its links open in a window of their own."""
    return format_html(
        '<iframe src="{}{}" title="{}" width="{}" height="{}" loading="lazy"'
        ' sandbox="allow-popups allow-popups-to-escape-sandbox"'
        ' referrerpolicy="no-referrer"></iframe>',
        site,
        shown.frame,
        shown.title,
        width,
        height or FRAME_HEIGHTS[shown.kind],
    )


def _bound(request: HttpRequest, name: str, otherwise: int) -> int:
    text = request.GET.get(name, "")
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and int(text[:6]) > 0):
        raise ValueError(name)
    return max(NARROWEST, int(text[:6]))


def _path_of(request: HttpRequest) -> str:
    """The path of `url`, if it is an address of this site. Raises Http404."""
    try:
        parts = urlsplit(request.GET["url"])
    except ValueError as error:
        raise Http404("This is no address.") from error
    if parts.scheme not in ("http", "https") or parts.netloc != request.get_host():
        raise Http404("This is no address of this site.")
    return parts.path


def _refused(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
