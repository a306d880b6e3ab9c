"""From text to tokens. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto

from papers.search import fields
from papers.search.language.clauses import Span

DEEPEST_GROUP = 8

# An opening mark, and the marks that may close it.
_QUOTES = {
    '"': '"＂”', "＂": '"＂', "“": "”\"“", "”": "”\"", "„": "“”\"", "«": "»", "»": "«",
    "「": "」", "『": "』",
}  # fmt: skip
_OPEN, _CLOSE = "(（", ")）"
_SIGNS = re.compile(r"[-−+]+")
# Behind a sign: a number, but for a year of four digits. "+1 nucleosomes", "at -80 °C".
_NUMBER = re.compile(r"(?!(?:19|20)\d\d(?!\d))\d+(?:[.,]\d+)*(?=[\s)）%°℃.,;]|$)")
_SIGN_IN_BRACKETS = re.compile(r"[(（]\s*[-−+±/]+\s*[)）]")  # "(+)-catechin", "(+/-)"
_WRITTEN_OUT = ("AND", "OR", "NOT")
_OPERATORS = {"OR": "OR", "|": "OR", "||": "OR", "AND": "AND", "&": "AND", "&&": "AND"}
_FIELD = re.compile(r"([^\W\d_][\w-]*)[:：]")
_URL = re.compile(
    r"(?:https?|ftp)://\S+|(?:doi|arxiv|hdl):\s?(?:10\.\d{4,9}/|\d{4}\.\d{4,5}|[a-z-]+/\d{7})\S*",
    re.I,
)
_WORD_END = re.compile(r"\s|[()（）]|[\"＂“”„«»「」『』]")

Complain = Callable[[str, str, Span], None]


class Kind(Enum):
    WORD = auto()
    PHRASE = auto()
    FIELD = auto()
    OPEN = auto()
    CLOSE = auto()
    OR = auto()
    AND = auto()
    MINUS = auto()
    PLUS = auto()
    END = auto()


_JOINTS = (Kind.OR, Kind.AND, Kind.MINUS)


@dataclass(frozen=True)
class Token:
    kind: Kind
    text: str
    span: Span


def scan(text: str, complain: Complain, *, is_prose: bool = False) -> list[Token]:
    """All tokens of a query, ended by one END. Problems go to `complain(code, message, span)`.

    is_prose: "Abstract: We show" has no field, and in text without any small letter AND, OR and
    NOT are words.
    """
    tokens: list[Token] = []
    is_shouted = is_prose and text.isupper()
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token, at = _next(text, at, complain, is_prose)
        if token is not None and is_shouted and token.text in _WRITTEN_OUT:
            token = replace(token, kind=Kind.WORD if token.kind in _JOINTS else token.kind)
        if token is not None:
            tokens.append(token)
    tokens.append(Token(Kind.END, "", Span(len(text), len(text))))
    return _shallow(tokens, complain)


def _next(text: str, at: int, complain: Complain, is_prose: bool) -> tuple[Token | None, int]:
    char = text[at]
    if char in _OPEN and (sign := _SIGN_IN_BRACKETS.match(text, at)):
        return None, sign.end()
    if char in _OPEN or char in _CLOSE:
        kind = Kind.OPEN if char in _OPEN else Kind.CLOSE
        return Token(kind, char, Span(at, at + 1)), at + 1
    if char in _QUOTES:
        return _quoted(text, at, complain)
    if url := _URL.match(text, at):
        return Token(Kind.WORD, url[0], Span(at, url.end())), url.end()
    if run := _SIGNS.match(text, at):
        if _is_operator(text, at, run.end()):
            kind = Kind.PLUS if char == "+" else Kind.MINUS
            return Token(kind, char, Span(at, at + 1)), at + 1
        return None, run.end()
    if field := _field(text, at, is_prose):
        return Token(Kind.FIELD, field[1], Span(at, field.end())), field.end()
    match = _WORD_END.search(text, at + 1)  # at least one character, so that the scan ends
    end = match.start() if match else len(text)
    return _word(text[at:end], Span(at, end)), end


def _is_operator(text: str, at: int, end: int) -> bool:
    """Whether one sign stands before a word and behind nothing: "SE(3)-equivariant", "a -- b" and
    "C++" have none, and the sign of a number is part of it."""
    before = text[at - 1] if at else " "
    follows = end < len(text) and not text[end].isspace() and not _NUMBER.match(text, end)
    return end - at == 1 and follows and (before.isspace() or before in _OPEN + "|&")


def _field(text: str, at: int, is_prose: bool) -> re.Match[str] | None:
    """A name and a colon. Followed by a space it is a field only if we know the name, and not in
    prose, so that a pasted "SkipNet: Learning Dynamic Routing" or "Abstract: We show" stays words.
    """
    match = _FIELD.match(text, at)
    if not match:
        return None
    followed = match.end() < len(text) and not text[match.end()].isspace()
    return match if followed or (fields.by_name(match[1]) and not is_prose) else None


def _word(written: str, span: Span) -> Token | None:
    if written in _OPERATORS:
        return Token(Kind[_OPERATORS[written]], written, span)
    if written == "NOT":
        return Token(Kind.MINUS, written, span)
    if not re.search(r"\w", written):
        return None  # punctuation between words
    return Token(Kind.WORD, written, span)


def _quoted(text: str, at: int, complain: Complain) -> tuple[Token, int]:
    closing = _QUOTES[text[at]]
    end = at + 1
    while end < len(text) and text[end] not in closing:
        end += 1
    if end == len(text):
        complain(
            "unclosed-quote",
            "The quotation mark is never closed; everything after it was read as one phrase.",
            Span(at, end),
        )
    return Token(Kind.PHRASE, text[at + 1 : end], Span(at, min(end + 1, len(text)))), end + 1


def _shallow(tokens: list[Token], complain: Complain) -> list[Token]:
    """The tokens without parentheses nested deeper than DEEPEST_GROUP."""
    depth, kept, dropped = 0, [], False
    for token in tokens:
        depth += token.kind is Kind.OPEN
        if token.kind in (Kind.OPEN, Kind.CLOSE) and depth > DEEPEST_GROUP:
            dropped = True
        else:
            kept.append(token)
        depth = max(depth - (token.kind is Kind.CLOSE), 0)
    if dropped:
        complain(
            "too-deep",
            f"Parentheses may be nested {DEEPEST_GROUP} deep; deeper ones were left out.",
            Span(0, tokens[-1].span.end),
        )
    return kept
