"""Run with ``python -m reproductions.reference.expert_sizes``."""

from reproductions import protocol

from . import experiment

args = protocol.parser("expert_sizes", scales=("exact",)).parse_args()
with protocol.Reporter.from_args(args) as report:
    experiment.run(report, args.seed)
