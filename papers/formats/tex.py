r"""Text to TeX and back: accents, special characters, capitals that styles must not lower. Pure."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache

from pylatexenc.latex2text import LatexNodes2Text

from papers.formats.raised_digits import ABOVE, BELOW, lowered, raised

_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u",
    "\u0307": ".", "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d",
    "\u0327": "c", "\u0328": "k", "\u0331": "b",
}  # fmt: skip
_LETTERS = {
    "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
    "ı": "i", "å": "aa", "Å": "AA",
}  # fmt: skip
_SPECIAL = {
    "\ue000": "{}", "\ue005": "{", "\ue006": "}",
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "&": r"\&", "%": r"\%", "$": r"\$",
    "#": r"\#", "_": r"\_", "\u2212": r"{$-$}",
    "\u00a0": "~", "–": "--", "—": "---",
    **{sign: rf"{{$_{digit}$}}" for digit, sign in enumerate(BELOW)},
    **{sign: rf"{{$^{digit}$}}" for digit, sign in enumerate(ABOVE)},
}  # fmt: skip
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu",
    "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "varphi",
    "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta",
    "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Υ": "Upsilon", "Φ": "Phi", "Ψ": "Psi",
    "Ω": "Omega",
}  # fmt: skip
_EPONYMS = re.compile(
    r"(Bayes|Bernoulli|Boltzmann|Euler|Fourier|Gauss|Gumbel|Hadamard|Hopfield|Kalman|Lagrang|"
    r"Lipschitz|Markov|Monte|Carlo|Pareto|Shapley|Taylor|Turing|Wasserstein|Winograd|English|"
    r"Chinese|German|French|Python|Transformer[sX]L)"
)
# Pairs that TeX joins to one sign (dashes, quotes, ¿, ¡); an empty group keeps them apart.
_LIGATURE = re.compile(r"-(?=-)|`(?=`)|'(?=')|[?!](?=`)")
_KEPT_APART = re.compile(r"(?<=[-`'?!])\{\}(?=[-`'])")
# Commands that the decoder drops or reads as their ASCII look-alike, by way of private characters.
_GRAVE = "\ue008"  # a backtick that opens no quotation
_PRIVATE = {
    r"\ensuremath{-}": "\ue001", "{$-$}": "\ue001",
    r"\textasciicircum": "\ue002", r"\textbraceleft": "\ue003",
    r"\textasciigrave": _GRAVE, r"\textbraceright": "\ue004", r"\{": "\ue003", r"\}": "\ue004",
}  # fmt: skip
_ADDRESS = re.compile(r"\\(?:url|path|nolinkurl)(?![a-zA-Z])\*?\s*\{[^{}]*\}")
_TILDE = "\ue007"  # of an address; elsewhere it is a space at which no line ends
# Commands that the decoder drops together with what they hold, or stumbles over.
_STYLES = re.compile(
    r"\\(?:text(?:tt|sf|sc|rm|up|md|it|bf|sl|ls|normal|superscript|subscript|quotedbl)|mbox|hbox|fbox|"
    r"text|emph|uline|underline|url|path|nolinkurl|operatorname|mathrm|mathsf|mathtt|mathit|"
    r"ensuremath)(?![a-zA-Z])\*?\s*(?:\[[^\]]{0,40}\]\s*)?(?=\{)"
)
_FRAMES = re.compile(  # commands whose first argument is an address, a colour or a length
    r"\\(?:href|textcolor|colorbox|fcolorbox|scalebox|raisebox|hyperref|parbox|foreignlanguage)"
    r"\s*(?:\[[^\]]*\]\s*)?(?:\{[^{}]*\}\s*)?(?=\{)"
)
_NOTES = re.compile(
    r"\\(?:footnote|footnotetext|thanks|index|label|todo|marginpar|cite[a-z]*|includegraphics|"
    r"vspace|vphantom|hphantom)\*?\s*(?:\[[^\]]{0,200}\]\s*)?\{"
)
_PROTECT = re.compile(r"\\protect\s*(?=\\)")
_SPACES = re.compile(
    r"\\hspace\*?\s*\{[^{}]{0,40}\}|\\(?:quad|qquad|newline|linebreak)(?![a-zA-Z])"
)
_RELATIONS = {
    "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠", "approx": "≈", "sim": "∼",
    "times": "×", "to": "→", "rightarrow": "→", "in": "∈", "subset": "⊂", "cdot": "·", "pm": "±",
    "ll": "≪", "gg": "≫", "equiv": "≡", "propto": "∝",
    **{name: name for name in ("log", "ln", "exp", "max", "min", "arg", "sup", "inf", "lim")},
}  # fmt: skip
_RELATION = re.compile(rf"\\({'|'.join(_RELATIONS)})(?![a-zA-Z]) +(?=\S)")
"""The space behind these is printed; the decoder takes it for the end of the command."""
_TEXT_GREEK = re.compile(rf"\\text({'|'.join(_GREEK.values())})(?![a-zA-Z])(?:\{{\}})?")
_GREEK_SIGNS = {name: sign for sign, name in _GREEK.items()}
_SINGLE_QUOTES = re.compile(r"(?<![\w`])`([^`']{1,120})'(?![\w'])")
_MARKS = re.compile(r"\\(?:footnotemark|footnote|thanks)(?![a-zA-Z])(?:\[[^\]]*\])?")
_SIGNS = {
    "textless": "<", "textgreater": ">", "textbar": "|", "textbardbl": "‖", "LaTeX": "LaTeX",
    "TeX": "TeX", "BibTeX": "BibTeX", "LaTeXe": "LaTeX2e", "pounds": "£", "textsterling": "£",
    "S": "§", "P": "¶", "copyright": "©", "textcopyright": "©", "textregistered": "®",
    "texttrademark": "™", "euro": "€", "texteuro": "€", "EUR": "€", "slash": "/", "SS": "SS",
    "textdegree": "°", "textmu": "µ", "textquotesingle": "'", "textunderscore": r"\_",
    "dag": "†", "ddag": "‡", "textdagger": "†", "textasteriskcentered": "*", "ldots": "…",
    "textellipsis": "…", "dots": "…", "textregular": "",
}  # fmt: skip
_SIGN = re.compile(
    rf"\\({'|'.join(sorted(_SIGNS, key=len, reverse=True))})(?![a-zA-Z])\s*(?:\{{\}})?"
)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_MATH = re.compile(r"(?<!\\)\$[^$]{1,300}\$|\{\\ensuremath\{[_^]\d\}\}")
_LOWERED = re.compile(r"_\{?(\d+)\}?")
_RAISED = re.compile(r"\^\{?(\d+)\}?")
_RAISED_TEXT = re.compile(r"\\text(super|sub)script\s*\{\s*(\d{1,6})\s*\}")
_VERBATIM = re.compile(r"\\verb\*?([^\w\s{}*])([^{}]{1,200}?)\1")
_DEEPEST = 60  # braces within braces; the decoder recurses, and no real field comes near
_FROM_PRIVATE = str.maketrans("\ue001\ue002\ue003\ue004\ue007", "\u2212^{}~", "\ue000")


def to_tex(text: str) -> str:
    """`text` so that BibTeX and LaTeX print it: accents and special characters as commands.

    Scripts that have no commands (Chinese) stay as they are, for engines that read UTF-8.
    """
    text = _LIGATURE.sub(lambda pair: pair[0] + "\ue000", unicodedata.normalize("NFC", text))
    while (bare := _SINGLE_QUOTES.sub(rf"{_GRAVE}\1'", text)) != text:  # it would print quotes
        text = bare
    return "".join(_tex_character(char) for char in text)


@cache
def _tex_character(char: str) -> str:
    if char in _SPECIAL:
        return _SPECIAL[char]
    if char == _GRAVE:
        return r"\textasciigrave{}"
    if char in _LETTERS:
        return rf"{{\{_LETTERS[char]}}}"
    if char in _GREEK:
        return rf"{{$\{_GREEK[char]}$}}"
    if char < "\u0080" or not unicodedata.decomposition(char):
        return char
    parts = unicodedata.normalize("NFD", char)
    if len(parts) == 2 and parts[0] < "\u0080" and parts[1] in _ACCENTS:
        accent, letter = _ACCENTS[parts[1]], parts[0].replace("i", r"\i").replace("j", r"\j")
        return rf"{{\{accent}{{{letter}}}}}"
    return char


def protect_capitals(title: str) -> str:
    """TeX of a title with braces around words whose capitals carry meaning (MSDNet, 3D, Markov)."""
    parts = re.split(r"([\s\-–/:,;()]+)", title)
    return to_tex(
        "".join(
            f"\ue005{part}\ue006" if _carries_capitals(part, index == 0) else part
            for index, part in enumerate(parts)
        )
    )


def _carries_capitals(part: str, first: bool) -> bool:
    capitals = [index for index, char in enumerate(part) if char.isupper()]
    if not capitals:
        return False
    lone_capital = len(part) == 1 and not first
    inner_capital = capitals[-1] > 0
    marked = any(char.isnumeric() for char in part)
    return inner_capital or lone_capital or marked or bool(_EPONYMS.match(part))


def from_tex(tex: str) -> str:
    """The text that TeX would print of a field, white space tidied. Never raises.

    Commands that only style give their arguments, signs their characters; braces that group or
    protect vanish; footnotes and thanks leave. What the decoder cannot take apart (an argument
    that is missing, braces nested beyond reason) keeps its words all the same.
    """
    if "\\" not in tex and not re.search(r"[{}$~%&`']|--", tex):
        return unicodedata.normalize("NFC", " ".join(tex.split()))
    tex = _SPACES.sub(" ", _PROTECT.sub("", tex))
    tex = _without_notes(_ENTITY.sub(lambda entity: html.unescape(entity[0]), tex))
    tex = _ADDRESS.sub(lambda address: address[0].replace("~", _TILDE), tex)
    tex = _VERBATIM.sub(lambda quoted: to_tex(quoted[2]), _RAISED_TEXT.sub(_text_raised, tex))
    for command, private in _PRIVATE.items():
        tex = tex.replace(command, private)
    tex = _STYLES.sub("", _FRAMES.sub("", _MATH.sub(_digits_raised, tex)))
    tex = _SIGN.sub(lambda command: _SIGNS[command[1]], tex)
    tex = _RELATION.sub(lambda command: _RELATIONS[command[1]] + " ", tex)
    tex = _TEXT_GREEK.sub(lambda command: _GREEK_SIGNS[command[1]], tex)
    tex = re.sub(r"(?<!\\)([%&#])", r"\\\1", tex)  # in a field they are signs, not commands
    tex = _KEPT_APART.sub("\ue000", tex)
    text = _SINGLE_QUOTES.sub("‘\\1’", _decoded(tex)).replace(_GRAVE, "`")
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _without_notes(tex: str) -> str:
    """Without footnotes, thanks, labels and citations, whatever is nested in them."""
    kept, position = [], 0
    while note := _NOTES.search(tex, position):
        kept.append(tex[position : note.start()])
        depth, position = 1, note.end()
        while depth and position < len(tex):
            depth += (tex[position] == "{") - (tex[position] == "}")
            position += 1
    return _MARKS.sub("", "".join([*kept, tex[position:]]))


def _decoded(tex: str) -> str:
    if _depth(tex) > _DEEPEST:
        return _words_of(tex)
    try:
        text = _decoder().latex_to_text(tex)
    except (IndexError, KeyError, RecursionError, TypeError, ValueError):
        return _words_of(tex)
    if "%s" in text and "%s" not in tex:  # an argument was missing, and the decoder left its mark
        return _words_of(tex)
    return text.translate(_FROM_PRIVATE)


def _words_of(tex: str) -> str:
    """Without commands, braces and dollars: the words of TeX that is not well formed."""
    text = re.sub(r"\\[a-zA-Z]+\*?|\\.", " ", tex)
    return re.sub(r"[{}$\\]", "", text).translate(_FROM_PRIVATE)


def _depth(tex: str) -> int:
    depth = deepest = 0
    for brace in re.findall(r"[{}]", tex):
        depth = depth + 1 if brace == "{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def _digits_raised(formula: re.Match[str]) -> str:
    """`CO$_2$` as `CO₂`, `$K^{2}$` as `K²`: digits alone have characters of their own."""
    body = _LOWERED.sub(lambda digits: lowered(digits[1]), formula[0])
    return _RAISED.sub(lambda digits: raised(digits[1]), body)


def _text_raised(digits: re.Match[str]) -> str:
    """`H\\textsubscript{2}O` as `H₂O`."""
    return raised(digits[2]) if digits[1] == "super" else lowered(digits[2])


@cache
def _decoder() -> LatexNodes2Text:
    return LatexNodes2Text(math_mode="text", strict_latex_spaces=True, keep_comments=True)
