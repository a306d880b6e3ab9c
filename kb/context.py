"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

THEME_LABELS = (("auto", "Auto"), ("light", "Light"), ("dark", "Dark"))


def site(request: HttpRequest) -> dict[str, Any]:
    """The reader's theme for the root element, and the themes there are."""
    return {"theme": getattr(request, "theme", "auto"), "themes": THEME_LABELS}
