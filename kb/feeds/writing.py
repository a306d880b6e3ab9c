"""Django's Atom feed with what it leaves out: pages, several authors, related links, schemes.

The same feed is written as JSON Feed 1.1 where the address ends in `.json`.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.xmlutils import SimplerXMLGenerator

from papers.formats.citation import one_line
from papers.identifiers import Identifier, Scheme
from papers.models import Paper

MEDIA_TYPE = "application/atom+xml"
JSON_FEED = "application/feed+json"
JSON_VERSION = "https://jsonfeed.org/version/1.1"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_TAG_YEAR = "2026"  # when the scheme of ids was fixed; part of every id, so never to be changed


class Feed(Atom1Feed):
    """A feed of this site, paged after RFC 5005.

    Of the feed: `updated`, and where they are known `next_url` and `total`. Of an item: `authors`,
    `related` (addresses), `terms` as (slug, name) of topics, `summary` and its `summary_type`.
    """

    def __init__(
        self, request: HttpRequest, title: str, alternate: str, *, place: str = "", **more: Any
    ) -> None:
        """place: what its id says; without it the path of the request."""
        self.site = f"{request.scheme}://{request.get_host()}"
        super().__init__(
            title=one_line(f"{title} · The Living Survey"),
            link=self.site + alternate,
            description="",
            feed_url=self.site + request.get_full_path(),
            feed_guid=tag(request, place or as_atom(request.path)),
            **more,
        )
        self.request = request
        self.is_json = request.path.endswith(".json")

    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | {"xmlns:opensearch": OPENSEARCH}

    def latest_post_date(self) -> dt.datetime:
        return self.feed["updated"].replace(microsecond=0)

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        if address := self.feed.get("next_url"):
            handler.addQuickElement("link", "", {"rel": "next", "href": address})
        if self.feed.get("total") is not None:
            handler.addQuickElement("opensearch:totalResults", str(self.feed["total"]))
            handler.addQuickElement("opensearch:itemsPerPage", str(len(self.items)))

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item.get("authors", ()):
            handler.startElement("author", AttributesImpl({}))
            handler.addQuickElement("name", one_line(name))
            handler.endElement("author")
        for address in item.get("related", ()):
            handler.addQuickElement("link", "", {"rel": "related", "href": address})
        for slug, name in item.get("terms", ()):
            scheme = self.site + reverse("topics")
            handler.addQuickElement("category", "", {"scheme": scheme, "term": slug, "label": name})
        if summary := item.get("summary"):
            handler.addQuickElement("summary", summary, {"type": item.get("summary_type", "text")})

    def add_paper(
        self, request: HttpRequest, paper: Paper, at: dt.datetime | None = None, note: str = ""
    ) -> None:
        """An entry about a paper (`for_cards`); `at`: when it came where the feed follows it."""
        named = ((scheme, getattr(paper, scheme.value)) for scheme in Scheme)
        text = one_line(paper.tldr or paper.abstract or paper.title)
        self.add_item(
            title=one_line(paper.title),
            link=self.site + paper.get_absolute_url(),
            description=None,  # type: ignore[arg-type]  # the summary is written above
            unique_id=tag(request, f"papers/{paper.key}"),
            pubdate=(at or paper.created_at).replace(microsecond=0),
            updateddate=(at or paper.updated_at).replace(microsecond=0),
            authors=[row.printed_name for row in paper.authorships.all()],
            related=[Identifier(scheme, value).url for scheme, value in named if value],
            terms=[(row.topic.slug, one_line(row.topic.name)) for row in paper.placements.all()],
            summary=f"{one_line(note)} — {text}" if note else text,
        )

    def answer(self) -> HttpResponse:
        """The whole of it as UTF-8: Atom, or JSON Feed where the address asks for it."""
        if not self.is_json:
            return HttpResponse(self.writeString("utf-8"), content_type=self.content_type)
        text = json.dumps(self.as_json_feed(), ensure_ascii=False, indent=1)
        return HttpResponse(text, content_type=f"{JSON_FEED}; charset=utf-8")

    def as_json_feed(self) -> dict[str, Any]:
        """JSON Feed 1.1 (jsonfeed.org): what the Atom feed says, entry by entry."""
        feed = {
            "version": JSON_VERSION,
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "next_url": self.feed.get("next_url"),
            "authors": [{"name": self.feed["author_name"]}] if self.feed["author_name"] else [],
            "language": "en",
            "items": [_json_item(item) for item in self.items],
        }
        return {name: value for name, value in feed.items() if value or name == "items"}


def tag(request: HttpRequest, place: str) -> str:
    """An id that outlives addresses (RFC 4151)."""
    return f"tag:{request.get_host().split(':')[0]},{_TAG_YEAR}:{place.strip('/')}"


def as_atom(path: str) -> str:
    """One feed has one id, however it is written."""
    return path.removesuffix(".json") + ".atom" if path.endswith(".json") else path


def _json_item(item: dict[str, Any]) -> dict[str, Any]:
    """One entry. Readers show `content_text`; JSON Feed wants it or HTML in each item."""
    summary = item.get("summary") or item.get("description") or item["title"]
    content = "content_html" if item.get("summary_type") == "html" else "content_text"
    names = [one_line(name) for name in item.get("authors", ())]
    related = list(item.get("related", ()))
    written = {
        "id": item["unique_id"],
        "url": item["link"],
        "external_url": related[0] if related else "",
        "title": item["title"],
        content: summary,
        "date_published": item["pubdate"].isoformat() if item["pubdate"] else "",
        "date_modified": item["updateddate"].isoformat() if item["updateddate"] else "",
        "authors": [{"name": name} for name in names],
        "tags": [name for _, name in item.get("terms", ())],
    }
    return {name: value for name, value in written.items() if value}
