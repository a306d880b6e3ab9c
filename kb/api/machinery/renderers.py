"""Lists as lines and as a table: `Accept: application/x-ndjson` and `Accept: text/csv`."""

from __future__ import annotations

import csv
import io
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer, JSONRenderer

from papers.formats.csv_table import cell

Rows = list[dict[str, object]]
_NAMES = ("name", "title", "text", "key", "slug", "url")  # what stands for a record in a cell


class _OfRows(BaseRenderer, ABC):
    """Renders the rows of a page. The next page stands in `Link`; problems stay JSON."""

    charset = "utf-8"

    def render(
        self,
        data: object,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        response = (renderer_context or {}).get("response")
        if response is not None and response.status_code >= 400:
            return JSONRenderer().render(data)
        rows = data.get("results", [data]) if isinstance(data, dict) else []
        return self.rendered(rows)

    @abstractmethod
    def rendered(self, rows: Rows) -> bytes:
        """The file of the rows."""


class NdjsonRenderer(_OfRows):
    """A JSON record a line."""

    media_type = "application/x-ndjson"
    format = "ndjson"

    def rendered(self, rows: Rows) -> bytes:
        return b"".join(JSONRenderer().render(row) + b"\n" for row in rows)


class CsvRenderer(_OfRows):
    """A table with the fields as columns; lists inside a cell are separated by "; "."""

    media_type = "text/csv"
    format = "csv"

    def rendered(self, rows: Rows) -> bytes:
        columns = list(dict.fromkeys(name for row in rows for name in row))
        out = io.StringIO(newline="")
        table = csv.writer(out)
        table.writerow(columns)
        table.writerows([cell(_text(row.get(name))) for name in columns] for row in rows)
        return out.getvalue().encode()


def _text(value: object) -> str:
    """A value as a cell: of a record its name, of a list the names."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list | tuple):
        return "; ".join(_text(item) for item in value)
    if isinstance(value, Mapping):
        named = next((value[name] for name in _NAMES if value.get(name)), None)
        return _text(named if named is not None else list(value.values()))
    return str(value)
