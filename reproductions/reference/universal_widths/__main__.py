"""Run with ``python -m reproductions.reference.universal_widths``."""

from reproductions import protocol

from . import experiment

args = protocol.parser("universal_widths", scales=("exact",)).parse_args()
with protocol.Reporter.from_args(args) as report:
    experiment.run(report, args.seed)
