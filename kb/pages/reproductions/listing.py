"""Code for reading: highlighted lines with what the docstrings say beside them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from latex2mathml.converter import convert as to_mathml
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_for_filename
from pygments.util import ClassNotFound

COLOURED = "k|kn|kc|kd|kr|ow|c1|c|ch|cm|sd|s|s1|s2|sa|sb|se|si|mi|mf|m|mh|nf|nc|fm|nd|nb|bp"
"""Classes that `css/reproductions.css` draws in another way than plain text."""
_PLAIN = re.compile(rf'<span class="(?!(?:{COLOURED})")\w+">([^<]*)</span>')


@dataclass(frozen=True)
class Block:
    """Some lines of a file, and the words that stand beside them ("" if there are none)."""

    name: str
    note: SafeString
    lines: tuple[tuple[int, SafeString], ...]


def _math(content: str, display: bool) -> str:
    """A formula as MathML; the source itself when it cannot be read."""
    try:
        return str(to_mathml(content, display="block" if display else "inline"))
    except Exception:
        return f"<code>{escape(content)}</code>"


def _markdown() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
    reader.use(dollarmath_plugin, allow_space=False, double_inline=True)
    reader.add_render_rule(
        "math_inline", lambda self, tokens, i, options, env: _math(tokens[i].content, False)
    )
    reader.add_render_rule(
        "math_block", lambda self, tokens, i, options, env: _math(tokens[i].content, True)
    )
    return reader


@lru_cache(maxsize=128)
def markdown(text: str) -> SafeString:
    """Markdown as HTML; markup inside it is shown, never obeyed."""
    return mark_safe(_markdown().render(text))  # noqa: S308 (html is off)


def without_title(text: str) -> str:
    """Markdown without its first heading, which the page shows itself."""
    return re.sub(r"\A\s*# .*\n", "", text)


def idea_and_rest(text: str) -> tuple[str, str]:
    """A README cut before what tells how to read, run and judge: first the idea with its equations.

    It is cut before the first paragraph with a bold head that is neither papers nor ideas.
    """
    cut = re.search(r"^\*\*(?!Ideas?\b|Papers?\b)", text, re.MULTILINE)
    return (text[: cut.start()], text[cut.start() :]) if cut else (text, "")


def highlighted(name: str, text: str) -> list[SafeString]:
    """The lines of a file as HTML with classes where they mean a colour, without line ends."""
    try:
        lexer = get_lexer_for_filename(name, stripnl=False)
    except ClassNotFound:
        return [mark_safe(escape(line)) for line in text.splitlines()]  # noqa: S308
    whole = _PLAIN.sub(r"\1", highlight(text, lexer, HtmlFormatter(nowrap=True)))
    return [mark_safe(line) for line in whole.rstrip("\n").split("\n")]  # noqa: S308


def blocks(name: str, text: str) -> list[Block]:
    """The file cut where functions and classes begin, with their docstrings beside.

    A file that is not Python, or cannot be parsed, is one block without words.
    """
    lines = highlighted(name, text)
    if not name.endswith(".py"):
        return [_block("", "", lines, 0, len(lines), set())]
    try:
        cuts = _cuts(ast.parse(text))
    except SyntaxError:
        return [_block("", "", lines, 0, len(lines), set())]
    cut_blocks = []
    for place, (start, title, note, hidden) in enumerate(cuts):
        end = cuts[place + 1][0] if place + 1 < len(cuts) else len(lines)
        cut_blocks.append(_block(title, note, lines, start, end, hidden))
    return [block for block in cut_blocks if block.lines or block.note]


def parts(blocks: Sequence[Block], most: int) -> list[list[Block]]:
    """The blocks in groups of at most `most` lines; a block that is longer is cut.

    At least one group, so that an empty file has a page.
    """
    groups: list[list[Block]] = [[]]
    left = most
    for block in _cut(blocks, most):
        if groups[-1] and len(block.lines) > left:
            groups.append([])
            left = most
        groups[-1].append(block)
        left -= len(block.lines)
    return groups


def _cut(blocks: Iterable[Block], most: int) -> Iterator[Block]:
    """Each block; one of more than `most` lines as several, of which the first has the words."""
    for block in blocks:
        yield replace(block, lines=block.lines[:most])
        for start in range(most, len(block.lines), most):
            yield Block("", SafeString(""), block.lines[start : start + most])


Cut = tuple[int, str, str, set[int]]


def _cuts(tree: ast.Module) -> list[Cut]:
    """Where blocks begin (from 0), their names, docstrings, and the lines those stand on."""
    cuts: list[Cut] = [(0, "", *_docstring(tree))]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            cuts.append((_start(node), node.name, *_docstring(node)))
        if isinstance(node, ast.ClassDef):
            cuts += [
                (_start(inner), f"{node.name}.{inner.name}", *_docstring(inner))
                for inner in node.body
                if isinstance(inner, ast.FunctionDef)
                and (inner.name != "__init__" or ast.get_docstring(inner))
            ]
    return cuts


def _start(node: ast.FunctionDef | ast.ClassDef) -> int:
    return min([node.lineno, *(each.lineno for each in node.decorator_list)]) - 1


def _docstring(node: ast.Module | ast.FunctionDef | ast.ClassDef) -> tuple[str, set[int]]:
    """The docstring when it is worth a place beside the code, and its lines (from 0)."""
    text = ast.get_docstring(node) or ""
    if not text:
        return "", set()
    first = node.body[0]
    return text, set(range(first.lineno - 1, (first.end_lineno or first.lineno)))


def _block(
    name: str, note: str, lines: list[SafeString], start: int, end: int, hidden: set[int]
) -> Block:
    kept = [(place + 1, lines[place]) for place in range(start, end) if place not in hidden]
    while kept and not kept[-1][1].strip():
        kept.pop()
    while kept and not kept[0][1].strip():
        kept.pop(0)
    return Block(name, words(note), tuple(kept))


def words(note: str) -> SafeString:
    """A docstring as paragraphs; lines that are set in stay as they are."""
    parts = []
    for part in re.split(r"\n\s*\n", note.strip()):
        if not part:
            continue
        if re.search(r"^ {2,}\S", part, re.MULTILINE):
            parts.append(f'<pre class="formula">{escape(part)}</pre>')
        else:
            quoted = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", escape(part))
            parts.append(f"<p>{quoted.replace(chr(10), ' ')}</p>")
    return mark_safe("".join(parts))  # noqa: S308 (escaped above)
