"""What reading one PDF yields, as plain data."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from papers.pdf.limits import ADVICE, Status


@dataclass(slots=True)
class Author:
    """A name as printed, with the affiliations its marks point to."""

    name: str
    affiliations: list[str] = field(default_factory=list)
    email: str = ""


@dataclass(slots=True)
class Section:
    """A heading. level: 1 for sections, 2 for subsections; page counts from 1."""

    number: str
    title: str
    level: int
    page: int


@dataclass(slots=True)
class Caption:
    """Caption of a figure, table, algorithm or listing; label as in "Figure 3"."""

    label: str
    text: str
    page: int


@dataclass(slots=True)
class Reference:
    """One entry of the reference list. raw: as printed, on one line."""

    raw: str
    title: str = ""
    authors: list[str] = field(default_factory=list)
    year: int | None = None
    venue: str = ""
    doi: str = ""
    arxiv: str = ""
    url: str = ""


@dataclass(slots=True)
class Extraction:
    """One PDF, understood. Confidences run from 0 (a guess) to 1 (printed and agreed)."""

    status: Status = Status.OK
    title: str = ""
    authors: list[Author] = field(default_factory=list)
    abstract: str = ""
    year: int | None = None
    venue: str = ""
    doi: str = ""
    arxiv: str = ""
    sections: list[Section] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    confidence: dict[str, float] = field(default_factory=dict)
    text: str = ""
    page_count: int = 0
    coverage: float = 0.0
    """Share of the glyphs on the pages read that reached the text, 0 to 1."""
    warnings: list[str] = field(default_factory=list)
    seconds: float = 0.0
    source: str = "layout"
    """Which reader the fields come from: "layout" (ours) or "grobid"."""
    isolation: list[str] = field(default_factory=list)
    """Fences that stood around the reader, such as "memory" or "network"."""
    second_opinion: dict[str, Any] = field(default_factory=dict)
    """Fields on which the other reader disagrees, when two were asked."""

    @property
    def message(self) -> str:
        """One sentence for the person who uploaded the file."""
        return ADVICE[self.status]

    def to_json(self) -> dict[str, Any]:
        """Everything as JSON-ready values."""
        plain = asdict(self)
        plain["status"] = str(self.status)
        plain["message"] = self.message
        return plain

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Extraction:
        """The inverse of to_json.

        The reader that wrote it handled hostile bytes, so nothing is believed: keys and
        types that do not belong raise TypeError or ValueError, and no text carries NUL or
        lone surrogates.
        """
        values = {key: _plain(value) for key, value in plain.items() if key != "message"}
        values["status"] = Status(values["status"])
        values["authors"] = [Author(**item) for item in values.get("authors", [])]
        values["sections"] = [Section(**item) for item in values.get("sections", [])]
        values["captions"] = [Caption(**item) for item in values.get("captions", [])]
        values["references"] = [Reference(**item) for item in values.get("references", [])]
        result = cls(**values)
        for name in ("title", "abstract", "venue", "doi", "arxiv", "text", "source"):
            if not isinstance(getattr(result, name), str):
                raise TypeError(f"{name} is not text")
        if not isinstance(result.year, int | None) or not isinstance(result.page_count, int):
            raise TypeError("a number is not a number")
        return result


def _plain(value: object) -> Any:
    """JSON values with every text storable as UTF-8 in PostgreSQL."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return value
