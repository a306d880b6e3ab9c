"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.words import Words
from kb.kept_posts import kept_post
from kb.languages.shown import spoken

THEME_LABELS = (("auto", Words("Auto")), ("light", Words("Light")), ("dark", Words("Dark")))


def site(request: HttpRequest) -> dict[str, Any]:
    """The reader's theme for the root element, the themes there are, and texts that were kept."""
    return {
        "theme": getattr(request, "theme", "auto"),
        "themes": THEME_LABELS,
        **spoken(request),
        "kept_post": kept_post(request) if hasattr(request, "user") else None,
    }
