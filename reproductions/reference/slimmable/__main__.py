"""Run with ``python -m reproductions.reference.slimmable``."""

from reproductions import protocol

from . import experiment

args = protocol.parser("slimmable", scales=("exact", "smoke", "toy")).parse_args()
with protocol.Reporter.from_args(args) as report:
    experiment.run(report, args.scale, args.seed, args.device)
