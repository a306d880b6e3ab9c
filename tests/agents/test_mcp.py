"""The survey as tools for agents: over HTTP, by the SDK's own client, and what is refused."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.test import Client

from accounts.tokens import make_token
from community.models import Correction
from kb.agents.tools import TOOLS
from tests import make

ACCEPT = "application/json, text/event-stream"


def speak(method: str, params: dict[str, Any] | None = None, **headers: str) -> Any:
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}
    return Client().post(
        "/mcp", message, content_type="application/json", headers={"Accept": ACCEPT, **headers}
    )


def use(tool: str, arguments: dict[str, Any], **headers: str) -> Any:
    answer = speak("tools/call", {"name": tool, "arguments": arguments}, **headers)
    assert answer.status_code == 200, answer.content
    return answer.json()["result"]


@pytest.mark.django_db
def test_it_introduces_itself() -> None:
    given = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    }

    result = speak("initialize", given).json()["result"]

    assert result["serverInfo"]["name"] == "living-survey"
    assert "unconfirmed" in result["instructions"]


@pytest.mark.django_db
def test_every_tool_says_what_it_takes() -> None:
    tools = speak("tools/list").json()["result"]["tools"]

    assert [tool["name"] for tool in tools] == list(TOOLS)
    assert all(tool["inputSchema"]["type"] == "object" for tool in tools)
    changing = [tool["name"] for tool in tools if not tool["annotations"]["readOnlyHint"]]
    assert changing == ["propose_correction"]


@pytest.mark.django_db
def test_the_tools_answer_what_the_api_answers(msdnet) -> None:
    api = Client().get("/api/v1/papers/huang2018multi/").json()

    paper = use("paper", {"id": "1703.09844"})
    reference = use("cite", {"id": "huang2018multi", "style": "acl"})

    assert paper["structuredContent"]["title"] == api["title"]
    assert json.loads(paper["content"][0]["text"]) == paper["structuredContent"]
    assert reference["structuredContent"]["references"][0]["text"].startswith("Gao Huang. 2018.")
    for tool, arguments in {
        "search": {"query": "multi-scale"},
        "topics": {"name": "early"},
        "topic": {"slug": "early-exiting"},
        "method": {"name": ""},
        "numbers": {},
        "compare": {"task": "image classification"},
    }.items():
        assert not use(tool, arguments).get("isError"), tool


@pytest.fixture
def msdnet(db) -> Any:
    return make.paper(
        "Multi-Scale Dense Networks",
        key="huang2018multi",
        arxiv="1703.09844",
        authors=("Gao Huang",),
        year=2018,
        topics=[make.topic("Early exiting")],
    )


@pytest.mark.parametrize(
    ("tool", "arguments", "text"),
    [
        ("paper", {"id": "nothing"}, "There is no paper “nothing”."),
        ("paper", {}, "id: Field required."),
        ("search", {"query": "x", "limit": 1000}, "limit: Input should be less than"),
        ("search", {"query": "topic:nothing"}, "nothing"),
        ("topic", {"slug": "../papers"}, "slug: String should match"),
        ("fly", {}, "There is no tool “fly”."),
        ("propose_correction", {"record": "a", "fields": {}, "reason": "b"}, "credentials"),
    ],
)
@pytest.mark.django_db
def test_what_cannot_be_done_is_told_to_the_agent(
    tool: str, arguments: dict[str, Any], text: str
) -> None:
    result = use(tool, arguments)

    assert result["isError"]
    assert text in result["content"][0]["text"]


@pytest.mark.django_db
def test_a_token_proposes_a_correction_and_a_cookie_does_not(msdnet) -> None:
    member = make.member("ada")
    _, secret = make_token(member, name="agent", scopes=["read", "contribute"], days=7)
    proposal = {
        "record": "huang2018multi",
        "fields": {"title": "Multi-Scale Dense Networks for Efficient Prediction"},
        "reason": "The title of the published version.",
    }
    signed_in = Client()
    signed_in.force_login(member)
    message = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "propose_correction", "arguments": proposal},
    }

    by_cookie = signed_in.post(
        "/mcp", message, content_type="application/json", headers={"Accept": ACCEPT}
    ).json()["result"]
    by_token = use("propose_correction", proposal, Authorization=f"Bearer {secret}")

    assert by_cookie["isError"]
    assert not by_token.get("isError"), by_token
    assert Correction.objects.get().author == member


@pytest.mark.parametrize("body", ["", "{", "[]", '"x"', '{"jsonrpc": "2.0"}', "[" * 5000])
@pytest.mark.django_db
def test_what_is_no_message_is_refused(body: str) -> None:
    answer = Client().post(
        "/mcp", body, content_type="application/json", headers={"Accept": ACCEPT}
    )

    assert answer.status_code in (400, 415)


@pytest.mark.django_db
def test_reading_without_a_message_is_not_allowed() -> None:
    assert Client().get("/mcp").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_the_sdk_s_own_client_understands_it(live_server, msdnet) -> None:
    from mcp.client import Client as McpClient

    async def session() -> tuple[list[str], Any]:
        async with McpClient(f"{live_server.url}/mcp") as client:
            tools = await client.list_tools()
            found = await client.call_tool("paper", {"id": "huang2018multi"})
            return [tool.name for tool in tools.tools], found.structured_content

    names, paper = ThreadPoolExecutor(1).submit(asyncio.run, session()).result()

    assert names == list(TOOLS)
    assert paper["arxiv"] == "1703.09844"
