"""Run with ``python -m reproductions.reference.once_for_all``."""

from reproductions import protocol

from . import experiment

args = protocol.parser("once_for_all", scales=("exact",)).parse_args()
with protocol.Reporter.from_args(args) as report:
    experiment.run(report, args.seed)
