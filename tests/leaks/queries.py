"""Addresses with a query string that the matrix opens beside the plain ones."""

OAI_FORMS = ("oai_dc", "mods", "oai_datacite")
HIDDEN = "sotto"
"""A word that stands in every paper that is not public."""

QUERIES = (
    f"/papers/?q={HIDDEN}",
    f"/papers/?q={HIDDEN}&sort=year",
    "/papers/?q=title:sotto",
    "/papers/?q=author:zq&sort=name",
    "/papers/?q=1801.00002",
    "/papers/?q=10.1000/hidden",
    "/papers/?q=zq",
    "/papers/?q=leaving&page=2",
    f"/papers/suggest/?q={HIDDEN}",
    f"/papers/suggest/?q={HIDDEN}&format=opensearch",
    "/papers/suggest/?q=zq",
    "/papers/suggest/?q=author:zq",
    f"/papers.bib?q={HIDDEN}",
    f"/papers.csv?q={HIDDEN}",
    f"/papers.mods.xml?q={HIDDEN}",
    f"/papers.jsonld?q={HIDDEN}",
    f"/api/v1/papers/?q={HIDDEN}&with_count=1&facets=1",
    "/api/v1/papers/?q=title:sotto&with_count=1",
    "/api/v1/papers/?with_count=1",
    "/api/v1/people/?q=zq&with_count=1",
    "/api/v1/people/?with_count=1",
    "/people/?q=zq",
    "/people/?sort=papers",
    "/topics/?view=list",
    "/topics/?view=table",
    "/numbers/?paper=hidden2018",
    "/numbers/?q=zq",
    "/api/v1/numbers/?paper=hidden2018",
    "/api/v1/tables/slim/?version=1",
    "/disagreements/?show=sotto",
    "/compare/?mix=1&second_hand=1&topic=sotto",
    "/compare.csv?paper=hidden2018&second_hand=1",
    "/api/v1/compare/?mix=1&second_hand=1",
    *(f"/oai?verb=ListRecords&metadataPrefix={form}" for form in OAI_FORMS),
    *(
        f"/oai?verb=GetRecord&metadataPrefix={form}&identifier=oai:testserver:{state}2018"
        for form in OAI_FORMS
        for state in ("hidden", "withdrawn", "merged")
    ),
    "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc",
    "/oai?verb=ListSets",
    *(
        f"/unapi?id={key}&format={form}"
        for form in ("bibtex", "ris", "mods", "endnote")
        for key in ("hidden2018", "withdrawn2018", "open2018")
    ),
    "/import/?asked=sotto",
    "/documents/?state=failed",
    f"/waiting/?q={HIDDEN}",
    "/waiting/?state=refused",
    "/waiting/?state=accepted",
    "/waiting/?state=withdrawn",
    f"/waiting/desk/?q={HIDDEN}",
    "/waiting/desk/?state=refused",
    "/api/v1/waiting/?with_count=1",
    f"/api/v1/waiting/?q={HIDDEN}",
    "/papers/?q=1801.00003",
    "/abs/1801.00003/",
    "/api/v1/papers/1801.00003/",
    "/corrections/paper/",
    "/api/v1/documents/?with_count=1",
    "/api/v1/runs/?with_count=1",
)
