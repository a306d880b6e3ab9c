"""What a page tells machines: its feeds, what it is, and how it may be shown elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from kb.pages.papers.linked_data import embedded
from kb.pages.sharing.cards import SITE, SITE_NAME, Card
from kb.pages.sharing.pictures import HEIGHT, WIDTH
from kb.pages.sharing.views import frame_code

register = template.Library()

_FEED_TYPES = (("atom", "application/atom+xml"), ("json", "application/feed+json"))


@register.simple_tag
def feed_links(address: str, title: str) -> SafeString:
    """Links to a feed in both of its forms; `address` is that of the Atom feed."""
    place = address.removesuffix(".atom")
    return format_html_join(
        "\n",
        '<link rel="alternate" type="{}" title="{}" href="{}.{}">',
        ((media_type, title, place, suffix) for suffix, media_type in _FEED_TYPES),
    )


@register.simple_tag
def follow_by_feed(address: str) -> SafeString:
    """The feed's two forms for a reader to follow."""
    place = address.removesuffix(".atom")
    return format_html(
        '<a href="{0}.atom">{1}</a>, <a href="{0}.json">JSON Feed</a>', place, gettext("Atom feed")
    )


@register.simple_tag(takes_context=True)
def share(context: Mapping[str, Any], card: Card | str = SITE) -> SafeString:
    """Open Graph and a large picture for a link to this page.

    card: what the page shows; a text is a title alone. Pages with a card of their own can be
    framed, which oEmbed's links tell.
    """
    request = context["request"]
    site = _site(request)
    shown = card if isinstance(card, Card) else SITE
    title = shown.title if isinstance(card, Card) else card
    pairs = [
        ("og:title", title),
        ("og:url", site + request.path),
        ("og:image", site + shown.picture),
        ("og:image:type", "image/png"),
        ("og:image:width", str(WIDTH)),
        ("og:image:height", str(HEIGHT)),
        ("og:image:alt", shown.title),
    ]
    if shown.kind != "papers":  # reference managers keep it as the authors' abstract; ours is none
        pairs.insert(2, ("og:description", shown.description[:300]))
    tags = format_html_join("\n", '<meta property="{}" content="{}">', pairs)
    large = format_html('{}\n<meta name="twitter:card" content="summary_large_image">', tags)
    if shown is SITE:
        return large
    return format_html("{}\n{}", large, _oembed_links(site, shown))


def _oembed_links(site: str, card: Card) -> SafeString:
    address = reverse("oembed")
    return format_html_join(
        "\n",
        '<link rel="alternate" type="{}" title="{}" href="{}{}?{}">',
        (
            (
                f"{'application' if form == 'json' else 'text'}/{form}+oembed",
                card.title,
                site,
                address,
                urlencode({"url": site + card.address, "format": form}),
            )
            for form in ("json", "xml")
        ),
    )


@register.inclusion_tag("sharing/_embed.html", takes_context=True)
def embed_button(context: Mapping[str, Any], card: Card) -> dict[str, Any]:
    """The code of a frame with this card, to be copied."""
    return {"card": card, "code": frame_code(_site(context["request"]), card)}


@register.simple_tag(takes_context=True)
def page_data(context: Mapping[str, Any], kind: str = "WebPage", name: str = "") -> SafeString:
    """The page as schema.org: its kind, its name, and the site that it is part of."""
    request = context["request"]
    site = _site(request)
    data = {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": site + request.path,
        "url": site + request.path,
        "name": name,
        "inLanguage": "en",
        "isPartOf": {"@type": "WebSite", "@id": f"{site}/#site", "name": SITE_NAME},
    }
    return _script({key: value for key, value in data.items() if value})


@register.simple_tag
def linked_page(data: Mapping[str, Any]) -> SafeString:
    """schema.org data that a view made."""
    return _script({"@context": "https://schema.org", **data})


def _script(data: dict[str, Any]) -> SafeString:
    return format_html('<script type="application/ld+json">{}</script>', embedded(data))


def _site(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
