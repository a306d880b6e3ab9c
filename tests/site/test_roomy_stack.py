import resource

import pytest

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


def test_calls_at_the_edge_of_a_piece_of_the_stack_map_memory():
    """If this fails, CPython keeps its frames in another way and the middleware can go."""
    assert max(map(_faults_at, range(DEPTHS))) >= CALLS


def test_calls_of_a_request_map_no_memory_at_any_depth():
    assert max(map(RoomyStack(_faults_at), range(DEPTHS))) < CALLS / 10


def test_it_is_the_outermost_middleware(settings):
    assert settings.MIDDLEWARE[0] == "kb.site.roomy_stack.RoomyStack"


@pytest.mark.django_db
def test_pages_are_answered_through_it(client):
    assert client.get("/about/").status_code == 200
