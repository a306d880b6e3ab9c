"""What members write becomes safe HTML, whatever they write."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.reviews import forms
from community.text import cites, markdown, mathematics
from tests import make

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](https://evil.example/pixel.png)",
    "<svg/onload=alert(1)>",
    r"$\text{<script>alert(1)</script>}$",
    r"$\href{javascript:alert(1)}{x}$",
    r"$\style{background:url(//evil)}{x}$",
    r"$\text{<img src=x onerror=alert(1)>}$",
    "$" + "{" * 500 + "$",
    "$\\begin{pmatrix}" * 60 + "$",
    "[[number:<b>]]",
    "```html\n<script>alert(1)</script>\n```",
    '[x](https://a.example "\\" onmouseover=alert(1)")',
    "<https://a.example/?<script>>",
    '[x](https://a.example "&#xE000;number:1&#xE001;")',
]
ALLOWED = markdown._TAGS | mathematics.ELEMENTS
ADDRESS = re.compile(r"https?:|mailto:|/|#|[^:]*$", re.IGNORECASE)


class Reader(HTMLParser):
    """What a browser would see: elements that are not allowed, and attributes that could act."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED:
            self.wrong.append(tag)
        for name, value in attrs:
            acts = name.startswith("on") or name in ("style", "src", "srcdoc", "formaction")
            if acts or (name == "href" and not ADDRESS.match(value or "")):
                self.wrong.append(f"{tag} {name}={value}")


def is_safe(html: str) -> bool:
    return Reader(html).wrong == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_become_harmless(text: str) -> None:
    assert is_safe(markdown.html(text)), markdown.html(text)


@given(st.text(alphabet="<>&\"'$\\{}[]()!#*_`~|:/=- \nabjosx1", max_size=120))
def test_any_text_becomes_harmless(text: str) -> None:
    assert is_safe(markdown.html(text)), markdown.html(text)


def test_markdown_and_mathematics_are_rendered() -> None:
    html = markdown.html("A **bold** word, $x_i^2$ and\n\n$$\\sum_i x_i$$\n\n| a |\n|---|\n| 1 |")

    assert "<strong>bold</strong>" in html
    assert html.count("<math") == 2
    assert '<math display="block">' in html
    assert "<td>1</td>" in html


def test_links_of_members_are_marked_and_images_are_not_loaded() -> None:
    html = markdown.html("[a](https://a.example) ![b](https://b.example/x.png)")

    assert html.count('rel="nofollow ugc noopener"') == 2
    assert "<img" not in html


def test_prices_are_no_formula() -> None:
    assert "<math" not in markdown.html("It costs $5 here and $6 there.")


@pytest.mark.django_db
def test_cites_become_links_and_missing_ones_are_shown() -> None:
    paper, other = make.paper(), make.paper("Another")
    own, foreign = make.number(paper), make.number(other)
    text = f"[[number:{own.pk}]] [[number:{own.slug}]] [[table:2]] [[number:{foreign.pk}]] `[[table:2]]`"

    html = markdown.html(text, cited=cites.resolve([(paper.pk, text)]), paper_id=paper.pk)

    assert html.count('class="cited"') == 3
    assert html.count('class="missing"') == 1
    assert "<code>[[table:2]]</code>" in html
    assert cites.missing(paper, [text]) == [f"[[number:{foreign.pk}]]"]


def test_every_form_can_be_read_and_is_complete() -> None:
    every = forms.all_forms()

    assert next(iter(every)) == "house"
    assert {"ICLR", "NeurIPS", "ICML", "TMLR"} <= {one.venue for one in every.values()}
    for one in every.values():
        assert one.about and one.fields, one.key
        assert any(field.required for field in one.fields), one.key
        for field in one.fields:
            assert all(field.recognised(point.label) == point.value for point in field.scale)


@pytest.mark.parametrize("venue", ["ICLR", "NeurIPS", "ICML"])
def test_no_year_of_a_venue_has_two_forms(venue: str) -> None:
    years = [year for one in forms.all_forms().values() if one.venue == venue for year in one.years]

    assert len(years) == len(set(years))


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ({"name": "a", "label": "A", "kind": "slider", "limit": 5}, "kind is one of"),
        ({"name": "a", "label": "A", "kind": "choice"}, "choices have a scale"),
        ({"name": "a", "label": "A", "kind": "text"}, "texts have a limit"),
        ({"name": "a", "label": "A", "kind": "choice", "scale": [["1", "x"]]}, "two points"),
        ({"name": "a", "kind": "text", "limit": 5}, "x.yaml: a: 'label' is missing"),
        ({"name": "a", "label": "A", "kind": "text", "limit": "5"}, "'limit' must be int, got '5'"),
        ({"name": "a", "label": "A", "kind": "text", "limit": 5, "hlep": ""}, "unknown keys hlep"),
        ({"name": "a", "label": "A", "kind": "choice", "scale": "stars"}, "no scale 'stars'"),
        ({"name": "a", "label": "A", "kind": "choice", "scale": [["1"]]}, "list of .value, words"),
    ],
)
def test_a_broken_field_is_named(field: dict, told: str) -> None:
    with pytest.raises(forms.BrokenForm, match=told):
        forms._field(field, {}, "x.yaml: a")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"years": [2020]}, "'years'"),
        ({"confirmed": False}, "'unconfirmed' is missing"),
        ({"colour": "red"}, "unknown keys colour"),
        ({"rating": "title"}, "title must be a choice"),
    ],
)
def test_a_broken_form_is_named(tmp_path: Path, change: dict, told: str) -> None:
    field = {"name": "title", "label": "Title", "kind": "text", "limit": 5}
    form = {"title": "A", "venue": "V", "about": "B", "confirmed": True, "fields": [field]}

    with pytest.raises(forms.BrokenForm, match=f"^a.yaml: .*{told}"):
        forms._form(tmp_path / "a.yaml", form | change, {})
