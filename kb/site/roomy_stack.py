"""Room for the calls of a request in one piece.

CPython keeps the frames of a thread in pieces of 16 KiB: a call that does not fit maps another
piece, and its return gives that back. Where a loop of a page happens to lie at the edge of a piece,
every call in it is two calls of the kernel and a page fault, some thousands for a list of papers:
half of all that it costs. Which pages are hit changes with every frame above them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import FunctionType
from typing import cast

from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse

SLOTS = 2**16
"""Of 8 bytes, that the frame below asks for: just too many for a piece of 512 KiB. So it is given
one of 1 MiB, whose other half is free for all frames above; what nobody touches takes no memory."""


class RoomyStack:
    """The outermost middleware: every frame of a request lies in its own frame's piece.

    A file that is sent while it is made is made after this has returned, by whoever sends it: each
    part of it is asked for by a roomy frame as well.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            parts = cast(Iterator[bytes], response.streaming_content)  # no view is asynchronous
            response.streaming_content = _roomily(parts)
        return response


def make_roomy(function: Callable[..., object]) -> None:
    """Let the frames of all that `function` calls lie in one piece with its own."""
    plain = cast(FunctionType, function)
    plain.__code__ = plain.__code__.replace(co_stacksize=SLOTS)


def _roomily(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The same parts; a generator's own frame stands elsewhere, so another one asks it for each."""
    while (part := _next(parts)) is not None:
        yield part


def _next(parts: Iterator[bytes]) -> bytes | None:
    return next(parts, None)


make_roomy(RoomyStack.__call__)
make_roomy(_next)
