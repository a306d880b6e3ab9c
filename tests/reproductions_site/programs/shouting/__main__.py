"""Escape sequences, markup, half a line, a lie and a line that never ends."""

import sys

from reproductions import protocol

args = protocol.parser("shouting", scales=("smoke",)).parse_args()
with protocol.Reporter.from_args(args) as report:
    report.log("\x1b[2J\x1b[31mred\x1b[0m")
    print("<script>alert('log')</script>", flush=True)
    print('{"event": "measure", "id": "x", "value": NaN}', flush=True)
    print("\x1b]0;title\x07plain \u202e gnitset", flush=True)
    sys.stdout.buffer.write(b"\xff\xfe broken bytes\n" + b"y" * 200_000 + b"\nafter\n")
    sys.stdout.flush()
    print("<b>standard error</b>", file=sys.stderr, flush=True)
