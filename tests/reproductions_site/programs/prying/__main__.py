"""Tries the network, the disk, the worker's environment and its secrets; says what it got."""

import os
import socket
from pathlib import Path

from reproductions import protocol


def tried(name, act):
    try:
        report.log(f"{name}: {act()}")
    except OSError as error:
        report.log(f"{name}: refused ({error.strerror})")


args = protocol.parser("prying", scales=("smoke",)).parse_args()
with protocol.Reporter.from_args(args) as report:
    tried("network", lambda: socket.create_connection(("127.0.0.1", 9), 2))
    tried("write", lambda: (Path(__file__).parent / "left-behind").write_text("x"))
    tried("scratch", lambda: Path("mine").write_text("x"))
    here = Path(__file__).parent
    root = Path(protocol.__file__).parents[2]
    tried("own claims", lambda: len((here / "claims.toml").read_text()))
    tried("other claims", lambda: len((here.parent / "counting/claims.toml").read_text()))
    tried("shipped claims", lambda: len(list(root.glob("reproductions/reference/*/claims.toml"))))
    tried("printed numbers", lambda: len(list((root / "fixtures/numbers").iterdir())))
    tried("earlier results", lambda: len(list((root / "fixtures/runs").iterdir())))
    tried("history", lambda: len(list((root / ".git").read_bytes())))
    names = sorted(name for name in os.environ if "SECRET" in name or "DATABASE" in name)
    report.log(f"secrets: {names}")
    others = [path for path in Path("/proc").iterdir() if path.name.isdigit()]
    report.log(f"processes: {len(others)}")
