"""Changing answers to reviews."""

from __future__ import annotations

from community.models import Reply
from community.reviews.changed_replies import edit_reply


def change(made: Reply, text: str) -> Reply:
    """Its author gives the answer another text, as they see it now."""
    return edit_reply(made, text, by=made.author, seen=made.revision)
