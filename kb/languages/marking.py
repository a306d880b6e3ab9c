"""Templates with their texts marked for translation, as they are loaded.

A text is what stands in one line of thought: words, variables, links and other elements within a
line. It is marked as a whole, so that a translation can put its parts in another order:

    Find <a href="{{ there }}">your name</a> among {{ n }} people{% if x %}, too{% endif %}.

is the message ``Find <a>your name</a> among {n} people{if}.``. Attributes of an element are no part
of it; those that people read (`READ_ATTRIBUTES`) are messages of their own. In English a template
renders what stands in it, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from kb.languages.parts import Block, Element, Part, read, source_of, with_elements

INLINE = frozenset(
    {"a", "abbr", "b", "strong", "i", "em", "code", "kbd", "small", "sub", "sup", "time", "cite"}
    | {"q", "mark", "br", "wbr", "var", "samp", "span", "ins", "del"}
)
INLINE_TAGS = frozenset({"beside", "linked", "firstof", "byline", "author_link", "url"})
INLINE_BLOCKS = frozenset({"if", "for", "with"})
READ_ATTRIBUTES = (
    "title",
    "aria-label",
    "placeholder",
    "alt",
    "data-said",
    "data-confirm",
    "label",
)
PLAIN_BLOCKS = frozenset({"title", "description", "sharing", "linked_data", "head", "scripts"})
PLAIN_ELEMENTS = frozenset({"title", "option", "text", "tspan", "desc"})
"""Where only text can stand."""
_NO_WORDS = re.compile(
    r"block\.super|\|(length|pluralize|date|time|json_script|urlencode|axis|intcomma|floatformat"
    r"|cell|seconds|size|ordinal|as_written|usual)\b"
)
"""Variables that are shown as no words that somebody wrote."""
_BETWEEN = " \n\t·"  # parts texts of one line, and belongs to none of them
_LETTER = re.compile(r"[A-Za-z]")
_ENTITY = re.compile(r"&\w+;|&#\d+;")
_PLURAL = re.compile(r"\{\{\s*([^{}]+?)\|pluralize(?::\"([^\"]*)\")?\s*\}\}")
_ATTRIBUTE = re.compile(
    rf"((?:\s|(?<=%\}}))(?:{'|'.join(READ_ATTRIBUTES)})=\")((?:\{{%.*?%\}}|\{{\{{.*?\}}\}}|[^\"])*)(\")",
    re.DOTALL,
)
_DESCRIPTION = re.compile(r'(<meta name="description"\s+content=")(.*?)(">)', re.DOTALL)
_SENTENCE_END = re.compile(r"[.!?]\s*$")
_STRING = re.compile(r"(?<!_\()\"([^\"]*)\"(?!\|)")  # Django reads no filter behind _("")
_SPEAKING = re.compile(
    r"\{%\s*(include|linked|years_chart|element|papers_mention|feed_links|follow_button)\b"
)
"""Tags that show words which they are given."""
_READ_FILTERS = re.compile(r"(\|(?:default|default_if_none|yesno):)\"([^\"]*[A-Za-z][^\"]*)\"")


@dataclass
class Message:
    """A text of a template as catalogues hold it, and the sources of its places.

    plural: the text for other numbers than one, "" without; count: what is counted.
    """

    text: str = ""
    plural: str = ""
    count: str = ""
    places: dict[str, str] = field(default_factory=dict)

    def place(self, wish: str, source: str, form: str = "{%s}") -> str:
        """A name for a place, `wish` if it is free, with a number else."""
        name, number = form % wish, 1
        while name in self.places and self.places[name] != source:
            number += 1
            name = form % f"{wish}{number}"
        self.places[name] = source
        return name


Keep = Callable[[Message], None]


def marked(source: str, keep: Keep | None = None) -> str:
    """The source with its texts marked; `keep` is told of every message. See `parts.read`."""
    return _Marking(keep or (lambda message: None)).all(read(source))


def has_words(text: str) -> bool:
    """Whether there is something to translate."""
    return bool(_LETTER.search(_ENTITY.sub("", text)))


class _Marking:
    def __init__(self, keep: Keep) -> None:
        self.keep = keep
        self.plain = False
        """Whether what stands here can hold no elements: in an attribute, an option, a title."""

    def all(self, parts: list[Part]) -> str:
        """Parts of any kind: runs of what stands within lines are texts, the rest is between."""
        made, run = [], []
        for part in parts:
            if _is_inline(part):
                run.append(part)
                continue
            made.append(self.run(run))
            made.append(self.one(part))
            run = []
        return "".join(made) + self.run(run)

    def one(self, part: Part) -> str:
        """A part that is no text itself, with what people read in it marked."""
        if isinstance(part, Block):
            if part.name in {"blocktranslate", "blocktrans", "comment", "verbatim"}:
                return part.source
            before, self.plain = self.plain, self.plain or _is_plain(part)
            inner = "".join(self.tag(tag) + self.all(parts) for tag, parts in part.branches)
            self.plain = before
            return inner + part.end
        if isinstance(part, Element):
            return self.element(part.opening) + self.run(part.children) + part.closing
        if part.name in PLAIN_ELEMENTS:
            self.plain = part.kind == "open"
        if part.kind in {"open", "void"}:
            return self.element(part.source)
        if part.kind == "raw" and part.name in {"pre", "textarea"}:
            tag, more, rest = part.source.partition(">")
            return part.source if "{%" in tag else self.element(tag + more) + rest
        if part.kind in {"tag", "variable"}:
            return self.tag(part.source)
        return part.source

    def written(self, source: str) -> str:
        """A variable with the language of what people wrote into it, where that can be said."""
        if self.plain or not source.startswith("{{") or _NO_WORDS.search(source):
            return source
        return source.removesuffix("}}").rstrip() + "|as_written }}"

    def tag(self, source: str) -> str:
        """A tag or variable of Django; words that it is given are looked up when it renders."""
        source = self.written(_READ_FILTERS.sub(self._string_after_filter, source))
        if re.match(
            r"\{%\s*(include|linked|years_chart|element|papers_mention|feed_links|follow_button)\b",
            source,
        ):
            head, given, rest = source.partition(" with ")
            if not given and not source.startswith("{% include"):
                head, given, rest = "", "", source
            return head + given + _STRING.sub(self._string, rest)
        return source

    def _string(self, match: re.Match[str]) -> str:
        words = match.group(1)
        is_read = has_words(words) and (" " in words or words[0].isupper())
        if not is_read or words.endswith(".html") or words.startswith(("/", "?", "#")):
            return match.group()
        self.keep(Message(words))
        return f'_("{words}")'

    def _string_after_filter(self, match: re.Match[str]) -> str:
        self.keep(Message(match.group(2)))
        return f'{match.group(1)}_("{match.group(2)}")'

    def element(self, source: str) -> str:
        """The opening tag of an element, with the attributes that people read marked."""

        def attribute(match: re.Match[str]) -> str:
            before, self.plain = self.plain, True
            said = self.run(read(match.group(2)))
            self.plain = before
            return match.group(1) + said + match.group(3)

        source = _DESCRIPTION.sub(attribute, source)
        return _ATTRIBUTE.sub(attribute, source)

    def run(self, run: list[Part]) -> str:
        """What stands within lines: one text, or several that no words join."""
        grouped = with_elements(run)
        if grouped is not None:
            return self.joined(grouped)
        made: list[str] = []
        between: list[Part] = []
        for part in run:  # elements that begin here and end elsewhere part the text
            if part.kind in {"open", "close"}:
                made += [self.joined(between), self.one(part)]
                between = []
            else:
                between.append(part)
        return "".join(made) + self.joined(between)

    def joined(self, parts: list[Part]) -> str:
        """Whole elements and texts: a message if words stand between them, else each by itself."""
        if not any(map(_is_worded, parts)):
            return "".join(self.alone(part) for part in parts)
        first, last = _trimmed(parts)
        before = "".join(self.alone(part) for part in parts[:first])
        after = "".join(self.alone(part) for part in parts[last:])
        return before + self.message(parts[first:last]) + after

    def alone(self, part: Part) -> str:
        if part.kind == "text":
            return self.message([part]) if has_words(part.source) else part.source
        return self.one(part)

    def message(self, parts: list[Part]) -> str:
        """Parts as one message: the tag `said` with the English source, and a source per place."""
        source = source_of(parts)
        body = source.strip(_BETWEEN)
        head = source[: source.index(body)]
        tail = source[len(head) + len(body) :]
        counted = {m.group(1) for m in _PLURAL.finditer(source_of([p for p in parts if _plain(p)]))}
        message = Message(count=counted.pop() if len(counted) == 1 else "")
        message.text = _tidy("".join(self.words(part, message, 0) for part in parts))
        if message.count:
            message.plural = _tidy("".join(self.words(part, message, 1) for part in parts))
        self.keep(message)
        plural = f" {quote(message.plural)} {message.count}" if message.count else ""
        places = "".join(
            f"{{% place {quote(name)} %}}{text}" for name, text in message.places.items()
        )
        start = f"{{% said {quote(message.text)}{plural} %}}"
        return f"{head}{start}{body}{places}{{% endsaid %}}{tail}"

    def words(self, part: Part, message: Message, form: int) -> str:
        """What stands for a part in the message (form 0: for one, 1: for more)."""
        if part.kind == "text":
            return part.source
        if part.kind == "comment":
            return ""
        if part.kind == "variable":
            plural = _PLURAL.fullmatch(part.source)
            if plural and message.count == plural.group(1):
                return _suffixes(plural.group(2))[form]
            return message.place(_name_of(part.source), self.tag(part.source))
        if isinstance(part, Element) and has_words(_text_of(part.children)):
            opening = message.place(part.name, self.element(part.opening), "<%s>")
            closing = opening.replace("<", "</")
            message.places[closing] = part.closing
            inner = "".join(self.words(child, message, form) for child in part.children)
            return opening + inner + closing
        if part.kind == "void":
            return message.place(part.name, self.one(part), "<%s>")
        return message.place(_name_of(part.source) or part.name, self.one(part))


def _is_plain(block: Block) -> bool:
    """Whether a block is one of `base.html` that ends in an attribute or in a title."""
    named = re.match(r"\{%\s*block\s+(\w+)", block.branches[0][0])
    return named is not None and named[1] in PLAIN_BLOCKS


def _is_inline(part: Part) -> bool:
    if isinstance(part, Block):
        inner = [child for _, children in part.branches for child in children]
        return (
            part.name in INLINE_BLOCKS
            and all(map(_is_inline, inner))
            and all(with_elements(children) is not None for _, children in part.branches)
        )
    if part.kind in {"open", "close", "void"}:
        return part.name in INLINE
    return part.kind in {"text", "variable", "comment"} or part.name in INLINE_TAGS


def _trimmed(parts: list[Part]) -> tuple[int, int]:
    """From where to where a text goes, without what stands before or behind whole sentences."""
    first, last = 0, len(parts)
    worded = [n for n, part in enumerate(parts) if _is_worded(part)]
    start, end = worded[0], worded[-1]
    if start and parts[start].source.lstrip()[:1].isupper() and _standing(parts[:start]):
        first = start
    if end + 1 < last and _SENTENCE_END.search(parts[end].source) and _standing(parts[end + 1 :]):
        last = end + 1
    return first, last


def _standing(parts: list[Part]) -> bool:
    """Whether these parts can stand for themselves: no variable of a sentence is among them."""
    return all(part.kind != "variable" for part in parts)


def _is_worded(part: Part) -> bool:
    """Whether a part brings words: a text, or a noun in `pluralize:"person,people"`."""
    if part.kind == "text":
        return has_words(part.source)
    plural = _PLURAL.fullmatch(part.source) if part.kind == "variable" else None
    return plural is not None and all(len(form) > 2 for form in _suffixes(plural.group(2)))


def _plain(part: Part) -> bool:
    return not isinstance(part, Block)


def _text_of(parts: list[Part]) -> str:
    """The words that stand in elements, without those of blocks in them."""
    return "".join(
        _text_of(part.children)
        if isinstance(part, Element)
        else part.source
        if part.kind == "text"
        else ""
        for part in parts
    )


def _suffixes(given: str | None) -> tuple[str, str]:
    """What `pluralize` adds for one and for more."""
    bits = (given or "s").split(",")
    return (bits[0], bits[1]) if len(bits) > 1 else ("", bits[0])


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(_BETWEEN)


def _name_of(source: str) -> str:
    """A name for a variable (its last attribute), for a tag or for a block."""
    if match := re.search(r"\{\{\s*([\w.]+)", source):
        named = [bit for bit in match.group(1).split(".") if not bit.isdigit()]
        if source.startswith("{{") or "{%" not in source:
            return named[-1].lower() if named else "value"
    if match := re.match(r"\{%\s*(\w+)", source):
        return match.group(1).lower()
    return ""
