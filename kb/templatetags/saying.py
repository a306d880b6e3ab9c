"""What `kb.languages.marking` writes into templates, and dates as a language writes them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from django import template
from django.conf import settings
from django.db.models import Model
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.template.defaultfilters import date as djangos_date
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext

from accounts.words import Words
from kb.languages.labels import usual as usual_label
from kb.languages.offered import ENGLISH, of_code
from kb.languages.printed import told as as_printed
from kb.languages.sentences import rule as known_rule
from kb.languages.sentences import sentence as known_sentence

register = template.Library()
_WORD = re.compile(r"(?<![\w./:@#=~+-])[a-z]{3,}(?![\w/:@#=~+-]|\.\w)")
"""A word in small letters: names, formats and codes have none."""
_LATIN = re.compile(r"[A-Za-z]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_MARKUP = re.compile(r"<[^>]*>")
_NO_PROSE = re.compile(r"<(svg|math|form|input|img|button|select|table)\b")
_LINES = re.compile(r"<(p|ul|ol|dl|div|h\d|pre|blockquote|li)\b")
_PLACE = re.compile(r"\{[a-z_][a-z0-9_]*\}|</?[a-z]+\d*>")


class Said(template.Node):
    """A text: in English what stands in the template, else its translation with the same parts."""

    child_nodelists = ("english",)

    def __init__(
        self,
        english: NodeList,
        places: Mapping[str, NodeList],
        text: str,
        plural: str,
        count: FilterExpression | None,
    ) -> None:
        self.english, self.places = english, places
        self.text, self.plural, self.count = text, plural, count

    def render(self, context: Context) -> SafeString:
        if get_language() in (None, settings.LANGUAGE_CODE):
            return self.english.render(context)
        translation = self._translated(context)
        if translation in (self.text, self.plural):
            return self.english.render(context)

        def filled(match: re.Match[str]) -> str:
            place = self.places.get(match.group())
            return match.group() if place is None else place.render(context)

        return mark_safe(_PLACE.sub(filled, translation))  # noqa: S308 - catalogues are as templates

    def _translated(self, context: Context) -> str:
        if self.count is None:
            return gettext(self.text)
        return ngettext(self.text, self.plural, _number(self.count.resolve(context)))


def _number(value: Any) -> int:
    """How many `pluralize` would take it for."""
    try:
        return int(float(value))
    except (TypeError, ValueError):
        return len(value) if hasattr(value, "__len__") else 0


@register.tag
def said(parser: Parser, token: Token) -> Said:
    """`{% said text [plural count] %}what English shows{% place name %}…{% endsaid %}`."""
    _, text, *counted = token.contents.split(" ", 3)
    english = parser.parse(("place", "endsaid"))
    places = {}
    while (tag := parser.next_token()).contents != "endsaid":
        name = unquote(tag.contents.split(" ", 1)[1])
        places[name] = parser.parse(("place", "endsaid"))
    plural = unquote(counted[0]) if counted else ""
    count = parser.compile_filter(counted[1]) if counted else None
    return Said(english, places, unquote(text), plural, count)


@register.filter(expects_localtime=True)
def date(value: dt.date | str | None, form: str | None = None) -> str:
    """Django's filter; a pattern such as "j F Y" is one that other languages write in their way."""
    if form and get_language() not in (None, settings.LANGUAGE_CODE):
        form = pgettext("date", form)
    return djangos_date(value, form)


def _is_english(text: str) -> bool:
    """Whether a text, without its markup, has English words and next to no Chinese."""
    if isinstance(text, SafeString):
        if _NO_PROSE.search(text):
            return False
        text = _MARKUP.sub("", text)
    if not _WORD.search(text):
        return False
    return len(_LATIN.findall(text)) > 6 * len(_CHINESE.findall(text))


@register.filter
def as_written(value: object) -> object:
    """Words that somebody wrote into a record, on pages in another language with the language
    that they are in. Texts of the interface, which are translated, stay as they are."""
    if get_language() in (None, settings.LANGUAGE_CODE):
        return value
    if isinstance(value, Model):  # by its name
        value = str(value)
    if not isinstance(value, str):
        return value
    if isinstance(value, Words) or not _is_english(value):
        return value
    element = "div" if _LINES.search(value) else "span"
    return format_html('<{0} lang="{1}">{2}</{0}>', element, ENGLISH.tag, value)


@register.filter
def sentence(text: str) -> object:
    """A sentence that a program keeps with a record, in the language of the page if it is known."""
    return as_written(known_sentence(str(text)))


@register.filter
def rule(text: str) -> str:
    """The rule of a claim with its words in the language of the page."""
    return known_rule(text)


@register.filter
def usual(label: str) -> object:
    """A label that organisers wrote, in the language of the page where it is a usual one."""
    return as_written(usual_label(label)) if label else ""


@register.filter
def told(record: object, field: str) -> object:
    """A field of a record in the language of the page, where the record has it: else in English."""
    own = getattr(record, f"{field}_{of_code(get_language() or '').prefix}", "")
    return own or getattr(record, field, "")


@register.filter
def spoken(words: str) -> str:
    """Words that the program knows in English, in the language of the page."""
    return gettext(words) if words else ""


@register.filter
def in_plots(name: str) -> str:
    """The name of an axis, a curve or a measure in the language of the page."""
    return as_printed(name)


@register.filter
def ordinal(number: str) -> str:
    """`2nd` as it is counted in the language of the page: other languages take the bare number."""
    if get_language() in (None, settings.LANGUAGE_CODE):
        return number
    return re.sub(r"^(\d+)(?:st|nd|rd|th)$", r"\1", number)


@register.filter
def named(record: object) -> object:
    """The name of a record in the language of the page, where it has one."""
    return told(record, "name")


@register.simple_tag
def beside(record: object, style: str = "quiet", field: str = "name", element: str = "span") -> str:
    """The same field in the other script, to stand beside what `told` shows; "" without one."""
    chinese = getattr(record, f"{field}_zh", "")
    if not chinese:
        return ""
    if told(record, field) == chinese:
        tag, text = ENGLISH.tag, getattr(record, field)
    else:
        tag, text = "zh", chinese
    if style == "zh":
        return format_html('<span lang="{}" class="zh">{}</span>', tag, text)
    return format_html('<{0} class="{1}" lang="{2}">{3}</{0}>', element, style, tag, text)
