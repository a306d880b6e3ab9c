"""The tables of ``claims.toml`` as models: what may stand in them, and what must fit together."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ValidationError, field_validator, model_validator

from papers.checked import Table, Text, Texts, Whole, sentences
from reproductions.data_sources import SOURCES
from reproductions.judging.claims import RULES, Rule
from reproductions.protocol import SCALES
from reproductions.protocol.conventions import CONVENTIONS

COSTS = ("macs", "flops", "params")


class ScaleTable(Table):
    """`[scales.<name>]`: how a program runs at one scale."""

    budget_seconds: int
    seeds: list[Whole] = [0]
    deviations: Texts = []
    seen_seeds: list[Whole] = []

    @model_validator(mode="after")
    def _keep_seeds_apart(self) -> ScaleTable:
        if not self.seeds or set(self.seeds) & set(self.seen_seeds):
            raise ValueError("name at least one seed, and none that was seen")
        return self


class ReportedTable(Table):
    """`reported`: the published row that a claim is about."""

    paper: Text
    setting: Text
    metric: Text


class ContradictionTable(Table):
    """`contradiction`: another value, or parts that do not add up."""

    text: Text
    other_value: float | None = None
    other_source: str = ""
    parts: list[float] = []

    @model_validator(mode="after")
    def _say_which(self) -> ContradictionTable:
        if (self.other_value is None) == (not self.parts):
            raise ValueError("give either other_value or parts")
        if self.other_value is not None and not self.other_source:
            raise ValueError("other_value needs other_source")
        return self


def _rule(given: object) -> Rule:
    """The rule of a claim, by its `kind`; its own checks say what is wrong with its numbers."""
    options = dict(given) if isinstance(given, dict) else {}
    kind = options.pop("kind", None)
    if kind not in RULES:
        raise ValueError(f"rule.kind is one of {', '.join(RULES)}, got {kind!r}")
    if isinstance(options.get("rounding"), list):
        options["rounding"] = tuple(options["rounding"])
    try:
        return RULES[kind](**options)
    except ValidationError as error:
        raise ValueError(sentences(error, lambda location: f"rule {kind!r}")) from error


class ClaimTable(Table):
    """`[[claims]]`: one promise."""

    id: Text
    said_by: str = "paper"
    reported: ReportedTable | None = None
    statement: str = ""
    metric: str = ""
    unit: str | None = None
    scale: Literal[SCALES]  # type: ignore[valid-type]
    convention: Literal[("", *CONVENTIONS)] = ""  # type: ignore[valid-type]
    also_tried: Texts = []
    documented_by: str = ""
    rule: Annotated[Any, BeforeValidator(_rule)]
    basis: Text
    deviations: Texts = []
    printed_inputs: str = ""
    precondition: str = ""
    contradiction: ContradictionTable | None = None
    explanation: str = ""

    @field_validator("id")
    @classmethod
    def _is_plain(cls, id: str) -> str:
        if not re.fullmatch(r"[a-z0-9][a-z0-9.+-]*", id):
            raise ValueError("an id is lower case, digits, '-', '.' and '+'")
        return id

    @model_validator(mode="after")
    def _says_whose_number(self) -> ClaimTable:
        if self.said_by not in ("paper", "ours"):
            raise ValueError("said_by is 'paper' or 'ours'")
        needed = ("reported",) if self.said_by == "paper" else ("statement", "metric", "unit")
        for name in needed:
            if getattr(self, name) in (None, ""):
                raise ValueError(f"{name!r} is missing")
        unused = ("metric", "unit") if self.said_by == "paper" else ("reported",)
        if given := sorted(self.model_fields_set & set(unused)):
            raise ValueError(f"unknown keys {', '.join(given)}")
        return self

    @model_validator(mode="after")
    def _fits_together(self) -> ClaimTable:
        for name in self.also_tried:
            if name not in CONVENTIONS:
                raise ValueError(f"also_tried: no convention {name!r}")
            if name == self.convention:
                raise ValueError("also_tried repeats the convention itself")
        if self.scale == "smoke":
            raise ValueError("a smoke run decides nothing, so no claim is stated at it")
        if self.said_by == "ours" and self.printed_inputs:
            raise ValueError("printed_inputs needs a published number")
        if self.said_by == "ours" and self.rule.kind == "printed":
            raise ValueError("'printed' needs a published number")
        metric = self.reported.metric if self.reported else self.metric
        if metric in COSTS and not self.convention:
            raise ValueError("a cost needs a convention")
        return self


class ManifestTable(Table):
    """The whole file."""

    schema_: Any
    title: Text
    papers: Texts
    topics: Texts
    idea: Text
    consulted: Texts = []
    datasets: Texts = []
    scales: dict[str, ScaleTable]
    claims: list[ClaimTable]

    @model_validator(mode="before")
    @classmethod
    def _know_schema_and_scales(cls, content: Any) -> object:
        if content.get("schema") != 1:
            raise ValueError("schema must be 1")
        scales = content.get("scales")
        for name in scales if isinstance(scales, dict) else ():
            if name not in SCALES:
                raise ValueError(f"scales.{name}: scales are {', '.join(SCALES)}")
        return {("schema_" if key == "schema" else key): value for key, value in content.items()}

    @model_validator(mode="after")
    def _fits_together(self) -> ManifestTable:
        ids = [claim.id for claim in self.claims]
        if twice := sorted({id for id in ids if ids.count(id) > 1}):
            raise ValueError(f"claims with the same id: {', '.join(twice)}")
        for name in ("papers", "scales"):
            if not getattr(self, name):
                raise ValueError(f"{name}: name at least one")
        for name in self.datasets:
            if name not in SOURCES:
                raise ValueError(f"datasets: no data set {name!r}; there are {', '.join(SOURCES)}")
        for claim in self.claims:
            if claim.scale not in self.scales:
                raise ValueError(f"claim {claim.id}: scale {claim.scale!r} has no [scales] entry")
        return self
