"""Addresses of the API, mounted at /api/v1/."""

from django.urls import path, re_path

from kb.api import (
    account,
    compare,
    corrections,
    disagreements,
    documents,
    follows,
    learning,
    moderation,
    numbers,
    papers,
    people,
    reading_lists,
    review_threads,
    reviews,
    runs,
    tables,
    timeline,
    topics,
    venues,
    videos,
    waiting,
    workshops,
)
from kb.api.docs import Schema, docs
from kb.api.root import Nowhere, Root

app_name = "api"

urlpatterns = [
    path("", Root.as_view(), name="root"),
    path("papers/", papers.PaperList.as_view(), name="papers"),
    path("papers/<path:identifier>/", papers.PaperDetail.as_view(), name="paper"),
    path("people/", people.PersonList.as_view(), name="people"),
    path("people/<slug:slug>/", people.PersonDetail.as_view(), name="person"),
    path("venues/", venues.VenueList.as_view(), name="venues"),
    path("venues/<slug:slug>/", venues.VenueDetail.as_view(), name="venue"),
    path("workshops/", workshops.WorkshopList.as_view(), name="workshops"),
    path("workshops/<slug:slug>/", workshops.WorkshopDetail.as_view(), name="workshop"),
    path("topics/", topics.TopicList.as_view(), name="topics"),
    path("topics/<slug:slug>/", topics.TopicDetail.as_view(), name="topic"),
    path("timeline/", timeline.TimelineList.as_view(), name="timeline"),
    path("glossary/", learning.TermList.as_view(), name="glossary"),
    path("paths/", learning.PathList.as_view(), name="paths"),
    path("paths/<slug:slug>/", learning.PathDetail.as_view(), name="path"),
    *numbers.urlpatterns,
    *compare.urlpatterns,
    *tables.urlpatterns,
    *disagreements.urlpatterns,
    *runs.urlpatterns,
    *documents.urlpatterns,
    *reviews.urlpatterns,
    *review_threads.urlpatterns,
    *moderation.urlpatterns,
    *account.urlpatterns,
    *videos.urlpatterns,
    *corrections.urlpatterns,
    *waiting.urlpatterns,
    *reading_lists.urlpatterns,
    *follows.urlpatterns,
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
    re_path(r"^.*$", Nowhere.as_view(), name="nowhere"),
]
