"""Run with ``python -m reproductions.reference.dynamic_convolution``."""

from reproductions import protocol

from . import experiment

args = protocol.parser("dynamic_convolution", scales=("exact",)).parse_args()
with protocol.Reporter.from_args(args) as report:
    experiment.run(report, args.seed)
