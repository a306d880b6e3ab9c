"""Which addresses have one form for each language, and which stand alone.

Pages have: `/papers/` and `/zh/papers/`. Files, feeds, the API and what other programs keep have
one address in all languages, so that nobody harvests a record twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import Resolver404, URLPattern, URLResolver, resolve
from django.urls.resolvers import LocalePrefixPattern
from django.utils.translation import get_language, override

from kb.languages.offered import ENGLISH, bare, of_code

# Beginnings of routes that stand alone; so do routes with a dot (files) outside of accounts/.
ALONE = (
    "admin/",
    "api/",
    "badges/",
    "cards/",
    "pictures/",
    "linksets/",
    "oembed",
    "papers/<slug:key>/read/<str:name>",
    "documents/<int:pk>/read/<str:name>",
    "charts/",
    "choices/",
    "dumps/<",
    "feeds/",
    "healthz",
    "mcp",
    "oai",
    "unapi",
    "openreview/",
    "acl/",
    "papers/<slug:key>/v<int:version>/",
    "documents/<int:pk>/file",
    "runs/<int:pk>/crate",
    "runs/<int:pk>/plots/",
    "reproductions/<slug:slug>/plots/",
    "workshops/<slug:slug>/files/",
    "workshops/papers/<str:token>/<str:name>",
)


def stands_alone(route: str) -> bool:
    """Whether what is reached by `route` has one address in all languages."""
    if route.startswith("accounts/"):
        return route.endswith("/login/callback/")  # providers know one address only
    return route.startswith(ALONE) or "." in route


class LanguagePrefix(LocalePrefixPattern):
    """The first part of an address: nothing for English, `zh/` while Chinese is spoken."""

    @property
    def language_prefix(self) -> str:
        prefix = of_code(get_language() or "").prefix
        return f"{prefix}/" if prefix else ""


def in_languages(patterns: Iterable[Any]) -> list[URLPattern | URLResolver]:
    """Patterns of the root: those that stand alone, then pages in every language."""
    alone, pages = _parted(patterns)
    return [*alone, URLResolver(LanguagePrefix(prefix_default_language=False), pages)]


def _parted(patterns: Iterable[Any], before: str = "") -> tuple[list[Any], list[Any]]:
    alone: list[Any] = []
    pages: list[Any] = []
    for pattern in patterns:
        route = before + str(pattern.pattern).removeprefix("^")
        if not isinstance(pattern, URLResolver) or stands_alone(route):
            (alone if stands_alone(route) else pages).append(pattern)
            continue
        for inside, kept in zip(_parted(pattern.url_patterns, route), (alone, pages), strict=True):
            if inside:
                rest = (pattern.default_kwargs, pattern.app_name, pattern.namespace)
                kept.append(URLResolver(pattern.pattern, inside, *rest))
    return alone, pages


def found_alone(request: HttpRequest) -> HttpResponse | None:
    """`/zh/` before an address that stands alone leads to that address; None for any other."""
    path = bare(request.path_info)
    with override(ENGLISH.code):
        try:
            match = resolve(path)
        except Resolver404:
            return None
    if not stands_alone(match.route.removeprefix("^")):
        return None
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(path + (f"?{query}" if query else ""))
