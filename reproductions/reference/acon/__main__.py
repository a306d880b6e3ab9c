"""Run with ``python -m reproductions.reference.acon``."""

from reproductions import protocol

from . import experiment

args = protocol.parser("acon", scales=("exact",)).parse_args()
with protocol.Reporter.from_args(args) as report:
    experiment.run(report, args.seed)
