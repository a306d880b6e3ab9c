"""The form with which curators write a survey table: texts as lines, the question as YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import yaml

from reproductions.survey_tables.definition import BadDefinition, Definition, read_definition

LONGEST = 30_000
LINES = ("footnotes", "known", "missing")
EXAMPLE = """rows: points
select:
  topics: [token-pruning]
  data_sets: [ImageNet]
columns:
  - {show: network}
  - {show: paper}
  - {metric: accuracy, measure: top-1, head: Top-1}
  - {metric: operations, head: Operations}
  - {show: said_by}
order: [-Top-1]
"""


@dataclass
class TableForm:
    """What stands in the fields, as it was typed."""

    title: str = ""
    caption: str = ""
    question: str = EXAMPLE
    footnotes: str = ""
    known: str = ""
    missing: str = ""
    note: str = ""

    @classmethod
    def from_post(cls, post: Mapping[str, str]) -> TableForm:
        """The fields of a request; NUL, which no table can hold, is left out."""
        texts = {field.name: post.get(field.name, "") for field in fields(cls)}
        return cls(**{name: text.replace("\0", "")[:LONGEST] for name, text in texts.items()})

    @classmethod
    def of(cls, kept: dict[str, Any]) -> TableForm:
        """The fields for a definition that is kept."""
        texts = {name: "\n".join(kept.get(name, [])) for name in LINES}
        own = ("title", "caption", *LINES)
        rest = {name: value for name, value in kept.items() if name not in own}
        question = yaml.safe_dump(rest, allow_unicode=True, sort_keys=False, width=100)
        return cls(title=kept["title"], caption=kept["caption"], question=question, **texts)

    def definition(self) -> Definition:
        """Raises BadDefinition with what is wrong, in words for the curator."""
        try:
            question = yaml.safe_load(self.question) or {}
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            raise BadDefinition(f"The question is no YAML: {error}") from error
        if not isinstance(question, dict):
            raise BadDefinition("The question is a list of keys with values.")
        texts = {"title": self.title.strip(), "caption": " ".join(self.caption.split())}
        lists = {name: self._lines(name) for name in LINES}
        return read_definition({**question, **texts, **lists})

    def _lines(self, name: str) -> list[str]:
        lines = (line.strip() for line in getattr(self, name).splitlines())
        return [line for line in lines if line]
