"""Templates are laid out by a tool; what it cannot do is said here."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(path for path in FOLDER.rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_no_line_is_longer_than_120_characters(path: Path) -> None:
    """The formatter breaks tags, and leaves a line of text with template tags as long as it is."""
    lines = enumerate(path.read_text().splitlines(), start=1)
    assert [number for number, line in lines if len(line) > 120] == []
