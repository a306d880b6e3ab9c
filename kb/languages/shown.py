"""What every page says of its languages: its own, the same page in others, what is offered."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from kb.languages.addresses import stands_alone
from kb.languages.middleware import wanted
from kb.languages.offered import languages, of_code, path_in
from kb.languages.scripts import translated

LONG_ADDRESS = 2_000
"""Characters from which a page names its address once, in a form that buttons send."""


def spoken(request: HttpRequest) -> dict[str, Any]:
    """For templates.

    language: that of the page. languages: all there are, each with `url`, this page in it; a page
    that stands alone leads to the front pages. translated: whether this page has an address in
    each. offered: another language that the reader would rather have, or None. script_words: what
    scripts say, as JSON; "" in English. long_address: whether links to this page are to be buttons.
    """
    match = getattr(request, "resolver_match", None)
    alone = match is not None and stands_alone(match.route.removeprefix("^"))
    here = request.get_full_path()
    language = of_code(get_language() or "")
    urls = [
        {
            "language": offer,
            "url": path_in(offer, "/" if alone else here),
            "path": path_in(offer, request.path),
        }
        for offer in languages()
    ]
    # An address with a language was chosen; English ones are those that links of others lead to.
    rather = None if alone or language.prefix else wanted(request)
    offered = next((offer for offer in urls if offer["language"] == rather != language), None)
    return {
        "language": language,
        "languages": urls,
        "translated": bool(match) and not alone and request.method in ("GET", "HEAD"),
        "offered": offered,
        "script_words": translated() if language.prefix else "",
        "long_address": len(here) > LONG_ADDRESS,
    }
