"""Languages, addresses and texts are looked up quickly, and say the same as Django's own."""

from __future__ import annotations

import threading

import pytest
from django.conf import settings
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils.translation import get_language, gettext, override, trans_real

from kb.site.per_thread import MOST_TEXTS


def test_each_thread_speaks_its_own_language() -> None:
    heard: list[str | None] = []
    with override("zh-hans"):
        other = threading.Thread(target=lambda: heard.append(get_language()))
        other.start()
        other.join()
        assert get_language() == "zh-hans"
    assert heard == [settings.LANGUAGE_CODE]
    assert isinstance(trans_real._active, threading.local)  # type: ignore[attr-defined]


def test_an_address_is_put_together_once_in_each_language() -> None:
    with override(settings.LANGUAGE_CODE):
        reverse("home")  # the addresses are read
        remembered = get_resolver()._reverse_with_prefix.remembered  # type: ignore[attr-defined]
        first, before = reverse("paper", args=["skip2018"]), remembered.cache_info().hits
        assert reverse("paper", args=["skip2018"]) == first == "/papers/skip2018/"
    assert remembered.cache_info().hits == before + 1
    with override("zh-hans"):
        assert reverse("paper", args=["skip2018"]) == "/zh/papers/skip2018/"
        assert reverse("paper", kwargs={"key": "skip2018"}) == "/zh/papers/skip2018/"


def test_what_has_no_address_has_none_the_second_time_either() -> None:
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            reverse("paper", args=["no slug at all"])


def test_a_text_is_looked_up_once_and_again_when_there_were_too_many() -> None:
    with override("zh-hans"):
        said = gettext("Papers")
        assert said != "Papers"
        catalogue = trans_real._active.value  # type: ignore[attr-defined]
        assert catalogue._remembered["Papers"] == said
        catalogue._remembered.update({str(number): "" for number in range(MOST_TEXTS)})
        assert gettext("What nobody asked for") == "What nobody asked for"
        assert len(catalogue._remembered) < 10
        assert gettext("Papers") == said
