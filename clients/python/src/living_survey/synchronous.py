"""The client that waits for its answers."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from types import TracebackType
from typing import Any, Generic, TypeVar

import httpx

from living_survey import asking
from living_survey.asking import Ask
from living_survey.records import Method, Number, Paper, Record, Topic

Row = TypeVar("Row")


class Rows(Generic[Row]):
    """A list of the survey. Its pages are asked for when they are come to."""

    def __init__(self, survey: Survey, ask: Ask[Row]) -> None:
        self._survey = survey
        self._ask = ask

    def __iter__(self) -> Iterator[Row]:
        params = {"per_page": str(asking.LARGEST_PAGE), **self._ask.params}
        address: str | None = self._ask.path
        while address:
            page = self._survey._get(address, params)
            yield from (self._ask.read(row) for row in page["results"])
            address, params = page["next"], {}

    def count(self) -> int:
        """How many there are."""
        return int(self._survey._get(self._ask.path, self._ask.counted())["count"])

    def first(self, most: int) -> list[Row]:
        """The first of them, by pages no larger than needed."""
        size = str(max(1, min(most, asking.LARGEST_PAGE)))
        ask = Ask(self._ask.path, self._ask.read, {"per_page": size, **self._ask.params})
        return list(islice(Rows(self._survey, ask), most))

    def to_pandas(self) -> Any:
        """A DataFrame of all of them; needs pandas."""
        return asking.frame(self)


class Survey:
    """A survey at an address.

    token: lets you see and do what your account may. retries: how often a busy site is asked
    again. Raises Refused for what the survey refuses, httpx.TransportError when it is not there.
    """

    def __init__(
        self,
        base_url: str = "http://127.0.0.1:8000",
        token: str = "",
        *,
        timeout: float = 30.0,
        retries: int = 3,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        given = asking.options(base_url, token, timeout)
        self._client = httpx.Client(**given, transport=transport)
        self._retries = retries
        self._site = base_url.rstrip("/")

    def __enter__(self) -> Survey:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def search(self, q: str = "", **given: Any) -> Rows[Paper]:
        """Papers by words, names or meaning; `given` are parameters of /papers/."""
        return Rows(self, asking.papers(q, given))

    def paper(self, identifier: str) -> Paper:
        """One paper by key, arXiv id, DOI, OpenReview or ACL id."""
        return self._one(asking.paper(identifier))

    def papers(self, identifiers: Iterable[str]) -> dict[str, Paper | None]:
        """Papers by many identifiers; None for what is not there."""
        papers: dict[str, Paper | None] = {}
        for batch in asking.batches(identifiers):
            answer = self._send("POST", "papers/batch/", json={"ids": batch})
            papers |= asking.looked_up(answer)
        return papers

    def similar_to(self, text: str, **given: Any) -> Rows[Paper]:
        """Papers near a text such as a pasted abstract."""
        return self.search(text[:2000], **given)

    def topics(self, **given: Any) -> Rows[Topic]:
        """Topics of the taxonomy."""
        return Rows(self, asking.topics(given))

    def topic(self, slug: str) -> Topic:
        """One topic; its text stands in `raw["lecture"]`."""
        return self._one(asking.topic(slug))

    def methods(self, q: str = "", **given: Any) -> Rows[Method]:
        """Methods by name and attribute."""
        return Rows(self, asking.methods(q, given))

    def method(self, slug: str) -> Method:
        """One method."""
        return self._one(asking.method(slug))

    def numbers(self, **given: Any) -> Rows[Number]:
        """Published numbers and what became of them."""
        return Rows(self, asking.numbers(given))

    def listed(self, path: str, **given: Any) -> Rows[Record]:
        """Any other list, such as `listed("people", q="huang")`."""
        return Rows(self, asking.listed(path, given))

    def compare(self, **given: Any) -> Mapping[str, Any]:
        """Accuracy against cost: the largest comparable group of points."""
        return self._one(asking.answer("compare", given))

    def cite(self, identifier: str, style: str = "apa") -> str:
        """The reference of a paper as text."""
        return self._one(asking.reference(identifier, style))

    def export(self, identifier: str, suffix: str = "bib") -> str:
        """The record of a paper in a bibliographic format: bib, ris, csl.json, enw, xml, md …"""
        key = self.paper(identifier).key
        response = self._answer("GET", f"{self._site}/papers/{key}.{suffix}")
        if response.status_code >= 400:
            raise asking.Refused(response.status_code, f"There is no export .{suffix} of {key}.")
        return response.text

    def propose(
        self,
        record: str,
        fields: Mapping[str, Any],
        reason: str,
        *,
        record_kind: str = "paper",
        source: str = "",
    ) -> Mapping[str, Any]:
        """Propose a correction; needs a token with the scope `contribute`."""
        body = {"record_kind": record_kind, "record": record, "fields": dict(fields)}
        body |= {"reason": reason, "source": source}
        return dict(self._send("POST", "corrections/", json=body))

    def _one(self, ask: Ask[Row]) -> Row:
        return ask.read(self._get(ask.path, ask.params))

    def _get(self, address: str, params: Mapping[str, str]) -> Any:
        return self._send("GET", address, params=params or None)

    def _send(self, verb: str, address: str, **given: Any) -> Any:
        return asking.content_of(self._answer(verb, address, **given))

    def _answer(self, verb: str, address: str, **given: Any) -> httpx.Response:
        for attempt in range(self._retries + 1):
            response = self._client.request(verb, address, **given)
            wait = asking.wait_of(response, attempt)
            if wait is None or attempt == self._retries:
                break
            time.sleep(wait)
        return response
