"""Pages that a repository puts in front of a paper, told by what only they say."""

from __future__ import annotations

import re

from papers.pdf.layout import Line

_STRONG = re.compile(
    r"see discussions, stats,? and author profiles|researchgate\.net/publication"
    r"|\bhal (is a multi-disciplinary|id ?:)|l[\u2019']archive ouverte pluridisciplinaire"
    r"|jstor is a not-for-profit|your use of the jstor archive"
    r"|this (article|pdf|file|paper|document) (was|is|has been) downloaded (from|by)"
    r"|citation for published version|link to publication record"
    r"|terms and conditions of (access|use)"
    r"|this is (an?|the) (author|accepted|pre-?print|post-?print|self-archived)[^.]{0,60}"
    r"(version|manuscript|copy)"
    r"|(white rose|institutional) (research online|repository)|to cite this (article|version)"
    r"|document version|electronic copy available at",
    re.I,
)
_WEAK = re.compile(
    r"^downloaded (from|by|on)\b|^citations?( reads)?$|^reads$|^\d+ publications?\b"
    r"|^see profile$|some of the authors of this publication|^view (project|online|profile)"
    r"|all content following this page|the user has requested enhancement"
    r"|^(uploaded|deposited|submitted) (by|on|in)\b|copyright and (reuse|moral rights)"
    r"|take-?down policy"
    r"|general rights|repository|^\d+ authors?\b|^accepted version|^published version|^rights\b",
    re.I,
)
_PAPER = re.compile(r"(abstract|(1|i)?[.\s]*introduction|摘\s*要)\b\W*", re.I)


def is_cover(lines: list[Line]) -> bool:
    """Whether the lines of a first page are those of a repository's cover.

    A page with an introduction is the paper itself, whatever its margins say.
    """
    texts = [line.text for line in lines if line.text]
    whole = " ".join(texts)
    if any(re.fullmatch(r"((1|i)?[.\s]*)introduction\W*", text, re.I) for text in texts):
        return False
    strong = len({match.group().lower()[:12] for match in _STRONG.finditer(whole)})
    weak = sum(bool(_WEAK.search(text)) for text in texts)
    sparse = len(whole) < 1800 and not any(_PAPER.match(text) for text in texts)
    # One phrase may be a note on the paper's own page; a cover has several, or little else.
    return (
        strong + weak >= 3
        or (strong >= 1 and strong + weak >= 2)
        or (strong + weak >= 1 and sparse and len(texts) <= 40)
    )
