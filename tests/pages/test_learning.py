"""Texts of topics, glossary and figures as readers see them."""

from __future__ import annotations

import pytest
from django.test import Client

from kb.pages.learning.terms import Glossary, Linker
from tests import make
from tests.pages.learning_parts import lecture, method, term

pytestmark = pytest.mark.django_db


def page_of(client: Client, query: str = "") -> str:
    return client.get(f"/topics/early-exiting/{query}").content.decode()


def test_a_claim_leads_to_its_paper_and_words_are_escaped(client: Client, first: object) -> None:
    lecture()

    html = page_of(client)

    assert '(<a href="/papers/first/" title="Exits">Byron et al. 2018</a>)' in html
    assert "gone" not in html
    assert "It can &lt;err&gt;." in html


def test_a_topic_without_a_text_leads_to_the_nearest_one_above(client: Client) -> None:
    above = lecture().topic
    make.topic("Small", slug="small", parent=above)

    small = " ".join(client.get("/topics/small/").content.decode().split())

    assert (
        'the one on <a href="/topics/early-exiting/">Early exiting</a> tells of what it belongs to'
        in small
    )
    assert "no text of its own" not in page_of(client)


def test_a_paper_that_is_not_public_is_not_cited(client: Client) -> None:
    make.paper("Secret", key="first", state="hidden")
    lecture(read_five=[{"paper": "first", "why": "Because."}])

    html = page_of(client)

    assert "Secret" not in html
    assert "An early exit saves layers." in html


def test_a_merged_paper_is_cited_under_its_old_key(client: Client) -> None:
    kept = make.paper("Kept", key="kept")
    kept.old_keys.create(key="first")
    lecture()

    assert 'href="/papers/kept/"' in page_of(client)


def test_the_first_mention_of_a_word_is_explained(client: Client, first: object) -> None:
    term()
    text = "An early exit is early. Early exits again."
    lecture(paragraphs=[{"title": "A", "text": text}, {"title": "B", "text": text}])

    html = page_of(client)

    assert html.count('href="/glossary/#early-exit"') == 1
    assert (
        '<a href="/glossary/#early-exit" aria-describedby="t-en-early-exit">early exit</a>' in html
    )
    assert 'role="tooltip" id="t-en-early-exit">What early exit means.' in html


def test_words_inside_other_words_are_left_alone() -> None:
    linker = Linker(Glossary([term("gate", "门"), term("gating function", "门控函数")]))

    assert "<a" not in linker.linked_text("A gateway, delegates, de-gate.")
    assert ">Gates</a>" in linker.linked_text("Gates <open>.")


def test_the_first_mention_of_a_method_in_a_section_leads_to_its_page(
    client: Client, first: object
) -> None:
    method("msdnet", "MSDNet", first)
    text = "MSDNet keeps scales; MSDNet again, MSDNets and MSDNet-2 are others."
    lecture(paragraphs=[{"title": "A", "text": text}, {"title": "B", "text": text}])

    html = page_of(client)

    assert html.count('<a class="method" href="/methods/msdnet/">MSDNet</a>') == 2
    assert "MSDNet again, MSDNets and MSDNet-2" in html


def test_a_citation_names_the_method_once_in_a_section(client: Client, first: object) -> None:
    method("msdnet", "MSDNet", first)
    lecture(
        paragraphs=[
            {"title": "A", "text": "Scales are kept [@first] and used [@first]."},
            {"title": "B", "text": "MSDNet keeps scales [@first]."},
        ]
    )

    html = page_of(client)

    link = '<a class="method" href="/methods/msdnet/">MSDNet</a>'
    assert f'({link}, <a href="/papers/first/" title="Exits">Byron et al. 2018</a>)' in html
    assert f"{link} keeps scales" in html
    assert html.count(link) == 2


def test_a_paper_of_two_methods_is_cited_as_a_paper(client: Client, first: object) -> None:
    method("one", "OneNet", first)
    method("two", "TwoNet", first)
    lecture()

    assert 'class="method"' not in page_of(client)


