"""Templates as they are loaded: laid out for readers of the source, sent without its indentation."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from kb.site.templates import compact


def test_indentation_goes_and_every_space_stays_a_space() -> None:
    source = '<ul>\n  {% for x in y %}\n    <li class="a"\n        id="b">{{ x }}</li>\n\n  {% endfor %}\n</ul>\n'

    assert compact(source) == (
        '<ul>\n{% for x in y %}\n<li class="a"\nid="b">{{ x }}</li>\n{% endfor %}\n</ul>\n'
    )


def test_what_is_shown_as_it_stands_keeps_its_lines() -> None:
    source = "<p>\n  a\n</p>\n<pre>\n  one\n    two</pre>\n  <textarea>\n  x</textarea>"

    assert (
        compact(source) == "<p>\na\n</p>\n<pre>\n  one\n    two</pre>\n<textarea>\n  x</textarea>"
    )


def test_the_site_s_own_pages_are_loaded_so() -> None:
    source = get_template("base.html").template.source

    assert "\n  " not in source and "<main" in source


def test_other_pages_of_a_list_keep_the_rest_of_the_query() -> None:
    request = RequestFactory().get("/inbox/?state=refused&q=a%26b&page=2")
    page = Paginator(range(9), 3).get_page(2)

    html = render_to_string("_pager.html", {"page": page, "name": "page", "request": request})

    assert 'rel="prev" href="?state=refused&amp;q=a%26b&amp;page=1"' in html
    assert 'rel="next" href="?state=refused&amp;q=a%26b&amp;page=3"' in html
