"""Run with ``python -m reproductions.reference.visual_tokens``."""

from reproductions import protocol

from . import experiment

args = protocol.parser("visual_tokens", scales=("exact",)).parse_args()
with protocol.Reporter.from_args(args) as report:
    experiment.run(report, args.seed)
