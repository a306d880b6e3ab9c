"""Sitemap, robots.txt, OpenSearch and unAPI."""

import re
from pathlib import Path
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest

from kb.feeds import sitemap, urls
from papers.models import Paper
from reproductions.models import Run
from tests import make

pytestmark = pytest.mark.django_db
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def places(answer):
    assert answer.status_code == 200, answer.content
    root = ElementTree.fromstring(answer.content)
    return {node.findtext(f"{SITEMAP}loc"): node.findtext(f"{SITEMAP}lastmod") for node in root}


def all_places(get):
    found = {}
    for file in places(get("/sitemap.xml")):
        found |= places(get(file.removeprefix("http://testserver")))
    return found


def test_sitemap_leads_to_every_page_with_true_dates(get):
    topic = make.topic("Early exiting")
    paper = make.paper(key="skip", topics=[topic])
    make.workshop(slug="dynn")
    stamp = paper.updated_at.isoformat(timespec="seconds")

    found = all_places(get)

    site = "http://testserver"
    for place in ("/papers/skip/", "/topics/early-exiting/", "/people/gao-huang/", "/venues/iclr/"):
        assert found[site + place] == stamp
    for place in ("/", "/papers/", "/topics/", "/workshops/dynn/", "/api/v1/docs/"):
        assert found[site + place] is None


def test_sitemap_leads_to_numbers_programs_and_runs(get):
    paper = make.paper()
    number = make.number(paper)
    hidden = make.number(make.paper(state=Paper.State.HIDDEN))
    run = Run.objects.create(
        program="branchynet",
        scale="toy",
        seed=0,
        state="finished",
        finished_at="2026-05-01T10:00:00Z",
    )

    found = all_places(get)

    site = "http://testserver"
    assert found[site + run.get_absolute_url()] == "2026-05-01T10:00:00+00:00"
    assert site + number.get_absolute_url() in found
    assert site + hidden.get_absolute_url() not in found
    assert site + "/reproductions/branchynet/" in found
    assert site + "/numbers/" in found


def test_large_sitemap_is_cut_into_files(get, monkeypatch):
    made = [make.paper() for _ in range(3)]
    monkeypatch.setattr(sitemap, "ROWS_A_FILE", 1)

    files = [file for file in places(get("/sitemap.xml")) if "/papers-" in file]

    assert len(files) == 3
    numbers = [int(file.rsplit("-", 1)[1].removesuffix(".xml")) for file in files]
    assert numbers == [paper.pk for paper in made]
    assert list(places(get(f"/sitemaps/papers-{made[0].pk}.xml"))) == [
        f"http://testserver/papers/{made[0].key}/"
    ]


def test_hidden_papers_and_their_people_are_in_no_sitemap(get):
    make.paper(key="canary", authors=["Canary Bird"], state=Paper.State.HIDDEN)

    assert [place for place in all_places(get) if "canary" in place] == []


def test_files_that_do_not_exist_are_not_found(get):
    assert get("/sitemaps/papers-7.xml").status_code == 404
    assert get("/sitemaps/secrets-0.xml").status_code == 404


def test_robots_may_read_papers_and_not_their_permutations(get):
    text = get("/robots.txt").content.decode()
    lines = [line.split(": ", 1) for line in text.splitlines() if ": " in line and line[0] != "#"]
    rules = [(kind, pattern) for kind, pattern in lines if kind in ("Allow", "Disallow")]

    def allowed(path):
        """As RFC 9309 decides: the longest matching rule, Allow where two are equal."""
        matching = [(len(p), kind == "Allow") for kind, p in rules if matches(p, path)]
        return max(matching, default=(0, True))[1]

    assert ["Sitemap", "http://testserver/sitemap.xml"] in lines
    for path in ("/", "/papers/", "/papers/huang2018multi/", "/papers/huang2018multi.bib", "/papers/?page=7", "/topics/early-exiting/", "/venues/iclr/2018/", "/api/v1/docs/", "/feeds/papers.atom"):  # fmt: skip
        assert allowed(path), path
    for path in ("/papers/?topic=a", "/papers/?q=x&topic=a", "/papers/?page=2&topic=a", "/papers/suggest/?q=a", "/admin/", "/api/v1/papers/", "/people/?x=1&sort=name"):  # fmt: skip
        assert not allowed(path), path


def test_python_s_own_reader_of_robots_may_read_papers(get):
    robots = RobotFileParser()
    robots.parse(get("/robots.txt").content.decode().splitlines())

    assert robots.can_fetch("any", "http://testserver/papers/huang2018multi/")
    assert robots.can_fetch("any", "http://testserver/papers/")
    assert not robots.can_fetch("any", "http://testserver/api/v1/papers/")


def matches(pattern, path):
    return re.match(re.escape(pattern).replace(r"\*", ".*"), path) is not None


def test_browsers_learn_how_to_search(get):
    root = ElementTree.fromstring(get("/opensearch.xml").content)

    assert len(root.findtext(f"{OPENSEARCH}ShortName")) <= 16
    urls = {node.get("type"): node.get("template") for node in root.findall(f"{OPENSEARCH}Url")}
    assert urls == {
        "text/html": "http://testserver/papers/?q={searchTerms}&page={startPage?}",
        "application/atom+xml": "http://testserver/feeds/papers.atom?q={searchTerms}",
        "application/x-suggestions+json": "http://testserver/papers/suggest/?format=opensearch&q={searchTerms}",
    }


@pytest.mark.parametrize("identifier", ["skip", "http://testserver/papers/skip/", "1708.06834"])
def test_unapi_gives_formats_and_records(get, identifier):
    make.paper("Skip RNN", key="skip", arxiv="1708.06834")

    formats = get(f"/unapi?id={identifier}")
    record = get(f"/unapi?id={identifier}&format=ris")

    assert formats.status_code == 300
    names = [node.get("name") for node in ElementTree.fromstring(formats.content)]
    assert names == ["ris", "bibtex", "mods", "csl", "endnote"]
    assert b"TI  - Skip RNN" in record.content


def test_unapi_refuses_what_it_does_not_have(get):
    make.paper(key="skip")
    make.paper(key="withdrawn", state=Paper.State.WITHDRAWN)
    make.paper(key="hidden", state=Paper.State.HIDDEN)

    assert get("/unapi").status_code == 200
    assert get("/unapi?format=ris").status_code == 400
    assert get("/unapi?id=skip&format=marc").status_code == 406
    for key in ("nothing", "withdrawn", "hidden"):
        assert get(f"/unapi?id={key}&format=ris").status_code == 404


def test_every_address_for_machines_has_a_line_in_the_documentation():
    text = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text()
    patterns = [re.sub(r"<\w+:", "<", str(one.pattern)) for one in urls.urlpatterns]

    unsaid = [place for place in patterns if f"/{place}" not in text]

    assert [place for place in unsaid if not place.startswith("sitemaps/")] == []
