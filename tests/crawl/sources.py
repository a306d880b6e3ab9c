"""Where the parameters of addresses come from: "this parameter comes from that queryset".

A pattern whose parameters have no source here is a KeyError, so that nothing is shipped that the
crawl does not know how to open.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.addresses import parameters
from tests.crawl import intake_sources, ledger_sources, member_sources, record_sources
from tests.crawl.rows import Rows

SOURCES: dict[str, Callable[[], Rows]] = {
    **record_sources.SOURCES,
    **ledger_sources.SOURCES,
    **intake_sources.SOURCES,
    **member_sources.SOURCES,
}
"""By a piece of the pattern that holds all its parameters; the longest that fits counts."""


def values_for(route: str) -> Rows:
    """What to put for the parameters of a pattern, in their order.

    Raises KeyError when there is no source for them.
    """
    names = parameters(route)
    if not names:
        return [()]
    fitting = [piece for piece in SOURCES if piece in route and parameters(piece) == names]
    if not fitting:
        raise KeyError(f"give one of tests/crawl/*_sources.py a source for {route}")
    return SOURCES[max(fitting, key=len)]()
