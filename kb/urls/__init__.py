"""Addresses of the site. Stable: an address that was once public keeps working."""

from django.contrib import admin
from django.urls import include, path, re_path

from kb import kept_posts
from kb.agents import views as agents
from kb.languages.addresses import in_languages
from kb.pages import (
    doors,
    dumps,
    health_of_survey,
    home,
    people,
    redirects,
    signposts,
    timeline,
    topics,
    venues,
)
from kb.pages import site as site_pages
from kb.pages.learning import figures, glossary, paths
from kb.pages.methods import views as methods
from kb.pages.papers import citing, exporting
from kb.pages.papers import views as papers
from kb.pages.sharing import pictures
from kb.pages.sharing import views as sharing
from kb.site.health import healthz
from kb.site.per_thread import remember_addresses

_patterns = [
    path("", home.home, name="home"),
    path("about/", site_pages.about, name="about"),
    path("health-of-the-survey/", health_of_survey.health, name="health-of-survey"),
    path("healthz", healthz, name="healthz"),
    path("mcp", agents.speak, name="mcp"),
    path("choices/kept/dismiss", kept_posts.dismiss, name="kept-dismiss"),
    path("choices/theme", site_pages.choose_theme, name="choose-theme"),
    path("choices/language", site_pages.choose_language, name="choose-language"),
    path("papers/", papers.index, name="papers"),
    path("papers.<str:suffix>", exporting.export_list, name="papers-export"),
    path("papers/suggest/", papers.suggestions, name="suggest"),
    path("papers/<slug:key>/", papers.detail, name="paper"),
    path("papers/<slug:key>/similar/", papers.similar, name="paper-similar"),
    path("papers/<slug:key>/cite/", citing.cite, name="paper-cite"),
    path("papers/<slug:key>.<str:suffix>", papers.export, name="paper-export"),
    path("topics/", topics.index, name="topics"),
    path("topics/<slug:slug>/", topics.detail, name="topic"),
    path("methods/", methods.index, name="methods"),
    path("methods.<str:suffix>", methods.export, name="methods-export"),
    path("methods/lineage/", methods.lineage, name="methods-lineage"),
    path("methods/<slug:slug>/", methods.detail, name="method"),
    path("methods/<slug:slug>.<str:suffix>", methods.export_one, name="method-export"),
    path("people/", people.index, name="people"),
    path("people/<slug:slug>/", people.detail, name="person"),
    path("venues/", venues.index, name="venues"),
    path("venues/<slug:slug>/", venues.detail, name="venue"),
    path("venues/<slug:slug>/<int:year>/", venues.year, name="venue-year"),
    path("", include("kb.urls.workshops")),
    path("timeline/", timeline.index, name="timeline"),
    path("learn/", doors.learn, name="learn"),
    path("decide/", doors.decide, name="decide"),
    path("contribute/", doors.contribute, name="contribute"),
    path("glossary/", glossary.index, name="glossary"),
    path("paths/", paths.index, name="paths"),
    path("paths/<slug:slug>/", paths.detail, name="path"),
    path("paths/<slug:slug>/<slug:step>/tick", paths.tick, name="path-tick"),
    path("figures/", figures.index, name="figures"),
    path("figures/<slug:slug>.svg", figures.drawing, name="figure"),
    re_path(r"^abs/(?P<identifier>.+?)/?$", redirects.by_arxiv, name="by-arxiv"),
    path("openreview/<str:identifier>/", redirects.by_openreview, name="by-openreview"),
    path("acl/<str:identifier>/", redirects.by_acl, name="by-acl"),
    path("papers/<slug:key>/v<int:version>/", redirects.by_version, name="paper-version"),
    re_path(r"^doi/(?P<identifier>.+?)/?$", redirects.by_doi, name="by-doi"),
    path("pictures/<str:kind>/<slug:slug>.png", pictures.picture, name="card-picture"),
    path("cards/<str:kind>/<slug:slug>/", sharing.framed, name="card"),
    path("oembed", sharing.oembed, name="oembed"),
    path("linksets/<str:kind>/<slug:slug>.<str:suffix>", signposts.linkset, name="linkset"),
    path("dumps/", dumps.index, name="dumps"),
    path("dumps/<str:date>/<path:name>", dumps.file, name="dump-file"),
    path("api/v1/", include("kb.api.urls")),
    path("", include("kb.feeds.urls")),
    path("", include("kb.urls.reproductions")),
    path("", include("kb.urls.ingest")),
    path("", include("kb.urls.community")),
    path("", include("kb.urls.records")),
    path("", include("kb.urls.account")),
    path("", include("kb.urls.lists")),
    path("", include("kb.urls.places")),
    path("", include("kb.urls.watch")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
urlpatterns = in_languages(_patterns)
remember_addresses()

handler403 = "kb.pages.site.forbidden"
handler404 = "kb.pages.site.not_found"
handler500 = "kb.pages.site.server_error"
