import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import HttpRequest, StreamingHttpResponse

from kb.site.roomy_stack import RoomyStack

CALLS, DEPTHS = 1_000, 200


def _faults_at(depth: int) -> int:
    """Page faults of a loop of calls so many frames above the caller."""
    if depth:
        return _faults_at(depth - 1)

    def called() -> None:
        return None

    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    for _ in range(CALLS):
        called()
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before


@pytest.fixture
def bare() -> Iterator[ThreadPoolExecutor]:
    """A thread with a stack of its own: a test runs with room of its own (tests/conftest.py)."""
    with ThreadPoolExecutor(1) as thread:
        yield thread


def test_calls_at_the_edge_of_a_piece_of_the_stack_map_memory(bare: ThreadPoolExecutor):
    """If this fails, CPython keeps its frames in another way and the middleware can go."""
    assert max(bare.map(_faults_at, range(DEPTHS))) >= CALLS


def test_calls_of_a_request_map_no_memory_at_any_depth(bare: ThreadPoolExecutor):
    assert max(bare.map(RoomyStack(_faults_at), range(DEPTHS))) < CALLS / 10


def _faults_of_a_part(depth: int) -> int:
    """Page faults of making one part of a file that is sent while it is made."""
    sent = StreamingHttpResponse(str(_faults_at(depth)) for _ in range(1))
    (part,) = RoomyStack(lambda request: sent)(HttpRequest())
    return int(part)


def test_a_file_that_is_sent_while_it_is_made_maps_none(bare: ThreadPoolExecutor):
    assert max(bare.map(_faults_of_a_part, range(DEPTHS))) < CALLS / 10


def test_it_is_the_outermost_middleware(settings):
    assert settings.MIDDLEWARE[0] == "kb.site.roomy_stack.RoomyStack"


@pytest.mark.django_db
def test_pages_are_answered_through_it(client):
    assert client.get("/about/").status_code == 200
