"""LaTeX to MathML that is safe to put into a page.

The converter's own output is not: it passes attributes and raw text through (`\\href`, `\\style`,
`\\text{<b>}`). So only its tree is taken, and written with the elements and attributes named here.
"""

from __future__ import annotations

from html import escape, unescape
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element

LONGEST_FORMULA = 2000
DEEPEST_NESTING = 40
# fmt: off
ELEMENTS = frozenset((
    "math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "msqrt", "mroot", "mfrac",
    "msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd",
    "mstyle", "mpadded", "mphantom", "menclose", "mmultiscripts", "mprescripts", "none",
))
ATTRIBUTES = frozenset((
    "display", "mathvariant", "stretchy", "fence", "separator", "form", "lspace", "rspace",
    "accent", "accentunder", "largeop", "movablelimits", "symmetric", "minsize", "maxsize",
    "linethickness", "columnalign", "rowalign", "columnspacing", "rowspacing",
    "columnlines", "rowlines", "displaystyle", "scriptlevel", "width", "height", "depth",
    "notation",
))
# fmt: on


def mathml(latex: str, *, display: bool = False) -> str:
    """The formula as MathML, or as escaped source where it cannot be converted."""
    if len(latex) > LONGEST_FORMULA or _nesting(latex) > DEEPEST_NESTING:
        return _source(latex)
    try:
        root = convert_to_element(latex, display="block" if display else "inline")
        return _written(root, 0)
    except Exception:  # the converter raises whatever its parser meets
        return _source(latex)


def _written(element: Element, depth: int) -> str:
    if depth > 4 * DEEPEST_NESTING:
        raise ValueError("nested too deeply")
    inside = escape(unescape(element.text or ""), quote=False)
    inside += "".join(_written(child, depth + 1) for child in element)
    if element.tag not in ELEMENTS:
        return inside
    given = "".join(
        f' {name}="{escape(unescape(value))}"'
        for name, value in element.attrib.items()
        if name in ATTRIBUTES
    )
    return f"<{element.tag}{given}>{inside}</{element.tag}>"


def _source(latex: str) -> str:
    return f"<code>{escape(latex)}</code>"


def _nesting(latex: str) -> int:
    depth = deepest = 0
    for character in latex:
        depth += (character == "{") - (character == "}")
        deepest = max(deepest, depth)
    return deepest + latex.count("\\left") + latex.count("\\begin")
