"""How a reference program talks to whoever started it.

A program is started as ``python -m reproductions.reference.<slug>`` with the options of
:func:`parser`, and prints one JSON object per line (see :mod:`.events`).  It reports and never
judges: nothing here reads a claim.

    def main() -> None:
        args = protocol.parser("skip_rnn", scales=("exact", "smoke", "full")).parse_args()
        with protocol.Reporter.from_args(args) as report:
            report.measure("lstm", 2.46e6, metric="macs", unit="1", setting="adding, LSTM",
                           convention="mac:matmul")

This package needs the standard library only.  :mod:`.cost`, which counts parameters and
multiply-accumulates, needs PyTorch and is imported separately.
"""

from .commands import DEVICES, SCALES, parser
from .events import (
    End,
    Event,
    Log,
    Measure,
    NeedsData,
    Point,
    Progress,
    Start,
    neutralised,
    read_event,
    read_events,
)
from .reporter import DataMissing, Reporter, environment

__all__ = [
    "DEVICES",
    "SCALES",
    "DataMissing",
    "End",
    "Event",
    "Log",
    "Measure",
    "NeedsData",
    "Point",
    "Progress",
    "Reporter",
    "Start",
    "environment",
    "neutralised",
    "parser",
    "read_event",
    "read_events",
]
