"""`/mcp`: the protocol over HTTP, a request and an answer at a time."""

from __future__ import annotations

from asgiref.sync import async_to_sync
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kb.agents.asking import OwnApi

_KEPT = ("content-type", "allow")


@csrf_exempt  # cookies are never looked at: only a bearer token makes a caller somebody
@require_POST
def speak(request: HttpRequest) -> HttpResponse:
    """One message of the Model Context Protocol (streamable HTTP without sessions)."""
    if request.content_type != "application/json":
        return HttpResponse("Send one JSON-RPC message as application/json.", status=415)
    from kb.agents.server import LARGEST_MESSAGE, Exchange  # 20 MB that most processes never need

    try:
        body = request.body
    except (RequestDataTooBig, UnreadablePostError):
        return HttpResponse(f"A message may have {LARGEST_MESSAGE} bytes.", status=413)
    headers = [
        (name.encode(), request.headers[name].encode("latin-1", "replace"))
        for name in request.headers
        if name.lower() in ("accept", "content-type") or name.lower().startswith("mcp-")
    ]
    exchange = Exchange("POST", [(name.lower(), value) for name, value in headers], body)
    async_to_sync(exchange.run)(OwnApi(request.META))
    response = HttpResponse(exchange.content, status=exchange.status)
    for name, value in exchange.answered:
        if name.decode().lower() in _KEPT:
            response.headers[name.decode()] = value.decode("latin-1")
    response.headers["Cache-Control"] = "no-store"
    return response
