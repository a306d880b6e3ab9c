"""Words of the glossary in a text: the first mention of each leads to its entry."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from papers.models import Term

SHORTEST = {"en": 3, "zh": 2}
"""Letters of the shortest name that is looked for in a text of the language."""


class Glossary:
    """The words of the glossary in one language, as texts name them."""

    def __init__(self, terms: Iterable[Term], language: str = "en") -> None:
        self.language = language
        self.named: dict[str, Term] = {}
        for term in terms:
            names = [term.en] if language == "en" else [term.zh, *term.variants_zh]
            for name in names:
                if len(name) >= SHORTEST[language]:
                    self.named.setdefault(name.lower(), term)
        self.pattern = self._pattern()

    def _pattern(self) -> re.Pattern[str] | None:
        longest_first = sorted(self.named, key=len, reverse=True)
        names = "|".join(map(re.escape, longest_first))
        if not names:
            return None
        if self.language == "zh":
            return re.compile(f"({names})")
        return re.compile(rf"(?<![\w-])({names})(s?)(?![\w-])", re.IGNORECASE)


@lru_cache(maxsize=4)
def glossary(version: str, language: str) -> Glossary:
    """All words, read once of each version of the rows. version: another one for each state."""
    return Glossary(Term.objects.all(), language)


class Linker:
    """Links words of the glossary; remembers over several texts which ones it has linked."""

    def __init__(self, words: Glossary) -> None:
        self.language, self.named, self.pattern = words.language, words.named, words.pattern
        self.linked: set[str] = set()

    def linked_text(self, text: str) -> SafeString:
        """`text` as HTML."""
        if self.pattern is None:
            return escape(text)
        out, end = [], 0
        for match in self.pattern.finditer(text):
            term = self.named[match[1].lower()]
            if term.slug in self.linked:
                continue
            self.linked.add(term.slug)
            out += [escape(text[end : match.start()]), self._link(term, match[0])]
            end = match.end()
        return mark_safe("".join([*out, escape(text[end:])]))  # noqa: S308 (each part is escaped)

    def _link(self, term: Term, word: str) -> SafeString:
        meaning = term.meaning_zh if self.language == "zh" else term.meaning_en
        other = term.en if self.language == "zh" else term.zh
        return format_html(
            '<span class="term"><a href="{}" aria-describedby="t-{}-{}">{}</a>'
            '<span role="tooltip" id="t-{}-{}">{} <span lang="{}">{}</span></span></span>',
            term.get_absolute_url(),
            self.language,
            term.slug,
            word,
            self.language,
            term.slug,
            meaning,
            "en" if self.language == "zh" else "zh",
            other,
        )
