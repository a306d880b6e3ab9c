"""Markup as a reader of it means it, whatever lines and indents its template has."""

from __future__ import annotations

import re


def flat(html: str) -> str:
    """`html` on one line: one space for white space, none at the edges inside an element."""
    line = re.sub(r"\s+", " ", html)
    line = re.sub(r"(<[a-zA-Z][^<>]*?) >", r"\1>", line)
    line = re.sub(r"(<[a-zA-Z][^<>]*>) ", r"\1", line)
    return re.sub(r" (</)", r"\1", line)
