"""How often a signature says `Any`, which tells a reader nothing: rarely, and not more often."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = [
    path.parent
    for path in ROOT.glob("*/__init__.py")
    if path.parent.name not in ("tests", "benchmarks", "tools")
]
MOST = 100


def signatures(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of each parameter, and each result, that is annotated as `Any` and no more.

    `*args: Any, **options: Any` are not counted: they stand for what a framework hands over.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = node.args
            for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs):
                if _is_any(argument.annotation):
                    yield argument.lineno, f"{node.name}({argument.arg})"
            if _is_any(node.returns):
                yield node.lineno, f"{node.name} -> Any"


def _is_any(annotation: ast.expr | None) -> bool:
    return annotation is not None and ast.unparse(annotation) in ("Any", "typing.Any")


def test_parameters_and_results_are_found() -> None:
    source = (
        "def a(x: Any, *args: Any, y: int, **more: Any) -> Any: ...\n"
        "class B:\n    async def c(self, z: 'int', *, w: typing.Any) -> list[Any]: ..."
    )

    assert [name for _, name in signatures(source)] == ["a(x)", "a -> Any", "c(w)"]


def test_any_is_rare_in_signatures() -> None:
    places = [
        f"{file.relative_to(ROOT)}:{line} {name}"
        for floor in FLOORS
        for file in sorted(floor.rglob("*.py"))
        if "migrations" not in file.parts
        for line, name in signatures(file.read_text())
    ]

    assert len(places) < MOST, "\n".join([f"{len(places)} of at most {MOST - 1}:", *places])
