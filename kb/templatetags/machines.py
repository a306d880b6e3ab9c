"""What the head of a page tells machines: its feeds."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

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
        '<a href="{0}.atom">Atom feed</a>, <a href="{0}.json">JSON Feed</a>',
        place,
    )
