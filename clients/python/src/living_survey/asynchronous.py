"""The client for asyncio: the same methods, awaited."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from types import TracebackType
from typing import Any, Generic, TypeVar

import httpx

from living_survey import asking
from living_survey.asking import Ask
from living_survey.records import Method, Number, Paper, Record, Topic

Row = TypeVar("Row")


class AsyncRows(Generic[Row]):
    """A list of the survey. Its pages are asked for when they are come to."""

    def __init__(self, survey: AsyncSurvey, ask: Ask[Row]) -> None:
        self._survey = survey
        self._ask = ask

    async def __aiter__(self) -> AsyncIterator[Row]:
        params = {"per_page": str(asking.LARGEST_PAGE), **self._ask.params}
        address: str | None = self._ask.path
        while address:
            page = await self._survey._get(address, params)
            for row in page["results"]:
                yield self._ask.read(row)
            address, params = page["next"], {}

    async def count(self) -> int:
        """How many there are."""
        return int((await self._survey._get(self._ask.path, self._ask.counted()))["count"])

    async def first(self, most: int) -> list[Row]:
        """The first of them, by pages no larger than needed."""
        size = str(max(1, min(most, asking.LARGEST_PAGE)))
        ask = Ask(self._ask.path, self._ask.read, {"per_page": size, **self._ask.params})
        rows: list[Row] = []
        async for row in AsyncRows(self._survey, ask):
            if len(rows) >= most:
                break
            rows.append(row)
        return rows

    async def to_pandas(self) -> Any:
        """A DataFrame of all of them; needs pandas."""
        return asking.frame([row async for row in self])


class AsyncSurvey:
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
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        given = asking.options(base_url, token, timeout)
        self._client = httpx.AsyncClient(**given, transport=transport)
        self._retries = retries
        self._site = base_url.rstrip("/")

    async def __aenter__(self) -> AsyncSurvey:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let the connections go."""
        await self._client.aclose()

    def search(self, q: str = "", **given: Any) -> AsyncRows[Paper]:
        """Papers by words, names or meaning; `given` are parameters of /papers/."""
        return AsyncRows(self, asking.papers(q, given))

    async def paper(self, identifier: str) -> Paper:
        """One paper by key, arXiv id, DOI, OpenReview or ACL id."""
        return await self._one(asking.paper(identifier))

    async def papers(self, identifiers: Iterable[str]) -> dict[str, Paper | None]:
        """Papers by many identifiers; None for what is not there."""
        papers: dict[str, Paper | None] = {}
        for batch in asking.batches(identifiers):
            papers |= asking.looked_up(
                await self._send("POST", "papers/batch/", json={"ids": batch})
            )
        return papers

    def similar_to(self, text: str, **given: Any) -> AsyncRows[Paper]:
        """Papers near a text such as a pasted abstract."""
        return self.search(text[:2000], **given)

    def topics(self, **given: Any) -> AsyncRows[Topic]:
        """Topics of the taxonomy."""
        return AsyncRows(self, asking.topics(given))

    async def topic(self, slug: str) -> Topic:
        """One topic; its text stands in `raw["lecture"]`."""
        return await self._one(asking.topic(slug))

    def methods(self, q: str = "", **given: Any) -> AsyncRows[Method]:
        """Methods by name and attribute."""
        return AsyncRows(self, asking.methods(q, given))

    async def method(self, slug: str) -> Method:
        """One method."""
        return await self._one(asking.method(slug))

    def numbers(self, **given: Any) -> AsyncRows[Number]:
        """Published numbers and what became of them."""
        return AsyncRows(self, asking.numbers(given))

    def listed(self, path: str, **given: Any) -> AsyncRows[Record]:
        """Any other list, such as `listed("people", q="huang")`."""
        return AsyncRows(self, asking.listed(path, given))

    async def compare(self, **given: Any) -> Mapping[str, Any]:
        """Accuracy against cost: the largest comparable group of points."""
        return await self._one(asking.answer("compare", given))

    async def cite(self, identifier: str, style: str = "apa") -> str:
        """The reference of a paper as text."""
        return await self._one(asking.reference(identifier, style))

    async def export(self, identifier: str, suffix: str = "bib") -> str:
        """The record of a paper in a bibliographic format: bib, ris, csl.json, enw, xml, md …"""
        key = (await self.paper(identifier)).key
        response = await self._answer("GET", f"{self._site}/papers/{key}.{suffix}")
        if response.status_code >= 400:
            raise asking.Refused(response.status_code, f"There is no export .{suffix} of {key}.")
        return response.text

    async def propose(
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
        return dict(await self._send("POST", "corrections/", json=body))

    async def _one(self, ask: Ask[Row]) -> Row:
        return ask.read(await self._get(ask.path, ask.params))

    async def _get(self, address: str, params: Mapping[str, str]) -> Any:
        return await self._send("GET", address, params=params or None)

    async def _send(self, verb: str, address: str, **given: Any) -> Any:
        return asking.content_of(await self._answer(verb, address, **given))

    async def _answer(self, verb: str, address: str, **given: Any) -> httpx.Response:
        for attempt in range(self._retries + 1):
            response = await self._client.request(verb, address, **given)
            wait = asking.wait_of(response, attempt)
            if wait is None or attempt == self._retries:
                break
            await asyncio.sleep(wait)
        return response
