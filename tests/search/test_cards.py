"""The cards of a search: what `for_cards()` reads, in two questions."""

from __future__ import annotations

from typing import Any

import pytest

from papers.models import Authorship, Paper, PaperLink
from papers.search.cards import cards
from taxonomy.tree import TopicTree
from tests import make

pytestmark = pytest.mark.django_db


def told(paper: Paper) -> dict[str, Any]:
    """All that a line in a list shows of a paper."""
    return {
        "venue": paper.venue and paper.venue.name,
        "authors": [
            (row.position, row.printed_name, row.person and row.person.get_absolute_url())
            for row in paper.authorships.all()
        ],
        "topics": [(row.pk, row.topic.name, row.origin) for row in paper.placements.all()],
        "links": [(row.kind, row.url) for row in paper.links.all()],
    }


@pytest.fixture
def papers() -> list[Paper]:
    topics = [make.topic(name) for name in ("Late topic", "Early topic")]
    rich = make.paper(
        "Rich",
        authors=["Gao Huang", "Danlu Chen"],
        topics=topics,
        code="https://example.org/code",
    )
    PaperLink.objects.create(paper=rich, kind="slides", url="https://example.org/slides")
    Authorship.objects.create(paper=rich, position=9, printed_name="Nobody we know")
    shared = make.paper("Shared", authors=["Danlu Chen"], topics=topics[:1])
    return [rich, shared, make.paper("Bare", authors=[], venue=None)]


def test_they_tell_what_lists_of_the_site_tell(papers: list[Paper]) -> None:
    found = cards([paper.pk for paper in papers], None, TopicTree.read())
    usual = Paper.objects.for_cards().in_bulk([paper.pk for paper in papers])

    assert {pk: told(card) for pk, card in found.items()} == {
        pk: told(card) for pk, card in usual.items()
    }


def test_they_have_at_hand_all_that_is_told(
    papers: list[Paper], django_assert_num_queries: Any
) -> None:
    found = cards([paper.pk for paper in papers], None, TopicTree.read())

    with django_assert_num_queries(0):
        for card in found.values():
            told(card)


def test_they_are_papers_as_the_database_has_them(papers: list[Paper]) -> None:
    Paper.objects.filter(pk=papers[0].pk).update(awards=["Best paper"], sources=[{"a": 1}])
    found = cards([paper.pk for paper in papers], None, TopicTree.read())
    columns = [field.attname for field in Paper._meta.concrete_fields]

    for paper in Paper.objects.all():
        card = found[paper.pk]
        assert card == paper
        assert {name: getattr(card, name) for name in columns} == {
            name: getattr(paper, name) for name in columns
        }


def test_nobody_gets_the_card_of_a_hidden_paper(papers: list[Paper]) -> None:
    Paper.objects.filter(pk=papers[0].pk).update(state=Paper.State.HIDDEN)

    assert list(cards([papers[0].pk, papers[1].pk], None, TopicTree.read())) == [papers[1].pk]


def test_a_narrower_question_to_a_card_fails_rather_than_answers_wrongly(
    papers: list[Paper],
) -> None:
    card = cards([papers[0].pk], None, TopicTree.read())[papers[0].pk]

    with pytest.raises(AttributeError):
        card.links.filter(kind="code")
