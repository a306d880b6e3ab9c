"""The peer of `benchmarks.load`: what a lab would write in an afternoon, over the same database.

    DATABASE_URL=… gunicorn benchmarks.peer_site:application --worker-class gthread --threads 4

A list of papers with `icontains` over title and abstract, and a page for each paper; plain Django
views and templates, no cache, no middleware.
"""

from __future__ import annotations

import os

from django.conf import settings
from django.core.paginator import Paginator
from django.core.wsgi import get_wsgi_application
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template import Context, Engine
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
application = get_wsgi_application()
settings.MIDDLEWARE = []
settings.ROOT_URLCONF = __name__
application.load_middleware()

from papers.models import Paper  # noqa: E402 (needs Django)

_ENGINE = Engine()
_LIST = _ENGINE.from_string(
    "<h1>Papers</h1><ul>{% for paper in page %}<li><a href='/papers/{{ paper.key }}/'>"
    "{{ paper.title }}</a> {% for author in paper.authorships.all %}{{ author.printed_name }}, "
    "{% endfor %}{{ paper.year }}</li>{% endfor %}</ul><p>{{ page.paginator.count }}</p>"
)
_ONE = _ENGINE.from_string(
    "<h1>{{ paper.title }}</h1><p>{% for author in paper.authorships.all %}"
    "{{ author.printed_name }}, {% endfor %}{{ paper.year }}</p><p>{{ paper.abstract }}</p>"
)


def index(request: HttpRequest) -> HttpResponse:
    """Papers with the words somewhere in title or abstract."""
    words = request.GET.get("q", "")
    fits = Q(title__icontains=words) | Q(abstract__icontains=words)
    papers = Paper.objects.filter(fits, state="public").order_by("-year", "pk")
    page = Paginator(papers.prefetch_related("authorships"), 20).get_page(request.GET.get("page"))
    return HttpResponse(_LIST.render(Context({"page": page})))


def detail(request: HttpRequest, key: str) -> HttpResponse:
    """One paper."""
    paper = get_object_or_404(Paper, key=key, state="public")
    return HttpResponse(_ONE.render(Context({"paper": paper})))


urlpatterns = [path("papers/", index), path("papers/<slug:key>/", detail)]
