"""What members write, as HTML: Markdown with mathematics and cites, made safe on the server.

Raw HTML is text here, images are not loaded (an image becomes a link), headings become bold
lines, links say `nofollow ugc`. Everything passes an allow-list at the end, whatever the parser
did.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from community.text import mathematics
from community.text.cites import SYNTAX, Cited

LONGEST_TEXT = 200_000
LONGEST_REMEMBERED = 20_000
# A cite in rendered text, until it becomes a link: a mark that nobody outside can write.
_BEGIN, _END = f"\ue000{secrets.token_hex(16)}:", "\ue001"
_MARK = re.compile(f"{_BEGIN}(\\w+):([\\w-]+){_END}")
# fmt: off
_TAGS = frozenset((
    "p", "br", "strong", "em", "s", "del", "code", "pre", "blockquote", "ul", "ol", "li",
    "a", "hr", "table", "thead", "tbody", "tr", "th", "td", "span", "sup",
))
# fmt: on
_ATTRIBUTES = {
    "a": {"href", "title"},
    "span": {"title"},
    "ol": {"start"},
    **{tag: set(mathematics.ATTRIBUTES) for tag in mathematics.ELEMENTS},
}
_CLASSES = {"a": {"cited"}, "span": {"missing", "math"}, "p": {"heading"}}
_REL = "nofollow ugc noopener"


def html(text: str, *, cited: Cited | None = None, paper_id: int = 0) -> SafeString:
    """Safe HTML of a member's Markdown; `cited` holds the links of its cites."""
    text = text[:LONGEST_TEXT]
    made = _remembered(text) if len(text) <= LONGEST_REMEMBERED else _rendered(text)
    with_cites = _MARK.sub(lambda match: _link(match[1], match[2], cited, paper_id), made)
    return mark_safe(with_cites)  # noqa: S308 (through the allow-list; links are escaped)


def _rendered(text: str) -> str:
    """The text with a mark for each cite: the same wherever it stands."""
    return _clean(_MARKDOWN.render(text))


_remembered = lru_cache(maxsize=1024)(_rendered)


def _link(kind: str, name: str, cited: Cited | None, paper_id: int) -> str:
    link = cited.link(paper_id, kind, name) if cited else None
    if link is None:
        return format_html(
            '<span class="missing" title="There is no such {} here">[{} {}?]</span>',
            kind,
            kind,
            name,
        )
    return format_html(
        '<a class="cited" href="{}" title="{}">{}</a>', link.url, link.detail, link.label
    )


def _clean(made: str) -> str:
    return nh3.clean(
        made,
        tags=set(_TAGS | mathematics.ELEMENTS),
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel=_REL,
    )


def _cite(state: StateInline, silent: bool) -> bool:
    """The inline rule for `[[kind:name]]`."""
    match = SYNTAX.match(state.src, state.pos, state.posMax)
    if match is None or state.linkLevel:
        return False
    if not silent:
        token = state.push("cite", "", 0)
        token.meta = {"kind": match[1], "name": match[2]}
    state.pos = match.end()
    return True


def _marked_cite(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: object, env: object
) -> str:
    return f"{_BEGIN}{tokens[index].meta['kind']}:{tokens[index].meta['name']}{_END}"


def _flat_headings(state: StateCore) -> None:
    """A heading becomes a bold line, so that the outline of the page stays the page's own."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "p"
            if token.nesting == 1:
                token.attrSet("class", "heading")


def _formula(latex: str, options: dict[str, Any]) -> str:
    return mathematics.mathml(latex, display=bool(options.get("display_mode")))


def _made() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": 30})
    markdown.enable(["table", "strikethrough"])
    markdown.disable(["image", "html_block", "html_inline"])
    dollarmath_plugin(
        markdown, renderer=_formula, allow_labels=False, allow_space=False, double_inline=True
    )
    markdown.inline.ruler.before("link", "cite", _cite)
    markdown.core.ruler.push("flat_headings", _flat_headings)
    markdown.add_render_rule("cite", _marked_cite)
    return markdown


_MARKDOWN = _made()
