"""Prints until somebody says no."""

from reproductions import protocol

args = protocol.parser("flooding", scales=("smoke",)).parse_args()
with protocol.Reporter.from_args(args) as report:
    while True:
        print("flood " * 1000)
