"""robots.txt, llms.txt, OpenSearch: how crawlers, language models and browsers find their way."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from kb.feeds.xml import add, xml_response

OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
SHORT_NAME = "Living Survey"  # browsers take 16 characters
_ROBOTS = """\
# Papers, topics, people, venues and workshops are for everybody; every paper is in the sitemap
# and reachable through the pages of /papers/. Permutations of filters are not worth crawling.
# ("/papers/?" without the asterisk means all of /papers/ to some readers of this file.)
User-agent: *
Allow: /papers/?page=
Disallow: /papers/?page=*&
Disallow: /papers/?*
Disallow: /papers/suggest/
Disallow: /*?*sort=
Disallow: /choices/
Disallow: /admin/
Disallow: /api/v1/
Allow: /api/v1/docs/

Sitemap: {sitemap}
"""
_LLMS = """\
# Living survey of dynamic neural networks

> Papers, methods, topics, workshops, and numbers that papers print beside what runs here measured,
> on neural networks that adapt depth, width, parameters, space or time to their input.

Ask the API or the tools rather than reading pages: they say what is unconfirmed. A field named in
`unconfirmed` was seen in no source; a topic with `suggested` was placed by a machine; a number
with the state `met` was measured here by the rule of its claim. The data are CC0; abstracts
keep the licences of their authors. Cite papers by themselves, and a number with its address here.

## Ask

- [API]({site}/api/v1/docs/): search, papers, methods, topics, numbers, comparisons, as JSON
- [OpenAPI]({site}/api/v1/schema/): the same for programs
- [Tools]({site}/mcp): Model Context Protocol over HTTP (POST), without an account
- [A search]({site}/api/v1/papers/?q=early+exiting&select=key,title,year,tldr): an example
- [A paper]({site}/api/v1/papers/1703.09844/): by key, arXiv id, DOI, OpenReview or ACL id

## Read

- [Map of topics]({site}/topics/): the taxonomy, each topic with a text
- [Methods]({site}/methods.json): what adapts, who decides, how it is trained
- [Survey tables]({site}/tables/): methods side by side
- [Comparisons]({site}/compare/): accuracy against cost, of comparable points
- [Disagreements]({site}/disagreements/): where the sources contradict each other
- [Reproduced numbers]({site}/reproductions/): programs and verdicts, failures first
- [Glossary]({site}/glossary/): words in English and Chinese

## Optional

- [All papers]({site}/papers.csl.json): CSL-JSON; also `.bib`, `.ris`, `.csv`, `.jsonld`
- [Changes]({site}/feeds/changes.atom): Atom; harvesting at {site}/oai
"""


@require_safe
@cache_control(public=True, max_age=3600)
@conditional_page
def robots(request: HttpRequest) -> HttpResponse:
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    return HttpResponse(_ROBOTS.format(sitemap=sitemap), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
@conditional_page
def llms(request: HttpRequest) -> HttpResponse:
    """llms.txt: what is here for language models, and how they ask for it."""
    text = _LLMS.format(site=f"{request.scheme}://{request.get_host()}")
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
@conditional_page
def opensearch(request: HttpRequest) -> HttpResponse:
    """OpenSearch 1.1: pages, the Atom feed and suggestions of the site's search."""
    site = f"{request.scheme}://{request.get_host()}"
    root = Element("OpenSearchDescription", {"xmlns": OPENSEARCH})
    add(root, "ShortName", SHORT_NAME)
    add(root, "Description", "Search papers on dynamic neural networks")
    add(root, "InputEncoding", "UTF-8")
    for media_type, template in (
        ("text/html", f"{reverse('papers')}?q={{searchTerms}}&page={{startPage?}}"),
        ("application/atom+xml", f"{reverse('feed-papers')}?q={{searchTerms}}"),
        (
            "application/x-suggestions+json",
            f"{reverse('papers')}suggest/?format=opensearch&q={{searchTerms}}",
        ),
    ):
        add(root, "Url", type=media_type, template=site + template)
    add(root, "Image", f"{site}/static/img/mark.svg", type="image/svg+xml")
    return xml_response(root, "application/opensearchdescription+xml")
