"""The command line every reference program shares."""

import argparse
from collections.abc import Sequence
from pathlib import Path

SCALES = ("exact", "smoke", "toy", "reduced", "full")
"""From cheap to dear.

exact:   arithmetic on the published architecture; no training, no randomness that matters.
smoke:   does it run; its numbers decide nothing.
toy:     the idea on a task of our own that fits in a minute or two.
reduced: the paper's task with less of something (updates, width, length, seeds).
full:    the paper's protocol.
"""

DEVICES = ("cpu", "cuda")


def parser(
    slug: str, scales: Sequence[str], default: str | None = None, about: str = ""
) -> argparse.ArgumentParser:
    """Build the options of one program.

    slug: name of the program's folder.  scales: those it supports, cheapest first.
    default: the scale without ``--scale``; the first of `scales` if not given.
    Raises ValueError for a scale outside SCALES or a default the program does not support.
    """
    unknown = [scale for scale in scales if scale not in SCALES]
    if unknown or not scales:
        raise ValueError(f"{slug}: scales must be some of {SCALES}, got {tuple(scales)}")
    default = scales[0] if default is None else default
    if default not in scales:
        raise ValueError(f"{slug}: default scale {default!r} is not among {tuple(scales)}")
    options = argparse.ArgumentParser(
        prog=f"python -m reproductions.reference.{slug}", description=about or None
    )
    options.add_argument("--scale", choices=tuple(scales), default=default, help="how much to do")
    options.add_argument("--seed", type=_seed, default=0, help="seed of every random generator")
    options.add_argument("--device", choices=DEVICES, default="cpu", help="where tensors live")
    options.add_argument("--data", type=Path, default=None, help="folder with the real data sets")
    options.add_argument("--out", type=Path, default=None, help="folder for files worth keeping")
    options.set_defaults(program=slug)
    return options


def _seed(text: str) -> int:
    seed = int(text)
    if not 0 <= seed < 2**32:
        raise argparse.ArgumentTypeError("a seed lies in 0 .. 2^32 - 1")
    return seed
