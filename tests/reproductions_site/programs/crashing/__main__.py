"""Fails in the middle."""

from reproductions import protocol

args = protocol.parser("crashing", scales=("smoke",)).parse_args()
with protocol.Reporter.from_args(args) as report:
    report.log("so far so good")
    raise RuntimeError("no further")
