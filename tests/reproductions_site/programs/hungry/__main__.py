"""Takes memory until somebody says no."""

from reproductions import protocol

args = protocol.parser("hungry", scales=("smoke",)).parse_args()
with protocol.Reporter.from_args(args) as report:
    kept = []
    while True:
        kept.append(bytearray(16 * 2**20))
