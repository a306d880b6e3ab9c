"""Run with ``python -m reproductions.reference.moe_accounting``."""

from reproductions import protocol

from . import experiment

args = protocol.parser("moe_accounting", scales=("exact",)).parse_args()
with protocol.Reporter.from_args(args) as report:
    experiment.run(report)
