"""Addresses of the watch and of what happened when; mounted at the root by kb.urls."""

from django.urls import path

from kb.pages import chronicle, dead_links
from kb.pages.watch import inbox, sources

urlpatterns = [
    path("this-month/", chronicle.this_month, name="this-month"),
    path("months/<int:year>/<int:month>/", chronicle.month, name="month"),
    path("clock/<slug:slug>/", chronicle.clock, name="clock"),
    path("years/<int:year>/", chronicle.year, name="year-in-review"),
    path("dead-links/", dead_links.index, name="dead-links"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/decide", inbox.decide_many, name="inbox-decide-many"),
    path("inbox/undo/<uuid:batch>", inbox.undo_many, name="inbox-undo-many"),
    path("inbox/<int:pk>/", inbox.detail, name="find"),
    path("inbox/<int:pk>/decide", inbox.decide, name="find-decide"),
    path("inbox/<int:pk>/undo", inbox.undo, name="find-undo"),
    path("sources/", sources.index, name="sources"),
    path("sources/new", sources.new, name="source-new"),
    path("sources/<slug:slug>/", sources.detail, name="source"),
    path("sources/<slug:slug>/ask", sources.ask, name="source-ask"),
]
