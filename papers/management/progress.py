"""A progress bar for commands that count papers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm


@contextmanager
def paper_bar() -> Iterator[Callable[[int, int], None]]:
    """Yields show(done, total). The bar appears with the first call and goes at the end."""
    bar: tqdm | None = None

    def show(done: int, total: int) -> None:
        nonlocal bar
        bar = bar or tqdm(total=total, desc="  papers", leave=False, file=sys.stderr, disable=None)
        bar.update(done - bar.n)

    try:
        yield show
    finally:
        if bar is not None:
            bar.close()
