"""Run with ``python -m reproductions.reference.token_reduction``."""

from reproductions import protocol

from . import experiment

args = protocol.parser("token_reduction", scales=("exact", "smoke", "toy")).parse_args()
with protocol.Reporter.from_args(args) as report:
    experiment.run(report, args.scale, args.seed, args.device)
