"""How each kind of source is asked. Each reads its pages one by one; nothing here writes."""

from papers.models import Source
from papers.watch.protocols import (
    arxiv_query,
    crossref_venue,
    dblp_venue,
    news_feed,
    oai,
    openreview_venue,
    semantic_scholar,
)
from papers.watch.protocols.shapes import Protocol

PROTOCOLS: dict[str, Protocol] = {
    Source.Kind.ARXIV: arxiv_query.PROTOCOL,
    Source.Kind.ARXIV_OAI: oai.ARXIV,
    Source.Kind.OPENREVIEW: openreview_venue.PROTOCOL,
    Source.Kind.CROSSREF: crossref_venue.PROTOCOL,
    Source.Kind.DBLP: dblp_venue.PROTOCOL,
    Source.Kind.SEMANTIC_SCHOLAR: semantic_scholar.PROTOCOL,
    Source.Kind.FEED: news_feed.PROTOCOL,
    Source.Kind.SURVEY: oai.SURVEY,
}
