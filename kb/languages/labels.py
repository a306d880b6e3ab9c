"""Words that organisers of workshops commonly put beside dates, talks and links.

They are data, written in English by people; the usual ones are told in the language of the page.
Any other label is shown as it was written, with its language.
"""

from __future__ import annotations

import re

from accounts.words import Words

USUAL = (
    *(Words("Workshop day"), Words("Workshop"), Words("Submissions open")),
    *(Words("Submission opens"), Words("Submission deadline"), Words("Deadline")),
    *(
        Words("Paper submission deadline"),
        Words("Full paper submission deadline"),
        Words("Abstract deadline"),
    ),
    *(
        Words("Abstract submission deadline"),
        Words("Video deadline"),
        Words("Competition submission deadline"),
    ),
    *(Words("Competition baseline code"), Words("Author notification"), Words("Notification")),
    *(
        Words("Acceptance notification"),
        Words("Notification of acceptance"),
        Words("Camera ready deadline"),
    ),
    *(Words("Camera ready"), Words("Camera-ready submission"), Words("Camera-ready deadline")),
    *(Words("Registration deadline"), Words("Registration opens"), Words("Keynote talk")),
    *(Words("Keynote"), Words("Spotlight"), Words("Spotlights")),
    *(Words("Invited talk"), Words("Contributed talk"), Words("Oral")),
    *(Words("Talk"), Words("Poster session"), Words("Panel discussion")),
    *(Words("Panel"), Words("Discussion"), Words("Opening remarks")),
    *(Words("Closing remarks"), Words("Opening"), Words("Closing")),
    *(Words("Welcome"), Words("Awards"), Words("Break")),
    *(Words("Coffee break"), Words("Lunch"), Words("Lunch break")),
    *(Words("Slides"), Words("Video"), Words("Recording")),
    *(Words("Yes"), Words("No"), Words("Poster"), Words("Paper"), Words("Code")),
    *(Words("Live stream"), Words("Poll"), Words("Full proceedings (PDF)")),
    *(
        Words("Host conference page"),
        Words("Host conference schedule entry"),
        Words("Host conference page with recordings"),
    ),
)
"""As they are written; case and hyphens do not matter."""
_NUMBERED = re.compile(r"(.*\S)\s+(\d+)")


def _key(label: str) -> str:
    return " ".join(label.replace("-", " ").casefold().split())


_KNOWN = {_key(label[:]): label for label in USUAL}


def usual(label: str) -> str:
    """The label in the language of the page if it is a usual one, numbered or not; else itself."""
    known = _KNOWN.get(_key(label))
    if known:
        return _shown(known, label)
    numbered = _NUMBERED.fullmatch(label)
    known = _KNOWN.get(_key(numbered[1])) if numbered else None
    return f"{_shown(known, numbered[1])} {numbered[2]}" if numbered and known else label


def _shown(known: Words, label: str) -> str:
    """What the catalogue says; in English the label as its author wrote it."""
    told = str(known)
    return label if told == known[:] else told
