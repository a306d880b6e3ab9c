"""What a load did, for people to read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Report:
    """Counts and sentences of one load."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def count(self, kind: str, what: str) -> None:
        self.counts[kind, what] += 1

    def total(self, what: str) -> int:
        """How many records of all kinds were `new`, `changed`, `same` or only `read`."""
        return sum(number for (_, word), number in self.counts.items() if word == what)

    def lines(self) -> list[str]:
        """The report, a line each; conflicts and problems last, where the eye rests."""
        kinds = sorted({kind for kind, _ in self.counts})
        lines = [f"{kind:10} {self._counted(kind)}" for kind in kinds]
        lines += [f"kept as edited here: {text}" for text in self.kept]
        lines += [f"in the database but in no file: {text}" for text in self.gone]
        lines += [f"CONFLICT {text}" for text in self.conflicts]
        lines += [f"PROBLEM {text}" for text in self.problems]
        return lines

    def _counted(self, kind: str) -> str:
        if read := self.counts[kind, "read"]:
            return f"{read:5} read and in order"
        return " ".join(
            f"{self.counts[kind, what]:5} {what}" for what in ("new", "changed", "same")
        )
