"""From text to the terms of the index. Pure.

Latin text becomes lower-case stems without accents; runs of Chinese, Japanese or Korean become
pairs of neighbours and single characters, so that 早退 is found in 早退机制 without a dictionary.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache, lru_cache

from opencc import OpenCC
from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from papers.names import greek_names

LONGEST_TERM = 60

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
_CJK_RUN = re.compile(f"[{_CJK}]+")
_ACRONYMS = re.compile(
    r"\b([A-Za-z0-9]*[A-Z0-9]|[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ0-9]{2,}|[A-Za-z]{1,2}u)s\b"
)
_HYPHEN = re.compile("[-\u2010\u2011\u2013]")
_HYPHENATED = re.compile(r"\b\w+(?:[-\u2010\u2011\u2013]\w+)+\b")


_GREEK = greek_names()


def _folding(tokenizer: Tokenizer) -> TextAnalyzerBuilder:
    builder = TextAnalyzerBuilder(tokenizer)
    return (
        builder.filter(Filter.remove_long(LONGEST_TERM))
        .filter(Filter.lowercase())
        .filter(Filter.ascii_fold())
    )


@cache
def english() -> TextAnalyzer:
    """Words of prose: folded and stemmed."""
    return _folding(Tokenizer.simple()).filter(Filter.stemmer("english")).build()


@cache
def english_content() -> TextAnalyzer:
    """The same without words such as "of" and "the"."""
    builder = _folding(Tokenizer.simple()).filter(Filter.stopword("english"))
    return builder.filter(Filter.stemmer("english")).build()


@cache
def names() -> TextAnalyzer:
    """Words of names: folded, never stemmed."""
    return _folding(Tokenizer.simple()).build()


@cache
def grams() -> TextAnalyzer:
    """Characters and pairs already set apart by spaces."""
    return TextAnalyzerBuilder(Tokenizer.whitespace()).build()


TOKENIZERS = {"english": english, "names": names, "grams": grams}


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """One form for what is written in several: full-width letters, ligatures, combining accents;
    Greek letters by name; RNNs as RNN, since no stemmer takes an s from a word without vowels."""
    spelt = unicodedata.normalize("NFKC", text).translate(_GREEK)
    return _ACRONYMS.sub(r"\1", spelt)


def joined(text: str) -> list[str]:
    """Hyphenated words written as one: "ResNet-50" is also looked for as "ResNet50"."""
    return [_HYPHEN.sub("", word) for word in _HYPHENATED.findall(normal(text))]


def parts(word: str) -> list[str]:
    """What stands between the hyphens of a word."""
    return [part for part in _HYPHEN.split(normal(word)) if part]


def cjk_runs(text: str) -> list[str]:
    """Maximal runs of Chinese, Japanese and Korean characters; traditional ones simplified."""
    return [simplified(run) for run in _CJK_RUN.findall(normal(text))]


@lru_cache(maxsize=8192)
def simplified(text: str) -> str:
    """動態 as 动态: what is written in one form of Chinese is found in the other."""
    return str(_simplifier().convert(text))


@lru_cache(maxsize=8192)
def wordings(text: str) -> tuple[str, ...]:
    """The text in simplified characters, and in the mainland's words where Taiwan has others.

    "動態網路" is 动态网路 letter by letter, and 动态网络 as it is said in the mainland.
    """
    spelt = normal(text)
    return tuple(dict.fromkeys([simplified(spelt), str(_from_taiwan().convert(spelt))]))


def cjk_wordings(text: str) -> list[tuple[str, ...]]:
    """The wordings of each maximal run of Chinese, Japanese and Korean characters."""
    return [wordings(run) for run in _CJK_RUN.findall(normal(text))]


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


@cache
def _from_taiwan() -> OpenCC:
    return OpenCC("tw2sp")


def cjk_grams(run: str) -> list[str]:
    """What a query run must find side by side: its pairs, or the one character it is."""
    return [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]


def indexed_grams(text: str) -> str:
    """Pairs, then single characters, of each run, for the index. Pairs of a run are neighbours."""
    runs = cjk_runs(text)
    pairs = [gram for run in runs for gram in (*cjk_grams(run), "|")]
    singles = [char for run in runs if len(run) > 1 for char in run]
    return " ".join([*pairs, *singles])


def words(text: str) -> list[str]:
    """Terms of Latin text, in order, without runs of other scripts."""
    return [term for term in english().analyze(_latin(text)) if term]


@lru_cache(maxsize=8192)
def name_stems(name: str) -> tuple[str, ...]:
    """Terms of a short name that is asked for again and again, such as a topic's."""
    return tuple(words(name))


def content_counts(text: str) -> dict[str, int]:
    """Terms worth ranking by, in order, and how often each is said; stop words only if there is
    nothing else."""
    return Counter(_content(" ".join([_latin(text), *joined(text)])))


def content_words(text: str) -> list[str]:
    """Distinct terms worth ranking by, in order."""
    return list(content_counts(text))


def content_words_apart(text: str) -> list[str]:
    """The same without hyphenated words written as one."""
    return list(dict.fromkeys(_content(_latin(text))))


def _content(latin: str) -> list[str]:
    return english_content().analyze(latin) or english().analyze(latin)


def name_words(text: str) -> list[str]:
    """Terms of a name. A name in Chinese is one term."""
    return list(_name_terms(text))


@lru_cache(maxsize=8192)
def _name_terms(name: str) -> tuple[str, ...]:
    return tuple(names().analyze(normal(name)))


def without_cjk(text: str) -> str:
    """The text with a space for every run of Chinese, Japanese or Korean."""
    return _CJK_RUN.sub(" ", unicodedata.normalize("NFKC", text))


def _latin(text: str) -> str:
    return _CJK_RUN.sub(" ", normal(text))
