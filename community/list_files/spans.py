"""A run of Markdown as spans of text with their links and emphasis, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

_APART = re.compile(r"\[\[?([^\[\]]{1,40})\]?\][ \t]*\(([^()\s]+)\)")
"""A link whose brackets and address were written apart, which Markdown takes for text."""
_TAG = re.compile(r"<[^<>]{1,300}>")
MACHINE_FIGURES = re.compile(
    r"(?:(?:⭐|🐛|🌐|📅)️?\s*[\w.,+#\- ]*|⚠️?\s*Archived)(?:\|\s*(?:⭐|🐛|🌐|📅)️?\s*[\w.,+#\- ]*)*"
)
"""What programs add after a link: stars, issues, language, day of the last commit."""


@dataclass(frozen=True)
class Span:
    """Text with one look. url: None for plain text, "" for a link without an address."""

    text: str
    url: str | None = None
    strong: bool = False
    emphasis: bool = False

    @property
    def is_break(self) -> bool:
        return self.text == "\n"


def spans_of(tokens: Sequence[Token]) -> list[Span]:
    """The inline tokens of one block as spans; line breaks are spans of their own."""
    return list(_joined(_split_apart(_raw(tokens))))


def _raw(tokens: Sequence[Token]) -> Iterator[Span]:
    strong = emphasis = 0
    url: str | None = None
    for token in tokens:
        match token.type:
            case "strong_open":
                strong += 1
            case "strong_close":
                strong -= 1
            case "em_open":
                emphasis += 1
            case "em_close":
                emphasis -= 1
            case "link_open":
                url = str(token.attrGet("href") or "")
            case "link_close":
                url = None
            case "softbreak" | "hardbreak":
                yield Span("\n")
            case "text" | "code_inline" | "text_special":
                yield Span(token.content, url, strong > 0, emphasis > 0)
            case "html_inline" if re.match(r"<br\b", token.content, re.IGNORECASE):
                yield Span("\n")


def _split_apart(spans: Iterable[Span]) -> Iterator[Span]:
    """Links that are written `[[pdf]] (address)`, as links."""
    for span in _joined(spans):
        if span.url is not None or span.is_break:
            yield span
            continue
        end = 0
        for match in _APART.finditer(span.text):
            yield Span(span.text[end : match.start()], None, span.strong, span.emphasis)
            yield Span(match[1], match[2], span.strong, span.emphasis)
            end = match.end()
        yield Span(span.text[end:], None, span.strong, span.emphasis)


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Neighbours of one look as one span."""
    last: Span | None = None
    for span in spans:
        if not span.text and span.url is None:
            continue
        alike = last and not last.is_break and not span.is_break
        if last and alike and _look(last) == _look(span):
            last = Span(last.text + span.text, *_look(span))
            continue
        if last:
            yield last
        last = span
    if last:
        yield last


def _look(span: Span) -> tuple[str | None, bool, bool]:
    return span.url, span.strong, span.emphasis


def lines_of(spans: Iterable[Span]) -> list[list[Span]]:
    """The spans, line by line; empty lines are left out."""
    lines: list[list[Span]] = [[]]
    for span in spans:
        if span.is_break:
            lines.append([])
        else:
            lines[-1].append(span)
    return [line for line in lines if any(span.text.strip() for span in line)]


def plain(spans: Iterable[Span]) -> str:
    """The text alone."""
    text = "".join(" " if span.is_break else span.text for span in spans)
    return " ".join(_TAG.sub(" ", text).split())
