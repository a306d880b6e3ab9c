"""A record in a few lines, for a picture or for a frame in somebody else's page.

Cards hold what anybody may see and nothing else, whoever asks: they are copied to other sites.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import override

from kb.languages.offered import of_path
from papers.formats.citation import one_line
from papers.models import Paper
from papers.survivors import paper_key_now
from reproductions.models import PublishedNumber, SurveyTable
from reproductions.survey_tables.definition import read_definition
from taxonomy.models import Topic

MOST_AUTHORS = 4
SITE_NAME = "The Living Survey of Dynamic Neural Networks"


@dataclass(frozen=True)
class Card:
    """What is shown of a record.

    kind, slug: its place below /cards/ and /pictures/. above: a quiet line before the title.
    below: lines after it. value: a figure to be drawn large, "" where there is none.
    address: path of its page. hue: the axis whose colour it takes.
    """

    kind: str
    slug: str
    title: str
    address: str
    above: str = ""
    below: tuple[str, ...] = ()
    value: str = ""
    hue: str = "instance"

    @property
    def description(self) -> str:
        """The lines as one sentence, for whoever shows no picture."""
        parts = (self.above, self.value, *self.below)
        return " · ".join(part for part in parts if part)

    @property
    def picture(self) -> str:
        """Path of its picture."""
        return reverse("card-picture", args=[self.kind, self.slug])

    @property
    def frame(self) -> str:
        """Path of the page that stands in a frame."""
        return reverse("card", args=[self.kind, self.slug])


SITE = Card(
    "site",
    "survey",
    SITE_NAME,
    "/",
    below=("Papers, methods and topics; printed numbers beside what our runs measured.",),
)


def of_paper(paper: Paper) -> Card:
    """The card of a paper (`for_bylines`)."""
    rows = list(paper.authorships.all())
    names = [one_line(row.printed_name) for row in rows]
    more = len(names) > MOST_AUTHORS or paper.authors_incomplete
    byline = ", ".join(names[:MOST_AUTHORS]) + (" and others" if more else "")
    place = paper.venue.name if paper.venue else paper.venue_line
    above = " ".join(str(part) for part in (place, paper.year) if part)
    axis = next((row.topic.axis for row in paper.placements.all()), "instance")
    below = tuple(part for part in (byline, one_line(paper.tldr)) if part)
    address = paper.get_absolute_url()
    return Card("papers", paper.key, one_line(paper.title), address, above, below, hue=str(axis))


def of_topic(topic: Topic, paper_count: int) -> Card:
    """The card of a topic."""
    counted = f"{paper_count} paper{'' if paper_count == 1 else 's'}"
    above = " · ".join(part for part in ("Topic", topic.name_zh, counted) if part)
    below = (one_line(topic.definition),) if topic.definition else ()
    address = topic.get_absolute_url()
    return Card("topics", topic.slug, topic.name, address, above, below, hue=str(topic.axis))


def of_number(number: PublishedNumber) -> Card:
    """The card of a printed number, with what became of it here."""
    below = [one_line(number.paper.title), f"{number.metric}: {number.get_state_display()} here"]
    if number.judgement:
        below.append(one_line(number.judgement.sentence))
    value = f"{number.printed} {number.unit}".strip()
    return Card(
        "numbers",
        number.slug,
        one_line(number.setting),
        number.get_absolute_url(),
        f"A printed number, {number.paper.year}",
        tuple(below),
        value,
    )


def of_table(table: SurveyTable) -> Card:
    """The card of a survey table, by its newest version."""
    newest = table.versions.order_by("-number").first()
    caption = one_line(read_definition(newest.definition).caption) if newest else ""
    above = f"Survey table, version {newest.number}" if newest else "Survey table"
    below = (caption,) if caption else ()
    return Card("tables", table.slug, one_line(table.title), table.get_absolute_url(), above, below)


def _paper(slug: str) -> Card | None:
    paper = Paper.objects.visible_to(None).for_bylines().filter(key=slug).first()
    return of_paper(paper) if paper else None


def _topic(slug: str) -> Card | None:
    topic = Topic.objects.filter(slug=slug).first()
    if topic is None:
        return None
    return of_topic(topic, Paper.objects.visible_to(None).under(topic).count())


def _number(slug: str) -> Card | None:
    number = PublishedNumber.objects.visible_to(None).for_rows().filter(slug=slug).first()
    return of_number(number) if number else None


def _table(slug: str) -> Card | None:
    table = SurveyTable.objects.filter(slug=slug).first()
    return of_table(table) if table else None


_FINDERS: dict[str, Callable[[str], Card | None]] = {
    "papers": _paper,
    "topics": _topic,
    "numbers": _number,
    "tables": _table,
}
_KIND_OF_PAGE = {"paper": "papers", "topic": "topics", "number": "numbers", "table": "tables"}
KINDS = tuple(_FINDERS)


def card(kind: str, slug: str) -> Card:
    """The card of a public record. Raises Http404."""
    if (kind, slug) == (SITE.kind, SITE.slug):
        return SITE
    finder = _FINDERS.get(kind)
    shown = finder(slug) if finder else None
    if shown is None:
        raise Http404("Nothing public here has this card.")
    return shown


def card_at(path: str) -> Card:
    """The card of the record whose page stands at this path, in any language. Raises Http404."""
    try:
        with override(of_path(path).code):
            place = resolve(path if path.endswith("/") else f"{path}/")
    except Resolver404 as error:
        raise Http404("There is no page at this address.") from error
    kind = _KIND_OF_PAGE.get(place.url_name or "", "")
    slug = place.kwargs.get("key") or place.kwargs.get("slug") or ""
    if not kind:
        raise Http404("Papers, topics, numbers and survey tables have cards; this page has none.")
    if kind == "papers":
        slug = paper_key_now(str(slug)) or slug
    return card(kind, str(slug))
