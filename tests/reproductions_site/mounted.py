"""The site's addresses with the ledger's, wherever the site mounts them."""

from django.http import HttpResponse
from django.urls import include, path

from kb import urls
from kb.api import numbers, runs
from kb.api import urls as api


def _page(request, **place):
    return HttpResponse("a page")


urlpatterns = [
    path("api/v1/", include(([*numbers.urlpatterns, *runs.urlpatterns, *api.urlpatterns], "api"))),
    path("", include("kb.urls.reproductions")),
    *urls.urlpatterns,
]
_named = {getattr(pattern, "name", None) for pattern in urls.urlpatterns}
urlpatterns += [
    path(f"{name}/", _page, name=name)
    for name in ("papers", "people", "venues", "workshops", "timeline")
    if name not in _named
]
if "paper" not in _named:
    urlpatterns.append(path("papers/<slug:key>/", _page, name="paper"))
handler404 = urls.handler404
