"""Whatever a query string holds, the answer is an answer."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.api.papers import PaperList
from kb.api.people import PersonList
from kb.api.timeline import TimelineList
from kb.api.topics import TopicList
from kb.api.venues import VenueList
from kb.api.workshops import WorkshopList
from tests import make

pytestmark = pytest.mark.django_db

ADDRESSES = (
    "papers",
    "people",
    "venues",
    "workshops",
    "topics",
    "timeline",
    "papers/x",
    "people/x",
)
VIEWS = (PaperList, PersonList, VenueList, WorkshopList, TopicList, TimelineList)
NAMES = sorted({parameter.name for view in VIEWS for parameter in view().all_parameters()})
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "*",
            "0",
            "1",
            "9" * 30,
            "\x00",
            "year:9..1",
            '"',
            "((",
            "OR",
            "author:",
            "早退",
            "updated",
        ]
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    address=st.sampled_from(ADDRESSES),
    query=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=3),
)
def test_no_query_string_makes_the_api_fail(address, query):
    make.paper(topics=[make.topic(slug=f"t{make.paper().pk}")])

    answer = Client().get(f"/api/v1/{address}/", query)

    assert answer.status_code in (200, 400, 404)
