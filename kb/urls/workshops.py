"""Addresses of workshops; mounted at the root by kb.urls."""

from django.urls import path

from kb.pages.workshops import calls, files, freezing, giving
from kb.pages.workshops import views as workshops
from kb.pages.workshops.editing import authors, importing, making, programmes
from kb.pages.workshops.editing import views as editing

urlpatterns = [
    path("workshops/", workshops.index, name="workshops"),
    path("workshops/dates.ics", workshops.all_calendar, name="workshops-calendar"),
    path("workshops/deadlines/", calls.index, name="workshop-deadlines"),
    path("workshops/deadlines.ics", calls.calendar, name="workshop-deadlines-calendar"),
    path("workshops/new/", making.new, name="workshop-new"),
    path("workshops/invitations/<str:token>/", making.invitation, name="workshop-invitation"),
    path("workshops/papers/<str:token>/", authors.author, name="workshop-author"),
    path(
        "workshops/papers/<str:token>/<str:name>",
        authors.author_file,
        name="workshop-author-file",
    ),
    path("workshops/<slug:slug>.zip", freezing.as_zip, name="workshop-frozen"),
    path("workshops/<slug:slug>.ics", workshops.calendar, name="workshop-calendar"),
    path("workshops/<slug:slug>/", workshops.detail, name="workshop"),
    path("workshops/<slug:slug>/jekyll.zip", giving.as_jekyll, name="workshop-jekyll"),
    path(
        "workshops/<slug:slug>/proceedings.<str:suffix>",
        giving.as_proceedings,
        name="workshop-proceedings",
    ),
    path("workshops/<slug:slug>/schedule/", workshops.schedule, name="workshop-schedule"),
    path("workshops/<slug:slug>/preview/", editing.preview, name="workshop-preview"),
    path("workshops/<slug:slug>/edit/", editing.desk, name="workshop-desk"),
    path("workshops/<slug:slug>/files/<str:name>", files.file, name="workshop-file"),
    path("workshops/<slug:slug>/board/", programmes.board, name="workshop-board"),
    path("workshops/<slug:slug>/authors/", authors.table, name="workshop-authors"),
    path("workshops/<slug:slug>/import/", importing.start, name="workshop-import"),
    path(
        "workshops/<slug:slug>/import/<int:pk>/",
        importing.preview,
        name="workshop-import-preview",
    ),
    path("workshops/<slug:slug>/edit/<slug:code>/", editing.block, name="workshop-block"),
    path("workshops/<slug:slug>/hand-in", making.hand_in, name="workshop-hand-in"),
    path("workshops/<slug:slug>/organisers", making.change_organisers, name="workshop-organisers"),
]
