"""A facet is one entry of the list of fields: everything else follows from it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest
from django.test import Client

from papers.models import Paper
from papers.search import fields, suggest
from papers.search.fields import Field, Kind, Value
from papers.search.language.query import PaperQuery
from tests import make
from tests.search.conftest import Find, counts, titles

pytestmark = pytest.mark.django_db

LICENCES = [Value("cc-by", "Attribution", ("by",)), Value("cc0", "Public domain")]


def _licences(keys: Collection[str] | None) -> list[Value]:
    return [value for value in LICENCES if keys is None or value.key in keys]


def _licences_of(ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    papers = Paper.objects.filter(pk__in=ids).values_list("pk", "title")
    return {pk: ("cc0" if "free" in title else "cc-by",) for pk, title in papers}


@pytest.fixture
def licence(monkeypatch: pytest.MonkeyPatch) -> Field:
    """One more facet than the site has, and papers under it."""
    field = Field(
        "licence", "Licence", Kind.CHOICE, "cc-by", "what readers may do with the paper",
        aliases=("license",), index_name="licence", values=_licences, of_papers=_licences_of,
        is_parameter=True, is_facet=True,
    )  # fmt: skip
    monkeypatch.setattr(fields, "FIELDS", (*fields.FIELDS, field))
    make.paper("Some free gates")
    make.paper("Other gates")
    make.paper("More gates")
    return field


def test_the_grammar_knows_it(licence: Field, find: Find) -> None:
    assert [p.label for p in PaperQuery.from_params({"q": "license:cc0"}).parts] == ["licence: cc0"]
    assert [p.instead for p in PaperQuery.from_params({"q": "licenze:cc0"}).problems] == [
        "licence:cc0"
    ]
    assert find("licence:cc1").problems[0].code == "unknown-licence"


def test_the_index_answers_it(licence: Field, find: Find) -> None:
    assert titles(find("licence:cc0")) == ["Some free gates"]
    assert titles(find('-licence:"public domain"')) == ["More gates", "Other gates"]
    assert titles(find("gates", licence="cc0")) == ["Some free gates"]
    assert counts(find("gates"), "licence") == {"cc-by": 2, "cc0": 1}
    assert counts(find(licence="cc0"), "licence") == {"cc-by": 2, "cc0": 1}


def test_the_page_offers_and_explains_it(licence: Field) -> None:
    page = Client().get("/papers/?licence=cc0").content.decode()

    assert "<h2>Licence</h2>" in page
    assert "?licence=cc0&amp;licence=cc-by" in page
    assert "<code>licence:cc-by</code>" in page
    assert "what readers may do with the paper" in page


def test_the_api_takes_counts_and_documents_it(licence: Field) -> None:
    body = Client().get("/api/v1/papers/?licence=cc0&with_count=1&facets=1").json()
    schema = Client().get("/api/v1/schema/?format=json").json()
    refused = Client().get("/api/v1/papers/?licence=cc1").json()

    assert body["count"] == 1
    assert {"value": "cc-by", "label": "Attribution", "count": 2} in body["facets"]["licence"]
    documented = {
        one["name"]: one for one in schema["paths"]["/api/v1/papers/"]["get"]["parameters"]
    }
    assert documented["licence"]["description"] == "What readers may do with the paper."
    assert refused["errors"][0]["code"] == "unknown_value"


def test_it_is_suggested(licence: Field) -> None:
    assert "licence:" in [one.value for one in suggest("lice")]
    assert [one.value for one in suggest("gates licence:pub")] == ["gates licence:cc0"]


def test_no_two_fields_share_a_name() -> None:
    names = [name for field in fields.FIELDS for name in (field.name, *field.aliases)]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("field", fields.FIELDS, ids=lambda field: field.name)
def test_every_field_has_an_example_that_reads_as_itself_and_a_line_in_the_docs(
    field: Field,
) -> None:
    query = PaperQuery.from_params({"q": field.shown_example})
    text = (Path(__file__).resolve().parents[2] / "docs" / "search.md").read_text()

    assert [part.kind for part in query.parts] == [field.name]
    assert not query.problems
    assert f"`{field.name}:" in text
