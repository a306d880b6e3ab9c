"""Room for the calls of a request in one piece.

CPython keeps the frames of a thread in pieces of 16 KiB: a call that does not fit maps another
piece, and its return gives that back. Where a loop of a page happens to lie at the edge of a piece,
every call in it is two calls of the kernel and a page fault, some thousands for a list of papers:
half of all that it costs. Which pages are hit changes with every frame above them.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

SLOTS = 2**16
"""Of 8 bytes, that the frame below asks for: just too many for a piece of 512 KiB. So it is given
one of 1 MiB, whose other half is free for all frames above; what nobody touches takes no memory."""


class RoomyStack:
    """The outermost middleware: every frame of a request lies in its own frame's piece."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)


RoomyStack.__call__.__code__ = RoomyStack.__call__.__code__.replace(co_stacksize=SLOTS)
