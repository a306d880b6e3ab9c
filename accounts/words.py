"""Words of programs that readers see in the language of their page."""

from __future__ import annotations

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext


class Words(str):
    """English words, as data, names and comparisons need them, that are shown translated.

    Where it is put on a page or into a sentence (`{{ label }}`, `format_html`, `f"{label}"`, `str`)
    it is what the catalogue of the active language says; joined, compared or written as JSON it is
    the English that stands in the program.
    """

    __slots__ = ()

    def __str__(self) -> str:
        return gettext(self[:])

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __html__(self) -> SafeString:
        return mark_safe(escape(str(self)))  # noqa: S308 - escaped here
