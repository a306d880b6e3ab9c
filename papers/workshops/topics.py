"""Topics that a workshop lists in its own words, matched with topics of the taxonomy. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from papers.names import fold
from taxonomy.models import Topic

_EMPTY = {*("of", "in", "and", "for", "the", "with", "on"), *("a", "an", "to", "from", "by", "at")}
_GENERAL = {
    *("network", "model", "method", "neural", "deep", "dynamic", "new", "learn", "train"),
    *("language", "architecture", "framework", "process", "data", "system", "inference"),
    *("image", "video", "token", "general", "other", "object"),
}
_ENDINGS = ("ization", "isation", "ing", "ed", "es", "s")


@dataclass(frozen=True)
class _Name:
    words: frozenset[str]
    is_whole: bool
    topic: Topic


def matched_topics(
    phrases: Sequence[str], topics: Iterable[Topic]
) -> list[tuple[str, Topic | None]]:
    """Each phrase with the most specific topic whose name it contains, or None.

    Roots are too wide to say anything and never match.
    """
    known = [name for topic in topics if topic.depth for name in _names(topic)]
    return [(phrase, _best(phrase, known)) for phrase in phrases]


def _best(phrase: str, known: Sequence[_Name]) -> Topic | None:
    words = _stems(phrase)
    inside = [name for name in known if name.words <= words]
    if not inside:
        return None
    return max(inside, key=lambda n: (len(n.words), n.is_whole, -n.topic.depth)).topic


def _names(topic: Topic) -> list[_Name]:
    """By what a topic is known: its name, aliases, and the parts of a compound name."""
    whole = {_stems(name) for name in (topic.name, *topic.aliases)}
    parts = {_stems(part) for part in re.split(r"[:(),]| in | and ", topic.name)} - whole
    named = [_Name(words, True, topic) for words in whole if words]
    return named + [_Name(words, False, topic) for words in parts if _is_specific(words)]


def _is_specific(words: frozenset[str]) -> bool:
    telling = words - _GENERAL
    return (len(words) >= 2 and bool(telling)) or any(len(word) >= 6 for word in telling)


def _stems(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in fold(text).split() if word not in _EMPTY)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def topics_in(text: str, topics: Iterable[Topic]) -> list[Topic]:
    """Topics whose names, or one of their aliases, stand in a text word for word; most telling
    first. Roots are too wide to say anything."""
    words = [_stem(word) for word in fold(text).split()]
    spoken = f" {' '.join(words)} "
    named: list[tuple[int, Topic]] = []
    for topic in topics:
        if not topic.depth:
            continue
        lengths = [
            len(stems)
            for name in (topic.name, *topic.aliases)
            if (stems := [_stem(word) for word in fold(name).split()])
            and _is_specific(frozenset(stems))
            and f" {' '.join(stems)} " in spoken
        ]
        if lengths:
            named.append((max(lengths), topic))
    return [topic for _, topic in sorted(named, key=lambda pair: (-pair[0], pair[1].path))]
