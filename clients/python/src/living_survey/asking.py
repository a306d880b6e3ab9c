"""What both clients share: what is asked where, how answers are read, when to ask again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx

from living_survey.records import Method, Number, Paper, Record, Topic

Row = TypeVar("Row")
AGENT = "living-survey-client/1.0"
BUSY = (429, 503)
LONGEST_WAIT = 60.0  # seconds
LARGEST_PAGE = 100
LARGEST_BATCH = 200


class Refused(Exception):
    """The survey refused; the text is its own sentence, `status` the number of HTTP."""

    def __init__(self, status: int, text: str, errors: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(text)
        self.status = status
        self.errors = list(errors)


@dataclass(frozen=True)
class Ask(Generic[Row]):
    """An address below /api/v1/, what it is asked, and how its rows (or its answer) are read."""

    path: str
    read: Callable[[Mapping[str, Any]], Row]
    params: Mapping[str, str] = field(default_factory=dict)

    def counted(self) -> dict[str, str]:
        """The parameters that ask for the number of rows and nothing else."""
        return {**self.params, "per_page": "1", "with_count": "1"}


def papers(q: str, given: Mapping[str, Any]) -> Ask[Paper]:
    """The papers that a query finds."""
    return Ask("papers/", Paper.read, parameters({"q": q, **given}))


def paper(identifier: str) -> Ask[Paper]:
    """One paper, by key or any identifier."""
    return Ask(f"papers/{quote(identifier, safe='/:')}/", Paper.read)


def topics(given: Mapping[str, Any]) -> Ask[Topic]:
    """Topics of the taxonomy."""
    return Ask("topics/", Topic.read, parameters(given))


def topic(slug: str) -> Ask[Topic]:
    """One topic with its text."""
    return Ask(f"topics/{quote(slug, safe='')}/", Topic.read)


def methods(q: str, given: Mapping[str, Any]) -> Ask[Method]:
    """Methods by name and attribute."""
    return Ask("methods/", Method.read, parameters({"q": q, **given}))


def method(slug: str) -> Ask[Method]:
    """One method."""
    return Ask(f"methods/{quote(slug, safe='')}/", Method.read)


def numbers(given: Mapping[str, Any]) -> Ask[Number]:
    """Published numbers."""
    return Ask("numbers/", Number.read, parameters(given))


def listed(path: str, given: Mapping[str, Any]) -> Ask[Record]:
    """Any other list of the API, such as people or workshops."""
    return Ask(f"{path.strip('/')}/", Record.read, parameters(given))


def answer(path: str, given: Mapping[str, Any]) -> Ask[Mapping[str, Any]]:
    """The plain answer of any address."""
    return Ask(f"{path.strip('/')}/", lambda raw: raw, parameters(given))


def reference(identifier: str, style: str) -> Ask[str]:
    """A paper's reference as text."""
    path = f"papers/{quote(identifier, safe='/:')}/references/"
    return Ask(path, lambda raw: str(raw["references"][0]["text"]), {"style": style})


def parameters(given: Mapping[str, Any]) -> dict[str, str]:
    """Values as they stand in an address: lists with commas, flags as 1 and 0, None left out."""
    return {name: _text(value) for name, value in given.items() if value not in (None, "", [], ())}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ",".join(str(part) for part in value)
    return str(value)


def batches(identifiers: Iterable[str]) -> list[list[str]]:
    """The identifiers in portions that one request may hold."""
    rest = list(identifiers)
    return [rest[start : start + LARGEST_BATCH] for start in range(0, len(rest), LARGEST_BATCH)]


def looked_up(raw: Mapping[str, Any]) -> dict[str, Paper | None]:
    """The papers of a batch by the identifiers that were asked for."""
    rows = raw["results"]
    return {row["id"]: Paper.read(row["paper"]) if row["paper"] else None for row in rows}


def options(base_url: str, token: str, timeout: float) -> dict[str, Any]:
    """What an httpx client is made with."""
    headers = {"Accept": "application/json", "User-Agent": AGENT}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return {
        "base_url": f"{base_url.rstrip('/')}/api/v1/",
        "headers": headers,
        "timeout": timeout,
        "follow_redirects": True,
    }


def wait_of(response: httpx.Response, attempt: int) -> float | None:
    """Seconds until the same may be asked again; None when there is nothing to wait for."""
    if response.status_code not in BUSY:
        return None
    named = response.headers.get("Retry-After", "")
    return min(float(named) if named.isdigit() else 2.0**attempt, LONGEST_WAIT)


def content_of(response: httpx.Response) -> Any:
    """The JSON of an answer. Raises Refused with the sentence of the survey."""
    if response.status_code < 400:
        return response.json()
    try:
        problem = response.json()
    except ValueError:
        problem = {}
    problem = problem if isinstance(problem, dict) else {}
    text = problem.get("detail") or f"The survey answered {response.status_code}."
    raise Refused(response.status_code, text, problem.get("errors", ()))


def frame(records: Iterable[Any]) -> Any:
    """A pandas DataFrame with a column for each plain field."""
    import pandas

    rows = []
    for record in records:
        fields = {name: value for name, value in vars(record).items() if name != "raw"}
        rows.append(
            {name: _cell(value) for name, value in fields.items()} if fields else dict(record.raw)
        )
    return pandas.DataFrame(rows)


def _cell(value: object) -> object:
    if isinstance(value, tuple):
        return "; ".join(str(getattr(part, "name", part)) for part in value)
    return value
