"""Run with ``python -m reproductions.reference.static_baselines``."""

from reproductions import protocol

from . import experiment

args = protocol.parser("static_baselines", scales=("exact",)).parse_args()
with protocol.Reporter.from_args(args) as report:
    experiment.run(report, args.seed)
