"""Where the sources disagree, with the sums worked out from printed numbers and our runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Prefetch

from accounts.models import Visitor
from reproductions.models import Disagreement, DisagreementPart, PublishedNumber
from reproductions.published import SCALE_OF_UNIT


@dataclass
class Contradiction:
    """A disagreement with what our runs say and the sums worked out."""

    group: Disagreement
    rows: list[DisagreementPart]
    arithmetic: list[str] = field(default_factory=list)


def disagreements(user: Visitor = None) -> list[Contradiction]:
    """Contradictions between or inside sources; hidden papers are left out."""
    numbers = PublishedNumber.objects.visible_to(user).for_rows()
    parts = DisagreementPart.objects.filter(number__in=numbers.values("pk")).prefetch_related(
        Prefetch("number", numbers)
    )
    groups = Disagreement.objects.prefetch_related(Prefetch("parts", parts, to_attr="shown"))
    named = set(DisagreementPart.objects.values_list("disagreement_id", flat=True))
    return [
        Contradiction(group, group.shown, _arithmetic(group))
        for group in groups
        if group.shown or (group.also and group.pk not in named)
    ]


def _arithmetic(group: Disagreement) -> list[str]:
    parts: list[DisagreementPart] = group.shown  # type: ignore[attr-defined]
    if group.kind == Disagreement.Kind.SUM:
        return _sum(parts)
    if group.kind == Disagreement.Kind.UNIT:
        return [_unit(part.number) for part in parts]
    compared = group.kind in (Disagreement.Kind.SOURCES, Disagreement.Kind.CONVENTION)
    numbers = [part.number for part in parts]
    if compared and len({number.unit for number in numbers}) == 1:
        return _differences(numbers) if _one_network(group) else []
    return []


def _one_network(group: Disagreement) -> bool:
    """Whether the parts are one network; of a convention the numbers may be of several."""
    return group.kind == Disagreement.Kind.SOURCES or len(group.shown) == 2  # type: ignore[attr-defined]


def _differences(numbers: list[PublishedNumber]) -> list[str]:
    """Each number against the first, with as many digits as the finer of the two has."""
    first, *others = numbers
    sentences = []
    for other in others:
        gap, digits = other.value - first.value, max(first.decimals, other.decimals)
        relative = f", {gap / first.value:+.1%}" if first.value else ""
        words = f"{other.printed} − {first.printed} = {gap:.{digits}f} {first.unit}"
        sentences.append(words.strip() + relative)
    return sentences


def _sum(parts: list[DisagreementPart]) -> list[str]:
    terms = [part.number for part in parts if part.role == DisagreementPart.Role.PART]
    total = next(part.number for part in parts if part.role == DisagreementPart.Role.TOTAL)
    added = sum((term.value for term in terms), Decimal(0))
    digits = max(term.decimals for term in terms)
    sentences = [
        f"{' + '.join(term.printed for term in terms)} = {added:.{digits}f} {total.unit}; "
        f"printed: {total.printed} {total.unit}, {total.value - added:+.{digits}f}"
    ]
    ours = [term.measured for term in terms]
    if all(value is not None for value in ours):
        counted = " + ".join(f"{value:.2f}" for value in ours)
        summed = sum(value for value in ours if value is not None)
        sentences.append(f"our count: {counted} = {summed:.2f} {total.unit}")
    return sentences


def _unit(number: PublishedNumber) -> str:
    factor = SCALE_OF_UNIT.get(number.unit, 1.0)
    return (
        f"{number.printed} × 2^20 = {float(number.value) * factor / 1e6:.2f} million"
        f" ({number.setting})"
    )
