"""What the commands share that hand work to the queue, or do it here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


class WorkCommand(BaseCommand):
    """A command with `--now` (here, without the queue) and `--jobs` (how many at a time)."""

    jobs = 1

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", action="store_true", help="here, without the queue")
        parser.add_argument(
            "--jobs",
            type=int,
            default=self.jobs,
            help=f"with --now: how many at a time (default {self.jobs})",
        )


def side_by_side(
    act: Callable[[Item], Outcome], items: Iterable[Item], *, jobs: int
) -> Iterator[Outcome]:
    """The outcomes in the order of the items, `jobs` at a time, each with its own connection."""

    def alone(item: Item) -> Outcome:
        try:
            return act(item)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max(1, jobs)) as threads:
        yield from threads.map(alone, items)
