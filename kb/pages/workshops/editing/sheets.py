"""Forms as pages show them: boxes and lines with their texts, and what is told about each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kb.pages.workshops.editing.inputs import Input


@dataclass
class Box:
    """An input as the page shows it: its text, and what is wrong or asked about it."""

    input: Input
    name: str
    text: str
    told: str = ""

    @property
    def is_ticked(self) -> bool:
        return bool(self.text)

    @property
    def described_by(self) -> str:
        """Ids of the sentences below the box: what is wrong, then how to fill it."""
        problem_id = f"t-{self.name}" if self.told else ""
        return f"{problem_id} {f'h-{self.name}' if self.input.hint else ''}".strip()

    @property
    def is_listed(self) -> bool:
        """Whether the text is one of the options."""
        return any(self.text == value for value, _ in self.input.options)


@dataclass
class Line:
    """An entry of a list as the page shows it. was: its place before, "" for a new one."""

    number: int
    was: str
    order: str
    boxes: list[Box]
    code: str = ""
    is_removed: bool = False

    @property
    def is_new(self) -> bool:
        return self.was == ""

    @property
    def title(self) -> str:
        texts = {box.input.name: box.text for box in self.boxes}
        names = ("label", "name", "title", "team")
        return next((texts[name] for name in names if texts.get(name)), "")


@dataclass
class Sheet:
    """A form as it is shown or was sent. told: a sentence by the name of a box, or "" for all."""

    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)

    def tell_at(self, wrong: Mapping[str, str]) -> None:
        """Say at boxes what was wrong before they were read; wrong: sentences by their names."""
        self.told |= wrong
        for box in (*self.boxes, *(box for line in self.lines for box in line.boxes)):
            box.told = box.told or wrong.get(box.name, "")

    @property
    def told_at_once(self) -> str:
        """What is told of the whole form, not of one box."""
        return self.told.get("", "")
