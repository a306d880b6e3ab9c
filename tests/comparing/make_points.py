"""Operating points for tests: two numbers of one paper."""

from __future__ import annotations

from decimal import Decimal
from itertools import count
from typing import Any

import html5lib

from papers.models import Paper
from reproductions.models import PublishedNumber

_places = count(1)


def text_of(answer: Any) -> str:
    """The page as a browser's parser reads it."""
    tree = html5lib.parse(answer.content.decode(), namespaceHTMLElements=False)
    return " ".join("".join(tree.find("body").itertext()).split())


def number(paper: Paper, metric: str, printed: str, unit: str, **fields: Any) -> PublishedNumber:
    """A number as a file would give it, seen in its own source unless `fields` say otherwise."""
    place = next(_places)
    value = Decimal(printed)
    exponent = value.as_tuple().exponent
    defaults = {
        "setting": f"setting {place}",
        "table": "Table 1",
        "source": "the paper",
        "confidence": "high",
        "confirmed": True,
        "needs": "exact-cost",
        "task": "image classification",
        "data_set": "ImageNet",
        "position": place,
    }
    return PublishedNumber.objects.create(
        slug=f"{paper.key}-{place}",
        paper=paper,
        metric=metric,
        printed=printed,
        value=value,
        unit=unit,
        decimals=max(0, -int(exponent)),
        **{**defaults, **fields},
    )


def point(
    paper: Paper,
    name: str,
    top1: str,
    macs: str,
    *,
    cost: dict[str, Any] | None = None,
    metric: str = "macs",
    unit: str = "M",
    **fields: Any,
) -> tuple[PublishedNumber, PublishedNumber]:
    """Accuracy and cost of one network. `cost`: fields of the cost alone."""
    fields.setdefault("point", f"{paper.key}/{name}")
    data_set = fields.get("data_set", "ImageNet")
    measured = {"measure": "top-1", "setting": f"{data_set}, {name}, top-1"} | fields
    quality = number(paper, "accuracy", top1, "%", **measured)
    priced = {"setting": f"{data_set}, {name}"} | fields | (cost or {})
    return quality, number(paper, metric, macs, unit, **priced)
