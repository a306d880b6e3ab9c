"""Docs name every setting, command, address and kind of event, and none that is gone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import URLPattern, URLResolver, get_resolver

from papers.models import TRACKED
from reproductions.protocol import events

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
FLOORS = [
    path.parent
    for path in ROOT.glob("*/__init__.py")
    if path.parent.name not in ("tests", "benchmarks", "tools")
]
READERS = {"get", "getenv", "listed"}  # os.environ.get(NAME), os.getenv(NAME), _listed(NAME)
THEIRS = {"HOME", "PATH", "LC_ALL", "DJANGO_SETTINGS_MODULE", "OMP_NUM_THREADS"}
"""Variables of the system, and of packages."""
PACKAGES_OWN = re.compile(r"^/(admin/|accounts/(?!sessions/|social/(login|signup|connections)))")


def tables(file: str) -> list[str]:
    """The first cells of every table row of a page of docs."""
    rows = re.findall(r"^\| *(.*?) *\|", (DOCS / file).read_text(), re.MULTILINE)
    return [cell for cell in rows if not re.fullmatch(r"[-: ]+", cell)]


def named(file: str) -> set[str]:
    """What stands between backticks in those cells."""
    return {name for cell in tables(file) for name in re.findall(r"`([^`]+)`", cell)}


# --- settings ---


def environment_names(source: str) -> Iterator[str]:
    """Names of environment variables that a module reads, as far as it spells them out."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            spelt: ast.expr = node.slice
        elif isinstance(node, ast.Call) and node.args and _reads_environment(node.func):
            spelt = node.args[0]
        else:
            continue
        if isinstance(spelt, ast.Constant) and isinstance(spelt.value, str):
            yield spelt.value
        elif isinstance(spelt, ast.JoinedStr):  # f"{name.upper()}_SECRET"
            end = str(getattr(spelt.values[-1], "value", ""))
            yield from (f"{provider}{end}" for provider in ("ORCID", "GITHUB"))


def _reads_environment(function: ast.expr) -> bool:
    name = ast.unparse(function)
    return name in ("os.environ.get", "os.getenv", "listed", "environ.get")


def all_settings() -> set[str]:
    """Variables that a floor reads, and names of our own in Django's settings."""
    sources = [file.read_text() for floor in FLOORS for file in floor.rglob("*.py")]
    read = {name for source in sources for name in environment_names(source)}
    optional = re.findall(r'getattr\(\w+, "(KB_\w+)"', "\n".join(sources))
    files = (ROOT / "kb/settings.py", *(ROOT / "kb/configuration").glob("*.py"))
    texts = "\n".join(file.read_text() for file in files)
    fixed = re.findall(r"^(KB_\w+) = ", texts, re.MULTILINE)
    return read.union(optional, fixed) - THEIRS


def test_names_are_read_from_code_in_every_spelling() -> None:
    source = (
        'os.environ["ONE"]; os.environ.get("TWO", "x"); listed("THREE"); os.getenv("FOUR")\n'
        'os.environ[f"{name.upper()}_SECRET"]; other.get("FIVE"); os.environ[name]'
    )

    expected = {"ONE", "TWO", "THREE", "FOUR", "ORCID_SECRET", "GITHUB_SECRET"}
    assert set(environment_names(source)) == expected


def test_every_setting_has_a_line_and_no_line_is_without_a_setting() -> None:
    lines = {name for page in DOCS.glob("*.md") for name in named(page.name)}
    settings = {name for name in lines if re.fullmatch(r"KB_[A-Z_]+", name)}

    assert all_settings() - lines == set(), "settings without a line in a table of docs"
    assert settings - all_settings() == set(), "lines of docs without a setting"


# --- commands ---


def own_commands() -> set[str]:
    """Names of the commands that our own floors bring."""
    ours = {floor.name for floor in FLOORS}
    return {name for name, app in get_commands().items() if str(app).split(".")[0] in ours}


def test_every_command_has_a_line_and_no_line_is_without_a_command() -> None:
    pattern = re.compile(r"manage\.py ([a-z_]+)")
    lines = {found[1] for name in named("operations.md") if (found := pattern.match(name))}

    assert own_commands() - lines == set(), "commands without a line in operations.md"
    assert lines - set(get_commands()) == set(), "lines of operations.md without a command"


# --- addresses ---


def addresses() -> set[str]:
    """Every address of our own, as docs write it: /papers/<key>/."""
    routes = _walk(get_resolver(), "/")
    return {route for route in routes if not PACKAGES_OWN.match(route)}


def _walk(resolver: URLResolver, before: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        route = before + as_docs_write(str(entry.pattern))
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from _walk(entry, route)


def as_docs_write(pattern: str) -> str:
    """`papers/<slug:key>/` and `^(?P<key>[-\\w]+)/$` both become `…<key>/`."""
    if pattern == "^.*$":
        return "<anything>"
    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", pattern)
    plain = re.sub(r"<\w+:(\w+)>", r"<\1>", plain)
    return plain.removeprefix("^").removesuffix("$").removesuffix("/?").replace("\\", "")


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("papers/<slug:key>.<str:suffix>", "papers/<key>.<suffix>"),
        (r"^(?P<plural>papers|people)/(?P<key>[-\w]+)/undo$", "<plural>/<key>/undo"),
        ("^abs/(?P<identifier>.+?)/?$", "abs/<identifier>"),
        ("^.*$", "<anything>"),
    ],
)
def test_patterns_are_written_for_readers(pattern: str, written: str) -> None:
    assert as_docs_write(pattern) == written


def test_every_address_has_a_line_and_no_line_is_without_an_address() -> None:
    lines = {name for name in named("addresses.md") if name.startswith("/") and name != "/api/v1"}

    assert addresses() - lines == set(), "addresses without a line in addresses.md"
    assert lines - addresses() == set(), "lines of addresses.md without an address"


# --- events ---


def protocol_events() -> set[str]:
    """Kinds of lines that a program may print, as the reader knows them."""
    return set(events._READERS)


def test_every_event_of_a_program_has_a_line() -> None:
    section = (DOCS / "reproductions.md").read_text().split("## What a program prints", 1)[1]
    lines = set(re.findall(r"^\| `([a-z-]+)` \|", section.split("\n## ", 1)[0], re.MULTILINE))

    assert lines == protocol_events()


def reasons_of_acts() -> set[str]:
    """What the code says about an act of history: the names that `act(...)` is called with."""
    sources = [file.read_text() for floor in FLOORS for file in floor.rglob("*.py")]
    calls = [
        node
        for source in sources
        if re.search(r"from papers\.history(\.acts)? import .*\bact\b", source)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "act"
    ]
    return {keyword.arg for call in calls for keyword in call.keywords if keyword.arg} - {"by"}


def test_every_table_with_a_past_and_every_reason_of_an_act_has_a_line() -> None:
    lines = named("corrections.md")
    tracked = {model._meta.model_name for model in TRACKED}

    assert tracked - lines == set(), "tables with a past, without a line in corrections.md"
    assert reasons_of_acts() - lines == set(), "reasons without a line in corrections.md"
