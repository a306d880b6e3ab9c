"""Typing corrections from the words that the index knows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from papers.search.language.clauses import Phrase, Word
from papers.search.language.query import PaperQuery
from papers.search.words import analysis
from papers.search.words.conditions import all_of, one_of, phrase
from papers.search.words.reader import View

SHORTEST = 4
MOST_CORRECTED = 4
LONGEST = 200  # characters of a question


def corrected(view: View, query: PaperQuery, states: Sequence[str] | None = None) -> str:
    """The query with words that stand nowhere replaced by near ones; empty if there are none.

    states: of the papers whose words the reader may learn of; None for all. Only bare words and
    phrases are looked at, and only when the query is short enough for a slip of the finger to
    matter: of a pasted abstract nobody would see what was changed.
    """
    text, changed = query.q, 0
    if len(text) > LONGEST:
        return ""
    spoken = [clause for clause in query.clauses if isinstance(clause, Word | Phrase)]
    for clause in sorted(spoken, key=lambda clause: -clause.span.start):
        written = text[clause.span.start : clause.span.end]
        better = re.sub(r"[^\W\d_]+", lambda found: _word(view, found[0], states), written)
        if better != written:
            text = text[: clause.span.start] + better + text[clause.span.end :]
            changed += 1
    return text if 0 < changed <= MOST_CORRECTED else ""


def _word(view: View, written: str, states: Sequence[str] | None) -> str:
    folded = "".join(analysis.name_words(written))
    if len(folded) < SHORTEST or analysis.cjk_runs(folded) or _is_known(view, folded, states):
        return written
    return near_word(view, folded, states) or written


def _is_known(view: View, folded: str, states: Sequence[str] | None) -> bool:
    if _stands(view, "spelling", folded, states):
        return True
    return any(_stands(view, "body", stem, states) for stem in analysis.words(folded))


def _stands(view: View, field: str, term: str, states: Sequence[str] | None) -> bool:
    """Whether the term stands in a paper that the reader may see.

    Only where so few papers have it that all of them may be hidden, they are looked at.
    """
    papers = view.searcher.doc_freq(field, term)
    if states is None or not papers or papers > view.unseen(states):
        return bool(papers)
    question = all_of([one_of("state", states), phrase(field, [term])])
    return bool(view.searcher.search(question, 1, count=False).hits)


def near_word(view: View, folded: str, states: Sequence[str] | None) -> str:
    """The known word nearest to one that is not known, the commoner of equals; or empty."""
    starts = {folded[0], folded[1]}  # the first two letters may have changed places
    known: dict[str, int] = {}
    for start in starts:
        for length in range(len(folded) - 2, len(folded) + 3):
            known |= view.spelt(start, length)
    allowed = 1 if len(folded) < 6 else 2
    candidates = process.extract(
        folded, list(known), scorer=OSA.distance, score_cutoff=allowed, limit=20
    )
    best = sorted(candidates, key=lambda one: (one[1], -known[one[0]], one[0]))
    return next((word for word, *_ in best if _stands(view, "spelling", word, states)), "")
