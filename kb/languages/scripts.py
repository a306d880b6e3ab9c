"""What scripts say (`said("…")` in static/js), brought to them by pages in other languages."""

from __future__ import annotations

import json

from django.utils.translation import gettext

from accounts.words import Words

SAID = (
    Words("Replay"),
    Words("Stop"),
    Words("Copy"),
    Words("Copied"),
    Words("Press Ctrl+C"),
    Words("The server answered {status}. Press Enter to try the full page."),
    Words("The server answered {status}."),
    Words("The server cannot be reached; what you see may be old."),
    Words("None of these files is a PDF."),
    Words("Sent of {name}"),
    Words(
        "Larger than {largest} MB. Print it to a smaller PDF, or enter the paper by DOI or "
        "arXiv id."
    ),
    Words("The file is empty."),
    Words("Dismiss"),
    Words("The connection broke; nothing was lost."),
    Words("Send again"),
    Words("{place} of {hits}"),
    Words("Not found"),
    Words("The address bar has it"),
)


def translated() -> str:
    """What scripts say as JSON: English, and the same in the active language."""
    return json.dumps({text[:]: gettext(text[:]) for text in SAID}, ensure_ascii=False)
