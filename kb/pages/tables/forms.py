"""The form with which curators write a survey table: texts as lines, the question as YAML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import yaml

from reproductions.survey_tables.definition import (
    BadDefinition,
    Column,
    Definition,
    read_definition,
)

LONGEST = 30_000
LINES = ("footnotes", "known", "missing")
OWN = ("title", "caption", *LINES)
"""What has a field of its own, beside the question."""
QUESTION = tuple(name for name in Definition.model_fields if name not in OWN)
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


class _Flow(yaml.SafeDumper):
    """Lists of words and columns in one line each, as they are written by hand."""

    def represent_sequence(
        self, tag: str, sequence: Iterable[object], flow_style: bool | None = None
    ) -> yaml.SequenceNode:
        of_words = all(isinstance(item, str) for item in sequence)
        return super().represent_sequence(tag, sequence, flow_style=of_words)

    def represent_mapping(
        self,
        tag: str,
        mapping: Mapping[str, object],  # type: ignore[override]
        flow_style: bool | None = None,
    ) -> yaml.MappingNode:
        is_column = isinstance(mapping, dict) and {"show", "metric", "cell"} & set(mapping)
        return super().represent_mapping(tag, mapping, flow_style=bool(is_column))


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
        rest = {name: kept[name] for name in QUESTION if name in kept}
        rest = {"rows": "points"} | rest  # what is as usual is not kept
        rest["columns"] = [
            {name: column[name] for name in Column.model_fields if name in column}
            for column in kept["columns"]
        ]
        question = yaml.dump(rest, Dumper=_Flow, allow_unicode=True, sort_keys=False, width=100)
        return cls(title=kept["title"], caption=kept["caption"], question=question, **texts)

    def definition(self) -> Definition:
        """Raises BadDefinition with what is wrong, in words for the curator."""
        try:
            question = yaml.safe_load(self.question) or {}
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            raise BadDefinition(f"The question is no YAML: {error}") from error
        if not isinstance(question, dict):
            raise BadDefinition("The question is a list of keys with values.")
        if doubled := [name for name in OWN if name in question]:
            raise BadDefinition(f"{', '.join(doubled)}: written in the fields, not in the question")
        texts = {"title": self.title.strip(), "caption": " ".join(self.caption.split())}
        lists = {name: self._lines(name) for name in LINES}
        return read_definition({**question, **texts, **lists})

    def _lines(self, name: str) -> list[str]:
        lines = (line.strip() for line in getattr(self, name).splitlines())
        return [line for line in lines if line]
