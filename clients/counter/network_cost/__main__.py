"""``network-cost package.module:function --input 1,3,224,224``: build a network, count it."""

import argparse
import importlib
import sys
from pathlib import Path

import torch

from . import count


def main() -> int:
    """The function named makes the network; it is called without arguments, on the meta device."""
    options = argparse.ArgumentParser(prog="network-cost", description=__doc__)
    options.add_argument("network", help="where it is made: package.module:function")
    options.add_argument(
        "--input", action="append", required=True, help="shape, such as 1,3,224,224"
    )
    args = options.parse_args()
    place, _, name = args.network.partition(":")
    sys.path.insert(0, str(Path.cwd()))
    make = getattr(importlib.import_module(place), name or "main")
    with torch.device("meta"):
        network = make().eval()
        inputs = [torch.empty(*map(int, shape.split(","))) for shape in args.input]
    print(count(network, *inputs))
    return 0


if __name__ == "__main__":
    sys.exit(main())
