"""What every address answers a reader without an account, as hashes: to compare two sites.

    KB_DATA_DIR=data/here  python -m benchmarks.answers > here.json
    KB_DATA_DIR=data/there python -m benchmarks.answers --compare here.json

Addresses come from urls.py and from the database, as in `benchmarks.crawl`. Two sites are the same
when every address answers with the same bytes, but for what is drawn or counted anew for each
answer (nonces, tokens of forms, the clock). The exit code of a comparison is 1 when something
differs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

LISTED = 40
# What is drawn or counted anew for each answer.
CHANCE = re.compile(
    rb'nonce="[^"]+"|name="csrfmiddlewaretoken" value="\w+"|<responseDate>[^<]+|'
    rb'"(?:age|seconds)": ?[\d.]+|<resumptionToken[^>]*>[^<]*|DTSTAMP:\w+'
)


def main() -> int:
    """Print the hashes, or what differs from those of another site."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=0, help="only so many of each pattern")
    parser.add_argument("--leave-out", nargs="*", default=[], help="beginnings of patterns")
    parser.add_argument("--compare", type=Path, help="hashes of another site")
    wanted = parser.parse_args()
    from benchmarks.crawl import _start_django

    _start_django()
    hashes = dict(answers(wanted.sample, tuple(wanted.leave_out)))
    if wanted.compare is None:
        json.dump(hashes, sys.stdout, indent=0)
        return 0
    return _compare(json.loads(wanted.compare.read_text()), hashes)


def answers(sample: int, left_out: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each address with its status and the hash of what it answers."""
    from django.test import Client

    from tests.crawl.visiting import Crawl, Visit, crawled_routes, opener

    plain = opener(Client())
    hashes: dict[str, str] = {}

    def open_(address: str):  # type: ignore[no-untyped-def]
        answer = plain(address)
        body = CHANCE.sub(b"", answer.body)
        hashes[address] = f"{answer.status} {hashlib.sha256(body).hexdigest()[:24]}"
        return answer

    crawl = Crawl({"anonymous": open_}, sample=sample)
    visits: list[Visit] = []
    for route in crawled_routes():
        if route != "healthz" and not (left_out and route.startswith(left_out)):
            visits += crawl.route(route)
    yield from ((visit.address, hashes[visit.address]) for visit in visits)


def _compare(before: dict[str, str], now: dict[str, str]) -> int:
    differing = [address for address in before if now.get(address) != before[address]]
    added = [address for address in now if address not in before]
    print(f"{len(before):,} addresses; {len(differing)} differ, {len(added)} are new")
    for address in [*differing, *added][:LISTED]:
        print(f"  {address}: {before.get(address, 'absent')} → {now.get(address, 'absent')}")
    return 1 if differing or added else 0


if __name__ == "__main__":
    sys.exit(main())
