"""Papers of which the ledger has numbers, and those that a program here reproduces."""

from __future__ import annotations

from accounts.models import Visitor
from papers.models import Paper
from reproductions import registry
from reproductions.models import PublishedNumber


def papers_with_numbers(user: Visitor = None) -> set[int]:
    """Ids of papers with a published number that `user` may see."""
    numbers = PublishedNumber.objects.visible_to(user).order_by()
    return set(numbers.values_list("paper_id", flat=True).distinct())


def papers_with_programs() -> set[int]:
    """Ids of papers that a listed program names."""
    keys = {key for program in registry.programs() for key in program.manifest.papers}
    return set(Paper.objects.filter(key__in=keys).values_list("pk", flat=True))


def programs_of(paper_keys: set[str]) -> list[registry.Program]:
    """Listed programs that name one of the papers."""
    return [program for program in registry.programs() if paper_keys & set(program.manifest.papers)]


def having(user: Visitor = None) -> dict[str, set[int]]:
    """Both, by the words under which lists of methods ask for them."""
    return {"numbers": papers_with_numbers(user), "programs": papers_with_programs()}