def test_a_name_that_is_a_word_is_a_method_only_beside_its_paper(
    client: Client, first: object
) -> None:
    method("quest", "Quest", first)
    method("act", "ACT", first)
    beside = "Quest asks pages and ACT stops [@first]."
    lecture(
        paragraphs=[
            {"title": "A", "text": "Quest for speed, an ACT of will."},
            {"title": "B", "text": beside, "title_zh": "乙", "zh": "而Quest询问页 [@first]。"},
        ]
    )

    html = page_of(client, "?text=both")

    assert "<p>Quest for speed, an ACT of will." in html.replace("\n", "").replace("  ", "")
    assert html.count('href="/methods/quest/">Quest</a>') == 2
    assert html.count('href="/methods/act/">ACT</a>') == 1


def test_a_name_of_several_methods_is_the_one_whose_paper_is_cited(
    client: Client, first: object
) -> None:
    method("dynconv", "DynConv", first)
    method("dynconv-kernels", "DynConv", make.paper("Kernels", key="kernels"))
    lecture(
        paragraphs=[
            {"title": "A", "text": "DynConv masks [@first]."},
            {"title": "B", "text": "DynConv is two."},
        ]
    )

    html = page_of(client)

    assert html.count('class="method"') == 1
    assert 'href="/methods/dynconv/">DynConv</a> masks' in html


def test_a_method_of_a_hidden_paper_is_no_link(client: Client) -> None:
    method("msdnet", "MSDNet", make.paper("Secret", key="secret", state="hidden"))
    lecture(paragraphs=[{"title": "A", "text": "MSDNet keeps scales."}])

    html = page_of(client)

    assert "MSDNet keeps scales." in html and "/methods/msdnet/" not in html


def test_chinese_is_shown_when_asked_for(client: Client, first: object) -> None:
    lecture()

    assert "早退节省计算" not in page_of(client)
    both = page_of(client, "?text=both")
    assert "早退节省计算" in both and "saves layers" in both
    assert "saves layers" not in page_of(client, "?text=zh")
    assert "saves layers" in page_of(client, "?text=x")


def test_a_text_says_who_wrote_it_and_what_is_unconfirmed(client: Client, first: object) -> None:
    lecture(hardware="Fast.", unconfirmed=["hardware"], figure="early-exit")

    html = page_of(client)

    assert "Drafted by a machine" in html
    assert "unconfirmed: the note on hardware." in " ".join(html.split())
    assert 'aria-labelledby="figure-early-exit-title' in html


def test_a_topic_without_a_text_is_a_page(client: Client) -> None:
    make.topic("Early exiting")
    assert client.get("/topics/early-exiting/").status_code == 200


def test_the_text_stands_in_the_api(client: Client, first: object) -> None:
    lecture()
    make.topic("Other")

    told = client.get("/api/v1/topics/early-exiting/").json()["lecture"]

    assert told["by"] == "machine"
    assert told["paragraphs"][0]["text"].startswith("An early exit saves")
    assert client.get("/api/v1/topics/other/").json()["lecture"] is None


def test_the_glossary_is_searched_in_both_languages(client: Client) -> None:
    term()
    term("token merging", "词元合并", variants_zh=["标记合并"])

    for typed, en in (("exit", "early exit"), ("合并", "token merging"), ("标记", "token merging")):
        html = client.get("/glossary/", {"q": typed}).content.decode()
        assert f"<dt>{en}" in html.replace("\n", "").replace("  ", ""), typed
        assert html.count("<dt>") == 1
    assert "No word holds" in client.get("/glossary/?q=zebra").content.decode()
    assert 'id="early-exit"' in client.get("/glossary/").content.decode()


def test_the_glossary_in_the_api(client: Client) -> None:
    term(note="Varies.")

    (row,) = client.get("/api/v1/glossary/?q=早退").json()["results"]

    assert row["zh"] == "早退" and row["note"] == "Varies." and row["unconfirmed"] is True


def test_every_figure_is_in_the_gallery_and_a_file(client: Client) -> None:
    html = client.get("/figures/").content.decode()
    svg = client.get("/figures/early-exit.svg")

    assert 'src="/figures/early-exit.svg"' in html
    assert svg.headers["Content-Type"].startswith("image/svg+xml")
    assert client.get("/figures/nothing.svg").status_code == 404
