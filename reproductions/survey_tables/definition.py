"""What a survey table asks and says, as a file or a curator writes it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from accounts.words import Words
from papers.checked import Location, Table, Text, Texts, sentences

SHOWN = {
    "network": Words("Network"),
    "paper": Words("Paper"),
    "year": Words("Year"),
    "venue": Words("Venue"),
    "backbone": Words("Backbone"),
    "task": Words("Task"),
    "data_set": Words("Data set"),
    "split": Words("Split"),
    "said_by": Words("Said by"),
    "table": Words("Printed in"),
    "code": Words("Code"),
    "numbers": Words("Numbers here"),
    "met": Words("Met by runs"),
    "programs": Words("Programs"),
    "method": Words("Method"),
    "adapts": Words("Adapts"),
    "granularity": Words("Per"),
    "decision": Words("Decides"),
    "training": Words("Trained"),
    "batching": Words("Batches"),
}
"""What a column can show besides printed numbers and cells written by hand."""

OF_PAPERS = frozenset({"paper", "year", "venue", "code", "numbers", "met", "programs"})
OF_POINTS = frozenset(
    {"network", "paper", "year", "backbone", "task", "data_set", "split", "said_by", "table", "met"}
)
OF_METHODS = OF_PAPERS | {"method", "adapts", "granularity", "decision", "training", "batching"}
WORDS = ("adapts", "granularity", "decision", "training")
"""What methods are selected by, in the words of papers.methods.words."""
MOST_ROWS = 120


class Column(Table):
    """One column: something of the row, a printed number, or words written by hand."""

    show: str = ""
    metric: str = ""
    measure: str = ""
    cell: str = ""
    head: str = ""

    @model_validator(mode="after")
    def _is_one_thing(self) -> Column:
        if sum(map(bool, (self.show, self.metric, self.cell))) != 1:
            raise ValueError("a column names one of show, metric and cell")
        if self.show and self.show not in SHOWN:
            raise ValueError(f"show is one of {', '.join(SHOWN)}, got {self.show!r}")
        if self.measure and not self.metric:
            raise ValueError("measure goes with metric")
        return self

    @property
    def title(self) -> str:
        """The head of the column."""
        return self.head or SHOWN.get(self.show) or self.cell or self.measure or self.metric


class Select(Table):
    """Which rows: each list that is given must hold the row's value."""

    tasks: Texts = []
    data_sets: Texts = []
    topics: Texts = []
    papers: Texts = []
    backbones: Texts = []
    methods: Texts = []
    adapts: Texts = []
    granularity: Texts = []
    decision: Texts = []
    training: Texts = []
    since: int | None = None
    until: int | None = None
    baselines: bool = True
    second_hand: bool = False
    others_tables: bool = False


class Definition(Table):
    """The whole of a table.

    order: heads of columns, "-" before one for the largest first.  needs: heads of columns without
    which a row is left out.  cells: words by hand, by key of the paper and name of the cell.
    """

    title: Annotated[str, Field(min_length=1, max_length=160)]
    caption: Text
    rows: Literal["points", "papers", "methods"] = "points"
    select: Select = Select()
    columns: Annotated[list[Column], Field(min_length=1, max_length=12)]
    order: Texts = []
    needs: Texts = []
    cells: dict[str, dict[str, str]] = {}
    footnotes: Texts = []
    known: Texts = []
    missing: Texts = []
    most: Annotated[int, Field(ge=1, le=MOST_ROWS)] = 60

    @model_validator(mode="after")
    def _fits_together(self) -> Definition:
        heads = [column.title for column in self.columns]
        if len(set(heads)) < len(heads):
            raise ValueError("two columns have the same head")
        for name in (*self.order, *self.needs):
            if name.removeprefix("-") not in heads:
                raise ValueError(f"there is no column {name.removeprefix('-')!r}")
        allowed = {"papers": OF_PAPERS, "methods": OF_METHODS}.get(self.rows, OF_POINTS)
        for column in self.columns:
            beyond = column.metric and self.rows != "points"
            if beyond or (column.show and column.show not in allowed):
                raise ValueError(f"a table of {self.rows} cannot show {column.title!r}")
        self._select_something()
        return self

    def _select_something(self) -> None:
        own: dict[str, tuple[str, ...]] = {
            "points": ("tasks", "data_sets", "backbones"),
            "methods": ("methods", *WORDS),
        }
        names = ("topics", "papers", *own.get(self.rows, ()))
        if not any(getattr(self.select, name) for name in names):
            raise ValueError(f"select at least one of {', '.join(names)}")


class BadDefinition(ValueError):
    """The text is no definition; says what is wrong, with places."""


def read_definition(content: object) -> Definition:
    """Raises BadDefinition with every slip in words."""
    try:
        return Definition.model_validate(content)
    except ValidationError as error:
        raise BadDefinition(sentences(error, _place)) from error


def _place(location: Location) -> str:
    names = [step for step in location if not isinstance(step, int)]
    numbers = [step + 1 for step in location if isinstance(step, int)]
    words = " ".join(map(str, names))
    return f"{words} {numbers[0]}" if numbers else words
