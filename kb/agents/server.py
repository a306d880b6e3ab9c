"""The server of the protocol, by the official Python SDK; loaded when it is first asked."""

from __future__ import annotations

import json
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any

import mcp_types as types
from asgiref.sync import sync_to_async
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from pydantic import ValidationError

from kb.agents.asking import OwnApi, Refused
from kb.agents.tools import TOOLS

LARGEST_MESSAGE = 1_000_000  # bytes
INSTRUCTIONS = (
    "A survey of dynamic neural networks: papers, methods, topics, numbers that papers print beside"
    " what runs here measured. Fields named in `unconfirmed` are seen in no source; topics with"
    " `suggested` were placed by a machine. Cite papers by their address or with `cite`."
)


def server_for(api: OwnApi) -> Server[Any]:
    """A server whose tools ask this API."""

    async def list_tools(
        context: ServerRequestContext[Any, Any], params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(name) for name in TOOLS])

    async def call_tool(
        context: ServerRequestContext[Any, Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        return await sync_to_async(call)(api, params.name, params.arguments or {})

    return Server(
        "living-survey",
        version="1",
        title="Living survey of dynamic neural networks",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def call(api: OwnApi, name: str, arguments: dict[str, Any]) -> types.CallToolResult:
    """What a tool answers; what is wrong is told as the tool's answer, for the agent to read."""
    if name not in TOOLS:
        return _failed(f"There is no tool “{name[:60]}”. There are {', '.join(TOOLS)}.")
    tool = TOOLS[name]
    try:
        answer = tool.answer(api, tool.takes.model_validate(arguments))
    except ValidationError as error:
        parts = (
            f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()
        )
        return _failed(" ".join(f"{part}." for part in parts))
    except Refused as error:
        return _failed(str(error))
    text = json.dumps(answer, ensure_ascii=False)
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)], structured_content=answer
    )


def _failed(text: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=True)


def _described(name: str) -> types.Tool:
    tool = TOOLS[name]
    return types.Tool(
        name=name,
        description=tool.about,
        input_schema=tool.takes.model_json_schema(),
        annotations=types.ToolAnnotations(
            read_only_hint=not tool.changes, destructive_hint=False, open_world_hint=False
        ),
    )


@dataclass
class Exchange:
    """One HTTP request to the protocol and its answer, handed to the SDK as ASGI."""

    method: str
    headers: list[tuple[bytes, bytes]]
    body: bytes
    status: int = 500
    answered: list[tuple[bytes, bytes]] = field(default_factory=list)
    content: bytes = b""
    _is_read: bool = False

    async def run(self, api: OwnApi) -> None:
        """Fill in status, headers and content. Nothing is kept between requests."""
        manager = StreamableHTTPSessionManager(
            server_for(api),
            json_response=True,
            stateless=True,
            max_request_body_size=LARGEST_MESSAGE,
        )
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": "/mcp",
            "raw_path": b"/mcp",
            "query_string": b"",
            "headers": self.headers,
        }
        async with manager.run():
            await manager.handle_request(scope, self._receive, self._send)

    async def _receive(self) -> dict[str, Any]:
        if self._is_read:
            return {"type": "http.disconnect"}
        self._is_read = True
        return {"type": "http.request", "body": self.body, "more_body": False}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.answered = list(message.get("headers", []))
        elif message["type"] == "http.response.body":
            self.content += message.get("body", b"")


async def serve_pipes(api: OwnApi) -> None:
    """Speak the protocol over standard input and output until the input ends."""
    server = server_for(api)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
