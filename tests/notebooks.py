"""Running a notebook as Jupyter does: its cells one after another in one namespace."""

from __future__ import annotations

import ast
import io
import json
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any


def cells(path: Path) -> list[dict[str, Any]]:
    """The cells with code, in their order."""
    notebook = json.loads(path.read_text("utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def run(path: Path) -> tuple[dict[str, Any], list[str]]:
    """What the cells leave in their namespace, and what each of them shows: what it prints, and
    the value of its last line where that is an expression. An error in a cell is the caller's."""
    names: dict[str, Any] = {"__name__": "__main__"}
    return names, [_shown("".join(cell["source"]), names, path.name) for cell in cells(path)]


def kept(path: Path) -> list[str]:
    """What each cell has shown when the notebook was saved."""
    return ["".join(_kept(output) for output in cell["outputs"]).strip() for cell in cells(path)]


def _kept(output: dict[str, Any]) -> str:
    return "".join(output["text"] if "text" in output else output["data"]["text/plain"])


def _shown(source: str, names: dict[str, Any], name: str) -> str:
    tree = ast.parse(source, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(compile(tree, name, "exec"), names)
        value = None
        if last is not None:
            value = eval(compile(ast.Expression(last.value), name, "eval"), names)
    return (printed.getvalue() + ("" if value is None else repr(value))).strip()
