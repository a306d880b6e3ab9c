"""The site's own API, asked from inside: tools see what the API answers to the same caller."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIRequest
from django.urls import resolve

_LEFT_OUT = ("HTTP_COOKIE", "HTTP_ACCEPT", "HTTP_IF_NONE_MATCH", "HTTP_ACCEPT_ENCODING")
ALONE = {
    "SERVER_NAME": "localhost",
    "SERVER_PORT": "80",
    "REMOTE_ADDR": "127.0.0.1",
    "wsgi.url_scheme": "http",
    "wsgi.errors": io.StringIO(),
}


Answer = dict[str, object]


class Refused(Exception):
    """The API refused; the text is its `detail`."""


class OwnApi:
    """Asks addresses of the API as a caller with this environ.

    A bearer token and the address of the caller count, cookies do not: a page of another site could
    make a browser send them. Limits of pace are those of the API.
    """

    def __init__(self, environ: Mapping[str, Any], token: str = "") -> None:
        self._environ = {name: environ[name] for name in environ if name not in _LEFT_OUT}
        if token:
            self._environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"

    def get(self, path: str, given: Mapping[str, Any] | None = None) -> Answer:
        """The JSON of an address below /api/v1/. Raises Refused."""
        pairs = [(name, value) for name, value in (given or {}).items() if value not in (None, "")]
        return self._ask("GET", path, query=urlencode(pairs))

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """The JSON that the address answers to a JSON body. Raises Refused."""
        return self._ask("POST", path, body=json.dumps(body).encode())

    def _ask(self, method: str, path: str, query: str = "", body: bytes = b"") -> Answer:
        path = f"/api/v1/{path}"
        environ = {
            **self._environ,
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "SCRIPT_NAME": "",
            "QUERY_STRING": query,
            "CONTENT_TYPE": "application/json" if body else "",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_ACCEPT": "application/json",
            "wsgi.input": io.BytesIO(body),
        }
        request = WSGIRequest(environ)
        request.user = AnonymousUser()
        address = resolve(path)
        response = address.func(request, *address.args, **address.kwargs)
        if hasattr(response, "render"):
            response = response.render()
        answer: Answer = json.loads(response.content) if response.content else {}
        if response.status_code in (301, 302):
            return self._ask(method, response["Location"].removeprefix("/api/v1/"), query, body)
        if response.status_code >= 400:
            detail = answer.get("detail") or f"The API answered {response.status_code}."
            raise Refused(str(detail))
        return answer
