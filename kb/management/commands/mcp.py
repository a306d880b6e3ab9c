"""`manage.py mcp`: the survey as tools for an agent on this machine, over its pipes."""

from __future__ import annotations

import asyncio
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kb.agents.asking import ALONE, OwnApi


class Command(BaseCommand):
    """Speaks the Model Context Protocol over standard input and output."""

    help = (
        "Speak the Model Context Protocol over standard input and output. KB_MCP_TOKEN may hold"
        " a token, for proposing corrections."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1:8000", help="Host that addresses name.")

    def handle(self, *args: Any, **options: Any) -> None:
        from kb.agents.server import serve_pipes

        environ = {**ALONE, "HTTP_HOST": options["host"]}
        asyncio.run(serve_pipes(OwnApi(environ, os.environ.get("KB_MCP_TOKEN", ""))))
