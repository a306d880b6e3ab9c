"""What came of a fault: answers that readers had, writes that were acknowledged, and a row."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field

NO_ANSWER = 0


@dataclass
class Reads:
    """Answers by status (0: none); `said`: of the 5xx, how many told when to come again.

    Times are of time.monotonic().
    """

    statuses: Counter[int] = field(default_factory=Counter)
    said: int = 0
    last_failed_at: float = 0.0
    wrong: Counter[str] = field(default_factory=Counter)
    """Failures that said nothing, by status and address."""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def note(self, address: str, status: int, tells_when: bool = False) -> None:
        """One answer. A 5xx with Retry-After is a failure that the site has told of."""
        with self._lock:
            self.statuses[status] += 1
            if status != NO_ANSWER and status < 500:
                return
            self.last_failed_at = time.monotonic()
            if tells_when:
                self.said += 1
            else:
                self.wrong[f"{status or 'no answer'} {address}"] += 1

    @property
    def total(self) -> int:
        return sum(self.statuses.values())

    @property
    def failed(self) -> int:
        """Answers of 5xx."""
        return sum(count for status, count in self.statuses.items() if status >= 500)


@dataclass(frozen=True)
class Kept:
    """A write that the site acknowledged: what it is, and by what it is found again."""

    kind: str
    mark: str
    by: str


@dataclass
class Verdict:
    """What became of acknowledged writes."""

    lost: list[Kept] = field(default_factory=list)
    doubled: list[Kept] = field(default_factory=list)
    stuck: list[Kept] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.doubled or self.stuck)


@dataclass
class Row:
    """One fault in the table. Seconds until well: infinite when it was not within patience."""

    fault: str
    reads: Reads
    seconds: float = float("inf")
    kept: int = 0
    load: float = 0.0
    """Of the machine, in the last minute."""
    verdict: Verdict = field(default_factory=Verdict)
    said: str = ""
    untried: str = ""
    """Why it could not be tried here; empty when it was."""

    @property
    def is_good(self) -> bool:
        return bool(self.untried) or (self.seconds < float("inf") and self.verdict.is_good)

    def cells(self) -> str:
        if self.untried:
            return f"| {self.fault} | | | | | | | | | | | not tried: {self.untried} |"
        reads, verdict = self.reads, self.verdict
        seconds = f"{self.seconds:.1f}" if self.seconds < float("inf") else "never"
        return (
            f"| {self.fault} | {reads.total:,} | {reads.failed} | {reads.said} | "
            f"{reads.statuses[NO_ANSWER]} | {seconds} | {self.kept} | {len(verdict.lost)} | "
            f"{len(verdict.doubled)} | {len(verdict.stuck)} | {self.load:.0f} | "
            f"{self.said} |"
        )


HEADING = (
    "| broken | reads | 5xx | of them with Retry-After | no answer | well after s | kept writes "
    "| lost | doubled | stuck | load | what the site said |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|"
)
