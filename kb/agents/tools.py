"""What an agent can do here. Every tool is an address of the API, with fewer words around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field

from kb.agents.asking import Answer, OwnApi
from papers.formats.styles import STYLES

CARD = "key,title,names,authors,year,venue,arxiv,doi,tldr,topics,unconfirmed,url"
MOST_CHARACTERS = 300


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Search(_Arguments):
    """Arguments of a search."""

    query: str = Field(
        min_length=1,
        max_length=2000,
        description="Words, a name such as MSDNet, a question, or a pasted abstract. Also"
        ' author:huang, year:2020-2024, topic:early-exiting, venue:ICLR, has:code, "a phrase",'
        " -word.",
    )
    limit: int = Field(10, ge=1, le=25, description="How many papers.")
    sort: Literal["relevance", "-year", "year"] = "relevance"


class ById(_Arguments):
    """Arguments that name one paper."""

    id: str = Field(
        min_length=1,
        max_length=MOST_CHARACTERS,
        description="Key as in search results, arXiv id, DOI, OpenReview or ACL id.",
    )


class Cite(ById):
    """Arguments of a citation."""

    style: Literal[tuple(STYLES)] = "apa"  # type: ignore[valid-type]


class Slug(_Arguments):
    """Arguments that name one record by its slug."""

    slug: str = Field(min_length=1, max_length=160, pattern=r"^[\w-]+$")


class Named(_Arguments):
    """Arguments of a look-up by name."""

    name: str = Field("", max_length=MOST_CHARACTERS, description="Words of the name; empty: all.")
    limit: int = Field(25, ge=1, le=100)


class Numbers(_Arguments):
    """Arguments that choose published numbers."""

    paper: str = Field("", max_length=MOST_CHARACTERS, description="Key of a paper.")
    topic: str = Field("", max_length=160, description="Slug of a topic.")
    metric: str = Field("", max_length=80, description="Such as macs, params, accuracy.")
    query: str = Field("", max_length=MOST_CHARACTERS, description="Words in setting or table.")
    limit: int = Field(25, ge=1, le=100)


class Compare(_Arguments):
    """Arguments that choose operating points."""

    task: str = Field("", max_length=120, description="Such as image classification.")
    data_set: str = Field("", max_length=120, description="Such as ImageNet.")
    topic: str = Field("", max_length=160, description="Slug of a topic.")
    method: str = Field("", max_length=160, description="Slug of a method.")
    since: int | None = Field(None, ge=1900, le=2100)
    until: int | None = Field(None, ge=1900, le=2100)
    second_hand: bool = Field(False, description="Also numbers that others quote.")


class Propose(_Arguments):
    """Arguments of a proposed correction."""

    record_kind: Literal["paper", "person", "venue", "workshop", "topic", "method"] = "paper"
    record: str = Field(max_length=160, description="Key or slug of the record.")
    fields: dict[str, Any] = Field(description="The fields that should read otherwise.")
    reason: str = Field(min_length=1, max_length=4000)
    source: str = Field("", max_length=500, description="Address that shows it.")


@dataclass(frozen=True)
class AgentTool:
    """A tool: what it is called, what it is for, what it takes, what it answers."""

    name: str
    about: str
    takes: type[BaseModel]
    answer: Callable[[OwnApi, Any], Answer]
    changes: bool = False


def _search(api: OwnApi, given: Search) -> Answer:
    parameters = {"q": given.query, "per_page": given.limit, "with_count": 1}
    sort = {} if given.sort == "relevance" else {"sort": given.sort}
    return api.get("papers/", {**parameters, **sort, "select": f"{CARD},match"})


def _method(api: OwnApi, given: Named) -> Answer:
    answer = api.get("methods/", {"q": given.name, "per_page": given.limit})
    match answer["results"]:
        case [{"slug": slug}]:
            return api.get(f"methods/{slug}/")
    return answer


def _numbers(api: OwnApi, given: Numbers) -> Answer:
    parameters = {name: getattr(given, name) for name in ("paper", "topic", "metric")}
    return api.get("numbers/", {**parameters, "q": given.query, "per_page": given.limit})


def _compare(api: OwnApi, given: Compare) -> Answer:
    parameters = given.model_dump(exclude={"second_hand"})
    return api.get("compare/", {**parameters, "second_hand": int(given.second_hand)})


def _topics(api: OwnApi, given: Named) -> Answer:
    fields = "slug,name,name_zh,path,definition,paper_count,url"
    return api.get("topics/", {"q": given.name, "per_page": given.limit, "select": fields})


TOOLS = {
    tool.name: tool
    for tool in (
        AgentTool(
            "search",
            "Find papers on dynamic neural networks by words, names of methods, ids, or meaning.",
            Search,
            _search,
        ),
        AgentTool(
            "paper",
            "One paper with authors, versions, topics, findings, code, and what is unconfirmed.",
            ById,
            lambda api, given: api.get(f"papers/{quote(given.id, safe='/:')}/"),
        ),
        AgentTool("topics", "Topics of the taxonomy, by name.", Named, _topics),
        AgentTool(
            "topic",
            "One topic with its definition, text, readings, misconceptions and open questions.",
            Slug,
            lambda api, given: api.get(f"topics/{given.slug}/"),
        ),
        AgentTool(
            "method",
            "Methods by name: what adapts, who decides, how it is trained, its papers.",
            Named,
            _method,
        ),
        AgentTool(
            "numbers",
            "Numbers that papers print, beside what runs here measured, with each verdict.",
            Numbers,
            _numbers,
        ),
        AgentTool(
            "compare",
            "Accuracy against cost: the largest group of comparable operating points, and what"
            " was left out because it cannot be compared.",
            Compare,
            _compare,
        ),
        AgentTool(
            "cite",
            "A paper's reference as text in a style.",
            Cite,
            lambda api, given: api.get(
                f"papers/{quote(given.id, safe='/:')}/references/", {"style": given.style}
            ),
        ),
        AgentTool(
            "propose_correction",
            "Propose that a record should read otherwise. A curator decides. Needs a token with"
            " the scope contribute.",
            Propose,
            lambda api, given: api.post("corrections/", given.model_dump()),
            changes=True,
        ),
    )
}
