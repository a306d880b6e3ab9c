"""Whoever asks a view of ours which methods it takes is told so, and nothing else happens."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from django.urls import URLPattern, get_resolver

# A form without its mark is answered by asking its view with OPTIONS (kb.pages.site): were any view
# to begin with its work, it would do that for strangers. No database is at hand here.


def _views(patterns: list[object]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from _views(pattern.url_patterns)  # type: ignore[attr-defined]


OURS = [
    view
    for view in _views(get_resolver().url_patterns)
    if view.callback.__module__.startswith(("kb.pages", "kb.feeds"))
    and not hasattr(view.callback, "view_class")
]


def test_there_are_views_to_be_asked() -> None:
    assert len(OURS) > 200


@pytest.mark.parametrize("view", OURS, ids=lambda view: str(view.pattern))
def test_a_view_tells_its_methods_before_it_does_anything(view: URLPattern) -> None:
    question = RequestFactory().options("/")
    question.user = SimpleNamespace(is_authenticated=True)  # past a view that wants a session

    answer = view.callback(question, **dict.fromkeys(view.pattern.converters, "1"))

    assert answer.status_code == 405
    assert "GET" in answer["Allow"] or "POST" in answer["Allow"]
