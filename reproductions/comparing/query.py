"""What a reader asks a comparison: the same words in addresses of pages, files and the API."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reproductions.comparing.quantities import COSTS

TEXTS = (
    "task",
    "data_set",
    "split",
    "measure",
    "counting",
    "by",
    "topic",
    "method",
    "paper",
    "backbone",
)
YEARS = ("since", "until")
SWITCHES = ("second_hand", "mix")
NONE = "-"
"""In an address: points of which the source says nothing here."""


@dataclass(frozen=True)
class CompareQuery:
    """Filters and switches. `problems` are shown, never dropped.

    second_hand: also numbers read in notes of third parties, and those from memory.
    mix: draw together what is not comparable.
    under: the bound of the list of the best, as the reader wrote it.
    """

    cost: str = "operations"
    task: str = ""
    data_set: str = ""
    split: str = ""
    measure: str = ""
    counting: str = ""
    by: str = ""
    topic: str = ""
    method: str = ""
    paper: str = ""
    backbone: str = ""
    since: int | None = None
    until: int | None = None
    second_hand: bool = False
    mix: bool = False
    under: str = ""
    problems: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> CompareQuery:
        """Read query parameters; what cannot be understood becomes a problem."""
        values: dict[str, Any] = {}
        problems = []
        for name in (*TEXTS, "under"):
            if text := params.get(name, "").replace("\0", "").strip()[:120]:
                values[name] = text
        for name in YEARS:
            if text := params.get(name, "").strip():
                if text.isdecimal() and text.isascii() and len(text) == 4:
                    values[name] = int(text)
                else:
                    problems.append(f"{name}: {text[:20]!r} is no year")
        for name in SWITCHES:
            values[name] = params.get(name, "").strip() in ("1", "on", "true")
        if cost := params.get("cost", "").strip():
            if cost in COSTS:
                values["cost"] = cost
            else:
                near = difflib.get_close_matches(cost, COSTS, 1)
                hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(COSTS)}"
                problems.append(f"cost: there is no {cost[:40]!r}{hint}")
        return cls(**values, problems=tuple(problems))

    def changed(self, **values: Any) -> CompareQuery:
        return replace(self, **values)

    def params(self, **changed: Any) -> dict[str, str]:
        """Query parameters that ask this, some of them changed; defaults are left out."""
        query = self.changed(**changed)
        texts = {name: getattr(query, name) for name in (*TEXTS, *YEARS, "under")}
        if query.cost != "operations":
            texts["cost"] = query.cost
        texts |= {name: "1" for name in SWITCHES if getattr(query, name)}
        return {name: str(value) for name, value in texts.items() if value}
