"""Run with ``python -m reproductions.reference.msdnet``."""

from reproductions import protocol

from . import experiment

args = protocol.parser("msdnet", scales=("exact", "smoke", "toy", "full")).parse_args()
with protocol.Reporter.from_args(args) as report:
    experiment.run(report, args.scale, args.seed, args.device, args.data)
