"""One address, several forms: `Accept` at the page of a record leads to the form that is asked for.

Browsers get the page. Whoever prefers BibTeX, RIS, CSL-JSON, JSON or a link set to HTML is sent
(303) to the address of that form, which is what linked data and DOI resolvers do. The pages of
people, workshops and lists also say in their header where their records are (`kb.pages.signposts`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import ResolverMatch, reverse
from django.utils.cache import patch_vary_headers

from kb.pages import signposts
from papers.formats.registry import FORMATS

_HTML = ("text/html", "application/xhtml+xml")
_API = {
    "paper": "api:paper",
    "person": "api:person",
    "venue": "api:venue",
    "workshop": "api:workshop",
    "topic": "api:topic",
    "method": "api:method",
    "number": "api:number",
    "table": "api:table",
    "public-list": "api:public-list",
}
_SETS = {"paper": "papers", "person": "people", "workshop": "workshops", "public-list": "lists"}


class SeeOther(HttpResponseRedirect):
    status_code = 303


class Negotiation:
    """Sends who asks for another form there, and tells in the header where records are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        name = match.url_name if match and not match.namespace else None
        if name not in _API:
            return response
        patch_vary_headers(response, ["Accept"])
        if name in _SETS and name != "paper" and response.status_code == 200 and match:
            site = f"{request.scheme}://{request.get_host()}"
            response["Link"] = signposts.header_of(_SETS[name], _key(match), site)
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: dict[str, object]
    ) -> HttpResponse | None:
        """The redirect for whoever prefers another form to HTML."""
        match = request.resolver_match
        if match is None or match.namespace or match.url_name not in _API:
            return None
        if request.method not in ("GET", "HEAD") or "Accept" not in request.headers:
            return None
        wanted = preferred(request.headers["Accept"], forms_of(match))
        return SeeOther(wanted) if wanted else None


def forms_of(match: ResolverMatch) -> dict[str, str]:
    """The addresses of a record's other forms, by media type."""
    name, key = str(match.url_name), _key(match)
    forms = {"application/json": reverse(_API[name], args=[key])}
    if name in _SETS:
        for media_type, suffix in ((signposts.JSON_TYPE, "json"), (signposts.TEXT_TYPE, "txt")):
            forms[media_type] = reverse("linkset", args=[_SETS[name], key, suffix])
    if name == "paper":
        for suffix, form in FORMATS.items():
            forms[form.media_type] = reverse("paper-export", args=[key, suffix])
        forms["text/x-bibliography"] = reverse("paper-cite", args=[key]) + "?style=apa"
    return forms


@dataclass(frozen=True)
class _Wish:
    media_type: str
    quality: float


def preferred(accept: str, forms: dict[str, str]) -> str:
    """The address of the form that `Accept` prefers to HTML; "" for HTML.

    Wildcards ask for the page, as does whatever we do not have.
    """
    wishes = [_wish(part) for part in accept.split(",")]
    html = max((wish.quality for wish in wishes if wish.media_type in _HTML), default=0.0)
    named = [wish for wish in wishes if wish.media_type in forms and wish.quality > html]
    best = max(named, key=lambda wish: wish.quality, default=None)
    return forms[best.media_type] if best else ""


def _wish(part: str) -> _Wish:
    media_type, *parameters = (piece.strip() for piece in part.split(";"))
    quality = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                quality = min(1.0, max(0.0, float(value)))
            except ValueError:
                quality = 0.0
    return _Wish(media_type.lower(), quality)


def _key(match: ResolverMatch) -> str:
    return str(match.kwargs.get("key") or match.kwargs.get("slug"))
