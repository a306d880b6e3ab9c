"""Topics, venues, numbers, programs and tables as schema.org, beside papers and people."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from kb.pages.sharing.cards import SITE_NAME, Card
from papers.models import Venue
from reproductions.models import PublishedNumber
from taxonomy.models import Topic

CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
_VENUES = {
    Venue.Kind.CONFERENCE: "EventSeries",
    Venue.Kind.WORKSHOP: "EventSeries",
    Venue.Kind.JOURNAL: "Periodical",
}


def website(request: HttpRequest) -> dict[str, Any]:
    """The site, with how to search it."""
    site = _site(request)
    return {
        "@type": "WebSite",
        "@id": f"{site}/#site",
        "url": f"{site}/",
        "name": SITE_NAME,
        "inLanguage": "en",
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{site}{reverse('papers')}?q={{search_term_string}}",
            "query-input": "required name=search_term_string",
        },
    }


def topic(request: HttpRequest, shown: Topic) -> dict[str, Any]:
    """A word of the taxonomy."""
    site = _site(request)
    return _known(
        {
            "@type": "DefinedTerm",
            "@id": site + shown.get_absolute_url(),
            "url": site + shown.get_absolute_url(),
            "name": shown.name,
            "alternateName": [name for name in (shown.name_zh, *shown.aliases) if name],
            "description": shown.definition,
            "termCode": shown.slug,
            "inDefinedTermSet": site + reverse("topics"),
        }
    )


def venue(request: HttpRequest, shown: Venue) -> dict[str, Any]:
    """A journal, or a series of meetings."""
    page = _site(request) + shown.get_absolute_url()
    return _known(
        {
            "@type": _VENUES.get(Venue.Kind(shown.kind), "Organization"),
            "@id": page,
            "url": page,
            "name": shown.full_name or shown.name,
            "alternateName": shown.name if shown.full_name else "",
        }
    )


def number(request: HttpRequest, shown: PublishedNumber) -> dict[str, Any]:
    """A printed number as an observation, with the paper that prints it."""
    site = _site(request)
    page = site + shown.get_absolute_url()
    return _known(
        {
            "@type": "Observation",
            "@id": page,
            "url": page,
            "name": shown.setting,
            "measuredProperty": shown.metric,
            "value": float(shown.value),
            "unitText": shown.unit,
            "isBasedOn": site + shown.paper.get_absolute_url(),
            "description": f"Printed as {shown.printed}; {shown.get_state_display()} here.",
        }
    )


def data_set(request: HttpRequest, card: Card, files: dict[str, str]) -> dict[str, Any]:
    """Rows that can be taken away. files: media types of their forms, by suffix."""
    site = _site(request)
    page = site + card.address
    place = page.rstrip("/")
    return {
        "@type": "Dataset",
        "@id": page,
        "url": page,
        "name": card.title,
        "description": card.description or card.title,
        "license": CC0,
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": media_type.partition(";")[0],
                "contentUrl": f"{place}.{suffix}",
            }
            for suffix, media_type in files.items()
        ],
    }


def program(request: HttpRequest, slug: str, title: str, papers: list[str]) -> dict[str, Any]:
    """A reference program. papers: paths of the papers that it is of."""
    site = _site(request)
    page = site + reverse("reproduction", args=[slug])
    return _known(
        {
            "@type": "SoftwareSourceCode",
            "@id": page,
            "url": page,
            "name": title,
            "programmingLanguage": "Python",
            "isBasedOn": [site + path for path in papers],
        }
    )


def _known(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in ("", [], None)}


def _site(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
