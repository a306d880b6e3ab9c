"""Run with ``python -m reproductions.reference.vit_tokens``."""

from reproductions import protocol

from . import experiment

args = protocol.parser("vit_tokens", scales=("exact",)).parse_args()
with protocol.Reporter.from_args(args) as report:
    experiment.run(report, args.seed)
