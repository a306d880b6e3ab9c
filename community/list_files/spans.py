"""A run of Markdown as spans of text with their links and emphasis, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import unquote

from markdown_it.token import Token

from community.list_files.dates import looks_like_venue
from community.list_files.links import is_short_label

_APART = re.compile(r"\[\[?([^\[\]]{1,40})\]?\][ \t]*\(([^()\s]+)\)")
"""A link whose brackets and address were written apart, which Markdown takes for text."""
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]{}\"'`，。；、：｜|（）【】]*[\w/#=-]")
_BADGE = re.compile(r"https?://img\.shields\.io/badge/([^/?]+?)-\w+(?:\.svg)?(?:\?.*)?$")
_HTML_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z]+)\b")
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_SAME_LOOK = {
    **{"a": "a", "b": "strong", "strong": "strong", "i": "em", "em": "em"},
    **{"s": "s", "del": "s", "strike": "s"},
}
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
    return list(_joined(_with_bare_addresses(_split_apart(_one_look_in_links(_raw(tokens))))))


def _one_look_in_links(spans: Iterable[Span]) -> Iterator[Span]:
    """The text of one link as one span, whatever words of it are set off."""
    for url, run in groupby(spans, key=lambda span: span.url):
        parts = list(run)
        if url is None or any(part.is_break for part in parts):
            yield from parts
            continue
        worded = [part for part in parts if part.text.strip()] or parts
        strong, emphasis = all(p.strong for p in worded), all(p.emphasis for p in worded)
        yield Span("".join(part.text for part in parts), url, strong, emphasis)


def _with_bare_addresses(spans: Iterable[Span]) -> Iterator[Span]:
    """Addresses that stand in the text as themselves, as links without a label."""
    for span in spans:
        end = 0
        for match in _ADDRESS.finditer(span.text) if span.url is None else ():
            yield Span(span.text[end : match.start()], None, span.strong, span.emphasis)
            yield Span("", match[0])
            end = match.end()
        yield Span(span.text[end:], span.url, span.strong, span.emphasis) if end else span


def _raw(tokens: Sequence[Token]) -> Iterator[Span]:
    look = _Look()
    for token in tokens:
        match token.type:
            case "strong_open" | "em_open" | "s_open":
                look.open(token.tag)
            case "strong_close" | "em_close" | "s_close":
                look.close(token.tag)
            case "link_open":
                look.url = str(token.attrGet("href") or "")
            case "link_close":
                look.url = None
            case "softbreak" | "hardbreak":
                yield Span("\n")
            case "image":
                yield look.span(words_of_image(token, is_link=look.url is not None))
            case "text" | "code_inline" | "text_special":
                yield look.span(token.content)
            case "html_inline" if re.match(r"<br\b", token.content, re.IGNORECASE):
                yield Span("\n")
            case "html_inline":
                look.take_tag(token.content)


class _Look:
    """What holds for the text that follows: link, strong, emphasised, struck through."""

    def __init__(self) -> None:
        self.url: str | None = None
        self.depth = dict.fromkeys(("strong", "em", "s"), 0)

    def open(self, tag: str) -> None:
        self.depth[tag] += 1

    def close(self, tag: str) -> None:
        self.depth[tag] = max(0, self.depth[tag] - 1)

    def span(self, text: str) -> Span:
        if self.depth["s"]:
            text = ""
        elif self.url is not None and text.strip() == self.url:
            text = ""  # an address that is shown as itself names nothing
        return Span(text, self.url, self.depth["strong"] > 0, self.depth["em"] > 0)

    def take_tag(self, tag: str) -> None:
        """Links and emphasis that are written in HTML."""
        match = _HTML_TAG.match(tag)
        name = _SAME_LOOK.get(match["name"].lower()) if match else None
        if match is None or name is None:
            return
        if name == "a":
            address = _HREF.search(tag)
            self.url = (address[1] or address[2]) if address and not match["end"] else None
        elif match["end"]:
            self.close(name)
        else:
            self.open(name)


def words_of_image(image: Token, *, is_link: bool) -> str:
    """What a picture says: the label of a link, or venue and year on a badge of shields.io."""
    if is_link:
        return image.content if is_short_label(image.content) else ""
    badge = _BADGE.match(str(image.attrGet("src") or ""))
    if badge is None:
        return ""
    words = unquote(badge[1]).replace("--", "\0").replace("__", "\1")
    words = words.replace("-", " ").replace("_", " ").replace("\0", "-").replace("\1", "_")
    return f" ({words}) " if looks_like_venue(words) else ""


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
