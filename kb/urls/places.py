"""Addresses of labs, organisations, courses and books; mounted at the root by kb.urls."""

from django.urls import URLPattern, path

from kb.pages.places import views
from kb.pages.places.views import SECTIONS, Section


def _of(section: Section) -> list[URLPattern]:
    given = {"plural": section.plural}
    kind, plural = section.kind, section.plural
    return [
        path(f"{plural}/", views.index, given, name=plural),
        path(f"{plural}.<str:suffix>", views.export, given, name=f"{plural}-export"),
        path(f"{plural}/<slug:slug>/", views.detail, given, name=kind),
        path(f"{plural}/<slug:slug>.<str:suffix>", views.export, given, name=f"{kind}-export"),
    ]


urlpatterns = [pattern for section in SECTIONS.values() for pattern in _of(section)]
