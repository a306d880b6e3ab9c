"""What is taken for one text, and that English renders as if nothing had been marked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import Context, engines
from django.utils.translation import override

from kb.languages import marking
from kb.languages.parts import read, source_of
from kb.site.data_dir import BASE_DIR
from kb.site.templates import compact

TEMPLATES = sorted((BASE_DIR / "templates").rglob("*.html"))


def messages(source: str) -> list[tuple[str, str]]:
    found: list[marking.Message] = []
    marking.marked(source, found.append)
    return [(message.text, message.plural) for message in found]


def shown(source: str, **context: object) -> str:
    return engines["django"].from_string(marking.marked(source)).render(context)


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("<p>Nothing waits.</p>", ["Nothing waits."]),
        ("<p>{{ x }} · {{ y }}</p>", []),
        (
            '<p>Find <a href="{% url \'people\' %}">your name</a> or <a href="/x">ask</a>.</p>',
            ["Find <a>your name</a> or <a2>ask</a2>."],
        ),
        ('<a href="/a">Edit</a> <a href="/b">Report</a>', ["Edit", "Report"]),
        ('<p title="A hint">{{ x.y }} of {{ all }}</p>', ["A hint", "{y} of {all}"]),
        ("<p>One. {% if x %}Two.{% endif %}</p>", ["One.", "Two."]),
        (
            "<p>by {% if x %}you{% else %}them{% endif %} today</p>",
            ["you", "them", "by {if} today"],
        ),
        ("<script>let a = 'words';</script><pre>words</pre>", []),
        ("<li><a {% if here %}class='x'{% endif %} href='/'>Papers</a></li>", ["Papers"]),
    ],
)
def test_what_is_one_text(source: str, texts: list[str]):
    assert sorted(text for text, _ in messages(source)) == sorted(texts)


def test_numbers_have_a_plural():
    source = "{{ n }} paper{{ n|pluralize }}, {{ n|pluralize:'is,are' }}"
    assert messages("{{ n }} paper{{ n|pluralize }} here") == [
        ("{n} paper here", "{n} papers here")
    ]
    assert messages('{{ n }} {{ n|pluralize:"entry,entries" }}') == [("{n} entry", "{n} entries")]
    assert messages('{{ n }}{{ n|pluralize:"is,are" }}') == []  # no noun
    assert shown(source, n=2).startswith("2 papers")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.name))
def test_reading_a_template_loses_nothing(path: Path):
    source = compact(path.read_text())
    assert source_of(read(source)) == source


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.name))
def test_django_reads_a_marked_template(path: Path):
    engines["django"].from_string(marking.marked(compact(path.read_text())))


def test_what_people_wrote_says_that_it_is_english():
    source = (
        '<title>{{ x }}</title><p title="{{ x }}">{{ x }}</p><select><option>{{ x }}</option></select>'
        "<p>{{ n }} {{ zh }} {{ words }}</p><svg><text>{{ x }}</text></svg>"
    )
    from accounts.words import Words

    told = {"x": "a <b> net", "n": "MSDNet 2", "zh": "中文 net", "words": Words("waiting")}
    with override("en-gb"):
        assert "lang" not in shown(source, **told)
    with override("zh-hans"):
        page = shown(source, **told)
    marked = '<span lang="en">a &lt;b&gt; net</span>'
    assert page.count(marked) == 1
    assert f'<p title="a &lt;b&gt; net">{marked}</p>' in page
    assert page.count("lang=") == 1 and "等待" in page


def test_english_is_rendered_as_it_stands():
    """Without the marks that were put around it, a marked template is its source."""
    for path in TEMPLATES:
        source = compact(path.read_text()).replace("|as_written }}", " }}")
        bare = marking.marked(source).replace("|as_written }}", " }}")
        while (less := _without_places(bare)) != bare:  # marks lie in each other only in places
            bare = less
        looked_up = re.compile(r"_\((\"[^\"]*\")\)")
        assert looked_up.sub(r"\1", bare) == looked_up.sub(r"\1", source), path


def _without_places(text: str) -> str:
    """The innermost texts without their places."""
    inner = re.compile(
        r"(\{% said (?:(?!%\}).)*%\})((?:(?!\{% said |\{% endsaid %\}|\{% place ).)*)"
        r"(?:\{% place (?:(?!\{% said |\{% endsaid %\}).)*)?\{% endsaid %\}",
        re.DOTALL,
    )
    return inner.sub(lambda match: match.group(2), text)


def test_a_translation_orders_the_parts_and_escapes_what_is_told(monkeypatch):
    source = '<p>Find <a href="/people/?q={{ q }}">{{ name }} here</a> among {{ n }}.</p>'
    text = "Find <a>{name} here</a> among {n}."
    assert messages(source) == [(text, "")]
    from kb.templatetags import saying

    monkeypatch.setattr(saying, "gettext", lambda said: "在 {n} 中<a>找 {name}</a>。")
    told = {"q": "a&b", "name": "<i>", "n": 3}
    with override("zh-hans"):
        assert (
            shown(source, **told) == '<p>在 3 中<a href="/people/?q=a&amp;b">找 &lt;i&gt;</a>。</p>'
        )
    with override("en-gb"):
        assert shown(source, **told) == source.replace("{{ q }}", "a&amp;b").replace(
            "{{ name }}", "&lt;i&gt;"
        ).replace("{{ n }}", "3")


def test_dates_are_written_as_the_language_does():
    import datetime as dt

    template = engines["django"].from_string('{{ day|date:"j F Y" }}').template
    day = Context({"day": dt.date(2026, 11, 30)})
    with override("en-gb"):
        assert template.render(day) == "30 November 2026"
    with override("zh-hans"):
        assert template.render(day) == "2026年11月30日"
