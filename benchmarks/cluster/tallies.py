"""What came of taking a machine away: a row of the table."""

from __future__ import annotations

from dataclasses import dataclass, field

from benchmarks.faults.tallies import NO_ANSWER, Reads, Verdict

HEADING = (
    "| taken away | away s | requests | 5xx | of them with Retry-After | no answer | felt s "
    "| kept writes | lost | doubled | stuck | load | what was done |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|---|"
)


@dataclass
class Row:
    """One drill. Times are of time.monotonic(); `reads` and `writes` hold every answer.

    A write without an answer, or with 5xx, is repeated by its sender with the same key.
    """

    name: str
    began: float
    reads: Reads
    writes: Reads
    away_seconds: float = 0.0
    kept: int = 0
    load: float = 0.0
    """Of the machine, in the last minute."""
    verdict: Verdict = field(default_factory=Verdict)
    done: str = ""
    problem: str = ""

    @property
    def felt_seconds(self) -> float:
        """From the beginning of the drill until the last request that failed; 0: none did."""
        last = max(self.reads.last_failed_at, self.writes.last_failed_at)
        return max(0.0, last - self.began) if last else 0.0

    @property
    def is_good(self) -> bool:
        return not self.problem and self.verdict.is_good

    def cells(self) -> str:
        both, verdict = (self.reads, self.writes), self.verdict
        said = " ".join(part for part in (self.done, self.problem) if part)
        return (
            f"| {self.name} | {self.away_seconds:.0f} | {sum(one.total for one in both):,} | "
            f"{sum(one.failed for one in both)} | {sum(one.said for one in both)} | "
            f"{sum(one.statuses[NO_ANSWER] for one in both)} | {self.felt_seconds:.1f} | "
            f"{self.kept} | {len(verdict.lost)} | {len(verdict.doubled)} | {len(verdict.stuck)} | "
            f"{self.load:.0f} | "
            f"{said.replace('|', '/').replace(chr(10), ' ')} |"
        )
