"""How an ingest may end, and how much one document may cost."""

from __future__ import annotations

import struct
from dataclasses import asdict, dataclass
from enum import StrEnum

LENGTH = struct.Struct("<I")  # before each answer of a reader process: how many bytes follow


class Status(StrEnum):
    """The one word that says how reading a file went."""

    OK = "ok"
    OK_WITH_WARNINGS = "ok-with-warnings"
    ENCRYPTED = "encrypted"
    IMAGE_ONLY = "image-only"
    MALFORMED = "malformed"
    OVER_BUDGET = "over-budget"
    NOT_A_PAPER = "not-a-paper"

    @property
    def has_text(self) -> bool:
        """Whether a paper can be made from the file."""
        return self in (Status.OK, Status.OK_WITH_WARNINGS)


ADVICE = {
    Status.OK: "The paper was read; check the title and authors before publishing.",
    Status.OK_WITH_WARNINGS: (
        "The paper was read, with the doubts listed below; compare the marked fields with the PDF."
    ),
    Status.ENCRYPTED: (
        "This PDF needs a password; save a copy without one and upload that copy instead."
    ),
    Status.IMAGE_ONLY: (
        "The pages are pictures without text; run the file through text recognition (OCR) and "
        "upload the result, or enter the paper by DOI or arXiv id."
    ),
    Status.MALFORMED: (
        "The file is damaged or is not a PDF; download it again, or print it to a new PDF, and "
        "upload that."
    ),
    Status.OVER_BUDGET: (
        "The file asks for more time or memory than one paper may use; upload a smaller version, "
        "or enter the paper by DOI or arXiv id."
    ),
    Status.NOT_A_PAPER: (
        "Readable, but it does not look like a scientific paper; enter the paper by hand if it "
        "is one."
    ),
}


@dataclass(frozen=True)
class Budget:
    """What one document may cost, counted over the whole document.

    file_bytes: size of the upload. pages_listed: pages the file may claim to have;
    pages_read: pages looked at, the rest is left out with a warning. glyphs: characters
    placed on pages. decoded_bytes: bytes all packed streams unpack to, pictures excepted.
    soft_seconds: wall time after which no further page is begun. cpu_seconds,
    wall_seconds: after these the reader is killed. memory_bytes: address space of the
    reader. reply_bytes: size of the reader's answer.
    """

    file_bytes: int = 64 * 2**20
    pages_listed: int = 5_000
    pages_read: int = 200
    glyphs: int = 3_000_000
    decoded_bytes: int = 256 * 2**20
    soft_seconds: float = 8.0
    cpu_seconds: int = 12
    wall_seconds: float = 25.0
    memory_bytes: int = 400 * 2**20
    reply_bytes: int = 24 * 2**20

    def to_json(self) -> dict[str, int | float]:
        """The budget as plain numbers, for the reader process."""
        return asdict(self)
