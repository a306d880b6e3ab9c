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
    return [
        Contradiction(group, group.shown, _arithmetic(group)) for group in groups if group.shown
    ]


def _arithmetic(group: Disagreement) -> list[str]:
    parts: list[DisagreementPart] = group.shown  # type: ignore[attr-defined]
    if group.kind == Disagreement.Kind.SUM:
        return _sum(parts)
    if group.kind == Disagreement.Kind.UNIT:
        return [_unit(part.number) for part in parts]
    if group.kind == Disagreement.Kind.SOURCES and len(parts) > 1:
        first, *others = (part.number for part in parts)
        return [
            f"{other.printed} − {first.printed} = {other.value - first.value:.{first.decimals}f} "
            f"{first.unit}, {(other.value - first.value) / first.value:+.1%}"
            for other in others
        ]
    return []


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
