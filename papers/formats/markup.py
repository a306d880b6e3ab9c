"""HTML and JATS in titles, abstracts and names, as other programs write them, as text. Pure."""

from __future__ import annotations

import html
import re

from papers.formats.raised_digits import lowered, raised
from papers.formats.tex import from_tex
from papers.names import tidy

_TAG = re.compile(  # tags that exist, so that "a<b and c>d" stays
    r"</?(?:jats:|mml:)?(?:i|b|u|em|strong|sub|sup|inf|span|sc|scp|tt|small|a|p|br|div|li|ul|ol|"
    r"sec|title|list|list-item|italic|bold|monospace|underline|math|mrow|mi|mo|mn|mtext|msup|msub|"
    r"h[1-6]|font|center|code|ext-link|inline-formula|alternatives|tex-math)"
    r"(?:\s[^<>]{0,300})?\s?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_BLOCK = re.compile(r"</?(?:jats:)?(?:p|sec|title|list|list-item|br|div|li|ul)\b[^<>]*>", re.I)
_LOWERED = re.compile(r"<(?:jats:)?sub>\s*(\d+)\s*</(?:jats:)?sub>", re.I)
_RAISED = re.compile(r"<(?:jats:)?sup>\s*(\d+)\s*</(?:jats:)?sup>", re.I)
_TEX = re.compile(
    r"\\[a-zA-Z]{2,}\*?\s*\{|\\[\"'`^~=.]\s*\{?\\?[A-Za-z]\}?|\\[Hvcukrbd]\{|\\[%&#_$]"
    r"|\$[^$]{0,200}[\\_^][^$]{0,200}\$"
)


def from_html(text: str) -> str:
    """Without tags, entities as signs, digits below and above the line as such; tidied."""
    if "<" not in text and "&" not in text:
        return tidy(text)
    text = _LOWERED.sub(lambda match: lowered(match[1]), text)
    text = _RAISED.sub(lambda match: raised(match[1]), text)
    text = _without_tags(text)
    for _ in range(2):  # some escape twice: &amp;lt;
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    return tidy(_without_tags(text) if "<" in text else text)


def _without_tags(text: str) -> str:
    return _TAG.sub("", _BLOCK.sub(" ", text))


def from_any(text: str) -> str:
    """Text of a field in which some write HTML, some TeX and some neither (arXiv, OpenReview, CSL).

    A lone dollar or backslash is left as it is: only what is plainly a TeX command or a formula
    is read as one.
    """
    text = from_html(text)
    return from_tex(text) if _TEX.search(text) else text
