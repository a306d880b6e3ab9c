"""Run with ``python -m reproductions.reference.ds_net``."""

from reproductions import protocol

from . import experiment

args = protocol.parser("ds_net", scales=("exact",)).parse_args()
with protocol.Reporter.from_args(args) as report:
    experiment.run(report, args.seed)
