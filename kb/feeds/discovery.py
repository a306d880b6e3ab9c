"""robots.txt and the OpenSearch description: how crawlers and browsers find their way."""

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


@require_safe
@cache_control(public=True, max_age=3600)
@conditional_page
def robots(request: HttpRequest) -> HttpResponse:
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    return HttpResponse(_ROBOTS.format(sitemap=sitemap), content_type="text/plain; charset=utf-8")


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
