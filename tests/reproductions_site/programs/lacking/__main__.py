"""Needs a data set."""

from reproductions import protocol

args = protocol.parser("lacking", scales=("smoke",)).parse_args()
with protocol.Reporter.from_args(args) as report:
    raise protocol.DataMissing("CIFAR-10 as cifar-10-batches-py/")
