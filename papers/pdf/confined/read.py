"""Read a PDF into an Extraction without ever parsing it in the calling process."""

from __future__ import annotations

import os
from pathlib import Path

import httpx

from papers.pdf.confined.grobid import (
    GrobidUnavailable,
    ask_grobid,
    grobid_url,
    with_second_opinion,
)
from papers.pdf.confined.pool import ReaderPool, shared_pool
from papers.pdf.extraction import Extraction
from papers.pdf.limits import Status


def read_pdf(
    path: str | os.PathLike[str],
    *,
    pool: ReaderPool | None = None,
    client: httpx.Client | None = None,
) -> Extraction:
    """Read and understand one PDF in a confined process.

    pool: readers to use; without one, the reader this process keeps. Whatever the file
    holds, the answer is an Extraction whose status and message say how it went. With
    GROBID_URL set, a readable file is also sent there, and ours becomes the second opinion;
    a server that fails costs a warning. client: for talking to it. Raises OSError when the
    path cannot be opened.
    """
    ours = (pool or shared_pool()).read(path)
    url = grobid_url()
    if not url or not (ours.status.has_text or ours.status is Status.NOT_A_PAPER):
        return ours
    try:
        theirs = ask_grobid(Path(path), url, client=client)
    except GrobidUnavailable:
        ours.warnings.append("GROBID did not answer; this is our own reading.")
        if ours.status is Status.OK:
            ours.status = Status.OK_WITH_WARNINGS
        return ours
    return with_second_opinion(ours, theirs)
