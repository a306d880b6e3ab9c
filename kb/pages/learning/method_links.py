"""Methods in a text: the first mention of each in a section, by name or paper, leads to it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import Visitor
from accounts.roles import is_curator
from papers.models import Method, MethodPaper

_SHORT = 4
"""Letters up to which a word of capitals ("ACT", "RAM") may stand for something else as well."""


_Row = tuple[str, str, list[str], list[str], list[str]]
"""Of a method: slug, name, other names, keys of all its papers, of those that introduce it."""


class MethodNames:
    """Names of the methods that a reader may see, as texts write them, case and all.

    A name that could be an ordinary word ("Quest"), a short row of capitals or the name of several
    methods counts only where the section cites a paper of the method.
    """

    def __init__(self, methods: Iterable[_Row]) -> None:
        self.slugs: dict[str, list[str]] = defaultdict(list)
        self.keys: dict[str, set[str]] = defaultdict(set)
        self.introduced: dict[str, list[str]] = defaultdict(list)
        self.names: dict[str, str] = {}
        for slug, name, aliases, used, own in methods:
            self.names[slug] = name
            for written in dict.fromkeys([name, *aliases]):
                if len(written) > 2 and any(letter.isupper() for letter in written):
                    self.slugs[written].append(slug)
            self.keys[slug].update(used)
            for key in own:
                self.introduced[key].append(slug)
        names = "|".join(map(re.escape, sorted(self.slugs, key=len, reverse=True)))
        # No \\w at the edges: Chinese letters stand next to a name without a space.
        self._pattern = re.compile(rf"(?<![A-Za-z0-9_-])({names})(?![A-Za-z0-9_+-])")

    def section(self, cited: Collection[str]) -> SectionLinks:
        """Links for one section, which cites these papers."""
        return SectionLinks(self, frozenset(cited))

    def slug_of(self, written: str, cited: Collection[str]) -> str:
        """The method that is meant where these papers are cited; empty if it is not certain."""
        slugs = self.slugs[written]
        meant = [slug for slug in slugs if not self.keys[slug].isdisjoint(cited)]
        if len(meant) == 1:
            return meant[0]
        return slugs[0] if len(slugs) == 1 and not meant and _is_distinct(written) else ""

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self._pattern.finditer(text) if self.slugs else iter(())


def method_names(version: str, user: Visitor = None) -> MethodNames:
    """The names for this reader, read once of each version of methods, their papers and these.

    version: another one for each state of all these rows.
    """
    return _names(version, is_curator(user))


@lru_cache(maxsize=4)
def _names(version: str, hidden_too: bool) -> MethodNames:
    papers = MethodPaper.objects.filter(method=OuterRef("pk"))
    keys = ArraySubquery(papers.values("paper__key"))
    introduced = papers.filter(role=MethodPaper.Role.INTRODUCES).values("paper__key")
    methods = Method.objects.all() if hidden_too else Method.objects.visible_to()
    return MethodNames(
        methods.values_list("slug", "name", "aliases", keys, ArraySubquery(introduced))
    )


class SectionLinks:
    """Remembers which methods the section has linked."""

    def __init__(self, names: MethodNames, cited: frozenset[str]) -> None:
        self.names, self.cited = names, cited
        self.linked: set[str] = set()

    def parts(self, text: str) -> Iterator[str]:
        """The text in order: links as HTML (SafeString), what lies between them as it was."""
        end = 0
        for match in self.names.finditer(text):
            slug = self.names.slug_of(match[1], self.cited)
            if not slug or slug in self.linked:
                continue
            self.linked.add(slug)
            yield text[end : match.start()]
            yield _link(slug, match[1])
            end = match.end()
        yield text[end:]

    def of_paper(self, key: str) -> SafeString | None:
        """A link to the one method that the paper introduces, if the section has none yet."""
        slugs = self.names.introduced.get(key, [])
        if len(slugs) != 1 or slugs[0] in self.linked:
            return None
        self.linked.add(slugs[0])
        return _link(slugs[0], self.names.names[slugs[0]])


def _link(slug: str, written: str) -> SafeString:
    return format_html(
        '<a class="method" href="{}">{}</a>', reverse("method", args=[slug]), written
    )


def _is_distinct(written: str) -> bool:
    """Whether the name is hardly an ordinary word: capitals inside it or a figure, and not a short
    row of capitals."""
    if len(written) <= _SHORT and written.isupper():
        return False
    return any(letter.isupper() or letter.isdigit() for letter in written[1:])
