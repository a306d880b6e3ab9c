"""Questions that pages ask again and again, each time of another record: their SQL is written once.

To write the SQL of a query with a dozen joins costs more than to ask it. What changes from one
record to the next are a few parameters, so the text is written for stand-ins, and afterwards only
these are replaced.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any, Generic, TypeVar

from django.db import connections, models

_Answer = TypeVar("_Answer")

# Stand-ins for numbers. They fit into the smallest column, because Django leaves out a comparison
# with what does not, and no question has one of them as a constant.
STAND_INS = tuple(range(31_234, 31_244))
TEXT_STAND_IN = "\N{SYMBOL FOR SUBSTITUTE}stands in\N{SYMBOL FOR SUBSTITUTE}"


class AskedOften(Generic[_Answer]):
    """A question with places for values, like a prepared statement.

        placements = AskedOften(lambda pk: PaperTopic.objects.filter(paper=pk))
        placements.of(7)

    question: makes the queryset for these values. They must reach the SQL as parameters, as they
    are: no list whose length counts, nothing that is computed of them, no None.
    """

    def __init__(
        self, question: Callable[..., models.QuerySet[Any, Any]], *stand_ins: int | str
    ) -> None:
        """stand_ins: for as many values as the question takes; one number if there are none."""
        self.question, self.stand_ins = question, stand_ins or STAND_INS[:1]
        self._written: tuple[models.QuerySet[Any, Any], Any, str, tuple[Any, ...]] | None = None

    def of(self, *values: int | str) -> list[_Answer]:
        """The answer for these values; as many as there are stand-ins."""
        records, compiler, sql, parameters = self._written or self._write()
        replaced = dict(zip(self.stand_ins, values, strict=True))
        given = tuple(_replace(one, replaced) for one in parameters)
        # What was written knows its columns and how records are made of them; the connection is
        # that of this thread.
        asking = copy(compiler)
        asking.connection = connections[records.db]
        asking.as_sql = lambda *_, **__: (sql, given)
        asked = records.all()
        asked.query.get_compiler = lambda *_, **__: asking  # type: ignore[method-assign]
        return list(asked)

    def first(self, *values: int | str) -> _Answer | None:
        """The first record of the answer, or None."""
        return next(iter(self.of(*values)), None)

    def _write(self) -> tuple[models.QuerySet[Any, Any], Any, str, tuple[Any, ...]]:
        records = self.question(*self.stand_ins)
        compiler: Any = records.query.clone().get_compiler(using=records.db)
        sql, parameters = compiler.as_sql()
        found = {one for one in parameters if _stands_in(one, self.stand_ins)}
        if found != set(self.stand_ins):
            raise TypeError("Not every value of this question is a parameter of its SQL.")
        self._written = records, compiler, sql, tuple(parameters)
        return self._written


def _stands_in(parameter: object, stand_ins: tuple[int | str, ...]) -> bool:
    return isinstance(parameter, int | str) and parameter in stand_ins


def _replace(parameter: object, replaced: dict[int | str, int | str]) -> object:
    """The parameter, or the value for which it stands, in the type in which the driver has it."""
    if not isinstance(parameter, int | str) or parameter not in replaced:
        return parameter
    value = replaced[parameter]
    kind = type(parameter)
    return value if kind in (int, str) else kind(value)
