"""Importing in two steps: a preview that writes nothing, then all or none."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from django.core.management import call_command
from django.test import Client

from papers.importers.importing import apply_batch, make_batch, previews
from papers.models import Conflict, ImportBatch, Paper, WaitingWork
from tests import make
from tests.ingest_site.sources import ATOM
from tests.markup import flat

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.ingest_site.urls"),
    pytest.mark.usefixtures("asked"),
]


def test_a_preview_writes_nothing_and_applying_twice_changes_nothing(
    answer: Callable[..., None],
) -> None:
    answer("export.arxiv.org", ATOM)

    batch = make_batch("2301.01234")
    (preview,) = previews(batch)
    assert preview.is_new
    assert not Paper.objects.exists()
    first = apply_batch(batch)
    again = apply_batch(batch)

    assert first == again
    paper = Paper.objects.get()
    assert (paper.key, paper.arxiv, paper.doi) == (
        "muster2023sleeping",
        "2301.01234",
        "10.1234/sleep.1",
    )
    assert paper.sources == ["arXiv 2301.01234"]
    assert paper.unconfirmed == []
    repeated = apply_batch(make_batch("2301.01234"))
    assert [row["effect"] for row in repeated] == ["known"]
    assert Paper.objects.count() == 1


def test_one_source_that_is_away_is_named_and_the_others_still_answer(
    answer: Callable[..., None], asked: list[httpx.Request]
) -> None:
    answer("export.arxiv.org", ATOM)

    batch = make_batch("2301.01234\n10.1234/x\n10.1234/y")

    assert [row["title"] for row in batch.candidates] == [
        "Sleeping Layers That Wake for Hard Inputs"
    ]
    assert len(batch.problems) == 2
    assert batch.problems[0].startswith("doi:10.1234/x: Crossref cannot be reached")
    assert len([r for r in asked if r.headers["Host"] == "api.crossref.org"]) == 1


def test_a_reference_speaks_for_itself_where_its_source_is_away() -> None:
    batch = make_batch(
        "王小明, 李华. 夜间网络的路由研究[J]. 软件学报, 2023, 34(5): 1-9. DOI:10.13328/j.cnki.x.1.\n"
        "A. Erste, “Idle gates in the north,” in ICLR, 2021, arXiv:2101.01234."
    )

    assert [(row["title"], row["year"]) for row in batch.candidates] == [
        ("夜间网络的路由研究", 2023),
        ("Idle gates in the north", 2021),
    ]
    assert [row["doi"] or row["arxiv"] for row in batch.candidates] == [
        "10.13328/j.cnki.x.1",
        "2101.01234",
    ]
    assert len(batch.problems) == 2  # that neither source could be asked is told all the same


def test_a_failure_while_applying_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = make_batch("@misc{a, title={One}, author={A B}}\n@misc{b, title={Two}, author={C D}}")
    real = Paper.save

    def breaks_on_two(self: Paper, *args: Any, **kwargs: Any) -> None:
        if self.title == "Two":
            raise RuntimeError("power cut")
        real(self, *args, **kwargs)

    monkeypatch.setattr(Paper, "save", breaks_on_two)
    with pytest.raises(RuntimeError):
        apply_batch(batch)

    batch.refresh_from_db()
    assert not Paper.objects.exists()
    assert batch.applied_at is None


def test_the_page_shows_the_merge_field_by_field_and_a_curator_takes_one(
    answer: Callable[..., None], client: Client, account: Callable[..., Any]
) -> None:
    answer("export.arxiv.org", ATOM)
    paper = make.paper(
        "Sleeping Layers that Wake for Hard Inputs",
        authors=["Chen Muster"],
        year=2021,
        abstract="",
    )
    client.force_login(account("curator", staff=True))

    page = client.post("/import/", {"asked": "arXiv:2301.01234"}, follow=True)
    html = page.content.decode()
    assert "Nothing has been written yet." in html
    assert "recognised by title and first author" in html
    assert 'value="0:year"' in html
    batch = ImportBatch.objects.get()
    client.post(f"/import/{batch.pk}/apply", {"work": "0", "take": "0:year"})

    paper.refresh_from_db()
    assert (paper.year, paper.arxiv, paper.abstract) == (
        2023,
        "2301.01234",
        "Layers sleep until an input needs them.",
    )
    assert [c.field for c in Conflict.objects.all()] == ["authors"]
    assert "Added to a paper that was here" in client.get(f"/import/{batch.pk}/").content.decode()


def test_somebody_who_is_no_curator_cannot_overrule_the_record(
    answer: Callable[..., None], client: Client, account: Callable[..., Any]
) -> None:
    answer("export.arxiv.org", ATOM)
    paper = make.paper(
        "Sleeping Layers That Wake for Hard Inputs", authors=["Chen Muster"], year=2021
    )
    client.force_login(account("ada"))
    client.post("/import/", {"asked": "2301.01234"})
    batch = ImportBatch.objects.get()

    client.post(f"/import/{batch.pk}/apply", {"work": "0", "take": ["0:year", "0:authors"]})

    paper.refresh_from_db()
    assert paper.year == 2021
    assert sorted(c.field for c in Conflict.objects.all()) == ["authors", "year"]


def test_an_import_is_seen_by_who_made_it_and_by_curators(
    client: Client, account: Callable[..., Any]
) -> None:
    batch = make_batch("@misc{a, title={One}, author={A B}}", by=account("ada"))
    path = f"/import/{batch.pk}/"

    assert client.get(path).status_code == 404
    client.force_login(account("ben"))
    assert client.get(path).status_code == 404
    assert client.post(path + "apply", {"work": "0"}).status_code == 404
    assert not Paper.objects.exists()


def test_the_command_shows_on_a_dry_run_and_writes_without(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bib = "@misc{a, title={One Work}, author={Ada Example}, year=2020}"

    call_command("import_papers", bib, "--dry-run")
    assert "new  One Work" in capsys.readouterr().out
    assert not Paper.objects.exists()

    call_command("import_papers", bib)
    assert Paper.objects.get().key == "example2020one"
    with pytest.raises(SystemExit):
        call_command("import_papers", "10.1234/x")
    assert "Crossref cannot be reached" in capsys.readouterr().err


THRIFT = """@inproceedings{{b, title={{Adaptive Thrift of Street Lamps at Night}}, year={{{year}}},
 author={{{authors}}}, doi={{{doi}}}}}"""


def thrift(year: int, authors: str, doi: str) -> str:
    return THRIFT.format(year=year, authors=authors, doi=doi)


def test_another_work_with_the_title_of_one_here_is_imported_beside_it() -> None:
    apply_batch(make_batch(thrift(2019, "Wang, A. and Chen, B.", "10.1234/thrift.2019")))

    (preview,) = previews(other := make_batch(thrift(2024, "Wang, C. and Huang, D.", "10.9/o")))
    (result,) = apply_batch(other)

    assert preview.is_new
    assert (result["effect"], result["may_be"], Paper.objects.count()) == ("new", "", 2)


def test_a_doubtful_work_is_a_question_and_a_members_word_merges_nothing(
    client: Client, account: Callable[..., Any]
) -> None:
    apply_batch(make_batch(thrift(2019, "Ada Erste and Bo Zweite", "10.1234/thrift.2019")))
    paper = Paper.objects.get()
    client.force_login(account("ada"))
    entry = thrift(2019, "Ada Erste and Bo Zweite", "10.9999/other")

    html = flat(client.post("/import/", {"asked": entry}, follow=True).content.decode())

    assert "the same title, but another DOI" in html
    assert not re.search(r'id="work-0"\s+checked', html)
    batch = ImportBatch.objects.latest("pk")
    client.post(f"/import/{batch.pk}/apply", {"work": "0", "same": "0"})
    assert Paper.objects.get() == paper
    assert not Conflict.objects.exists()
    waiting = WaitingWork.objects.get()
    assert waiting.may_be == paper
    assert waiting.candidate["warnings"] == [
        f"The sender says that it is the same work as {paper.key}."
    ]


def test_a_doubt_that_nobody_settled_makes_a_paper_and_asks_a_curator(
    client: Client, account: Callable[..., Any]
) -> None:
    apply_batch(make_batch(thrift(2019, "Ada Erste and Bo Zweite", "10.1234/thrift.2019")))
    older = Paper.objects.get()

    (result,) = apply_batch(make_batch(thrift(2024, "Ada Erste and Bo Zweite", "")))

    assert (result["effect"], result["may_be"]) == ("new", older.key)
    question = Conflict.objects.get()
    assert (question.field, question.there) == ("same_as", older.key)
    assert "5 years apart" in question.note
    client.force_login(account("curator", staff=True))
    page = client.get(question.paper.get_absolute_url()).content.decode()
    assert "The same: merge it into that one" in page
    client.post(f"/conflicts/{question.pk}/", {"decision": "accept"})
    question.paper.refresh_from_db()
    assert question.paper.merged_into == older


def test_what_was_sent_stands_in_the_box_again_with_the_bad_line_marked(client: Client) -> None:
    client.force_login(make.member("ada"))
    good = "@article{a, title={A Quiet Lamp}, author={Anna Erste}, year={2020}}\n"
    text = good * 2 + "@article{b, title={Never closed, author={Bo Zweite}\n" + good

    html = client.post("/import/", {"asked": text}, follow=True).content.decode()

    assert "line 3: <mark>@article{b, title={Never closed" in flat(html)
    assert "title={Never closed, author={Bo Zweite}" in html.split("<textarea")[1]
    assert "the same work as the one numbered 1" in flat(html)


def test_a_number_of_many_digits_chooses_nothing(client: Client) -> None:
    client.force_login(make.member("ada"))
    entry = "@article{a, title={A Quiet Lamp}, author={Anna Erste}, year={2020}}"
    client.post("/import/", {"asked": entry})
    batch = ImportBatch.objects.get()

    answer = client.post(f"/import/{batch.pk}/apply", {"work": "9" * 5000})

    assert answer.status_code == 302
    assert not Paper.objects.exists()
