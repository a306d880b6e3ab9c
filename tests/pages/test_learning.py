"""Texts of topics, glossary, reading paths and figures as readers see them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from community.models import StepDone
from kb.pages.learning.terms import Linker
from papers.models import Lecture, Method, PathStep, ReadingPath, Term, TimelineEvent
from tests import make

pytestmark = pytest.mark.django_db


def term(en: str = "early exit", zh: str = "早退", **fields: object) -> Term:
    fields.setdefault("meaning_en", f"What {en} means.")
    fields.setdefault("meaning_zh", f"{zh}的意思。")
    return Term.objects.create(slug=en.replace(" ", "-"), en=en, zh=zh, **fields)


def method(slug: str, name: str, paper: Any) -> Method:
    made = Method.objects.create(slug=slug, name=name)
    made.roles.create(paper=paper)
    return made


def lecture(**fields: object) -> Lecture:
    fields.setdefault(
        "paragraphs",
        [
            {
                "title": "The problem",
                "text": "An early exit saves layers [@first; @gone]. It can <err>.",
                "title_zh": "问题",
                "zh": "早退节省计算 [@first]。",
            }
        ],
    )
    fields.setdefault("by", "machine")
    topic = make.topic("Early exiting", zh="早退机制")
    return Lecture.objects.create(topic=topic, **fields)


@pytest.fixture
def first() -> object:
    return make.paper("Exits", key="first", year=2018, authors=["Ada Byron", "B Ce", "D Ef"])


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
    linker = Linker([term("gate", "门"), term("gating function", "门控函数")])

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


# --- glossary ---


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


# --- paths ---


@pytest.fixture
def path(first: object) -> ReadingPath:
    path = ReadingPath.objects.create(
        slug="newcomer", title="In an afternoon", audience="Anybody.", outcome="Know.", by="machine"
    )
    PathStep.objects.create(path=path, slug="a", position=0, why="So.", minutes=50, paper=first)
    PathStep.objects.create(
        path=path, slug="b", position=1, why="So.", minutes=30, title="The map", address="/topics/"
    )
    return path


def test_a_path_shows_steps_and_time_and_no_progress_to_visitors(
    client: Client, path: ReadingPath
) -> None:
    html = client.get("/paths/newcomer/").content.decode()

    assert 'href="/papers/first/"' in html and 'href="/topics/">The map' in html
    assert "about 1 h 20 min" in html
    assert "aria-pressed" not in html.split("<main", 1)[1].split("</main", 1)[0]
    assert "done" not in client.get("/paths/").content.decode().split("<main", 1)[1]


def test_a_member_ticks_a_step_and_takes_it_back(client: Client, path: ReadingPath) -> None:
    mia = make.member("mia")
    client.force_login(mia)

    for _ in range(2):
        response = client.post("/paths/newcomer/a/tick", {"done": "1"})
    assert response.headers["Location"] == "/paths/newcomer/#a"
    assert "1 done" in " ".join(client.get("/paths/").content.decode().split())
    other = make.member("bob")
    assert StepDone.objects.filter(user=mia).count() == 1
    assert not StepDone.objects.filter(user=other).exists()

    client.post("/paths/newcomer/a/tick", {"done": "0"})
    assert not StepDone.objects.exists()


def test_a_tick_says_how_far_one_is_and_what_comes_next(client: Client, path: ReadingPath) -> None:
    client.force_login(make.member("mia"))
    steps = list(path.steps.all())
    before = " ".join(client.get("/paths/newcomer/").content.decode().split())
    assert f"0 of {len(steps)} done. Begin with" in before and 'id="tick-a"' in before

    answers = [
        client.post(
            f"/paths/newcomer/{step.slug}/tick", {"done": "1"}, headers={"HX-Request": "true"}
        )
        for step in steps
    ]

    first, last = (" ".join(a.content.decode().split()) for a in (answers[0], answers[-1]))
    assert "<html" not in first and 'aria-pressed="true"' in first
    assert 'hx-swap-oob="true"' in first and f"1 of {len(steps)} done. Go on with" in first
    assert "That was all of it." in last
    assert "go on</a>" not in client.get("/paths/").content.decode()


def test_visitors_cannot_tick(client: Client, path: ReadingPath) -> None:
    response = client.post("/paths/newcomer/a/tick", {"done": "1"})

    assert response.headers["Location"].startswith("/accounts/login/")
    assert not StepDone.objects.exists()


def test_a_step_whose_paper_is_hidden_says_nothing_of_it(
    client: Client, path: ReadingPath, first: object
) -> None:
    first.state = "hidden"  # type: ignore[attr-defined]
    first.save()  # type: ignore[attr-defined]

    html = client.get("/paths/newcomer/").content.decode()

    assert "Exits" not in html and "A record that is not public" in html
    (told,) = client.get("/api/v1/paths/").json()["results"]
    assert told["steps"][0]["paper"] is None


def test_paths_cost_the_same_queries_for_any_number_of_steps(
    client: Client, path: ReadingPath, django_assert_num_queries: Any
) -> None:
    for place in range(2, 6):
        paper = make.paper(f"Paper {place}")
        PathStep.objects.create(
            path=path, slug=f"s{place}", position=place, why="So.", minutes=5, paper=paper
        )

    for address, number in (("/paths/", 3), ("/paths/newcomer/", 4), ("/api/v1/paths/", 3)):
        with django_assert_num_queries(number):
            client.get(address)


# --- figures ---


def test_every_figure_is_in_the_gallery_and_a_file(client: Client) -> None:
    html = client.get("/figures/").content.decode()
    svg = client.get("/figures/early-exit.svg")

    assert 'src="/figures/early-exit.svg"' in html
    assert svg.headers["Content-Type"].startswith("image/svg+xml")
    assert client.get("/figures/nothing.svg").status_code == 404


# --- doors ---


def test_the_door_to_learning_leads_to_texts_paths_words_figures_and_steps(
    client: Client, path: ReadingPath
) -> None:
    lecture()
    term(usage_varies=True)
    TimelineEvent.objects.create(year=2018, domain="model", title="Exits begin", why="So.")

    html = " ".join(client.get("/learn/").content.decode().split())
    main = html.split("<main", 1)[1].split("</main", 1)[0]

    assert (
        '<a href="/topics/early-exiting/">Early exiting</a> <span class="tiny quiet" lang="zh">'
        in main
    )
    assert "1 text. 1 of them stand in Chinese too." in main
    assert '<a href="/paths/newcomer/">In an afternoon</a>' in main and "· 0 done" not in main
    assert 'href="/glossary/#early-exit"' in main and "Exits begin" in main
    assert main.count('class="drawing"') == 3
    assert 'href="/learn/" aria-current="page"' in html.split("<main", 1)[0]


def test_the_door_goes_on_where_a_member_stopped(client: Client, path: ReadingPath) -> None:
    client.force_login(make.member("mia"))
    client.post("/paths/newcomer/a/tick", {"done": "1"})

    main = client.get("/learn/").content.decode().split("<main", 1)[1]

    assert '<a href="/paths/newcomer/#b">Go on with In an afternoon</a>' in main
    assert "1 of 2 done" in main
    client.post("/paths/newcomer/b/tick", {"done": "1"})
    assert "Go on with" not in client.get("/learn/").content.decode()


def test_a_step_of_a_hidden_paper_stays_behind_the_door(client: Client) -> None:
    paper = make.paper("Secret", state="hidden")
    TimelineEvent.objects.create(year=2018, domain="model", title="Hush", why="So.", paper=paper)

    assert "Hush" not in client.get("/learn/").content.decode()


@pytest.mark.parametrize("door", ["learn", "decide", "contribute"])
def test_a_door_of_an_empty_site_opens_in_both_languages(client: Client, door: str) -> None:
    for prefix in ("", "/zh"):
        assert client.get(f"{prefix}/{door}/").status_code == 200


def test_every_word_of_the_menu_and_of_the_front_page_s_doors_leads_to_a_page(
    client: Client,
) -> None:
    make.topic("Early exiting")
    for home in ("/", "/zh/"):
        html = client.get(home).content.decode()
        menu = html.split("<nav aria-label", 1)[1].split("</nav>", 1)[0]
        parts = [menu, html.split('class="doors"', 1)[1].split("halves", 1)[0]]
        parts.append(html.split("<footer", 1)[1].split("</footer", 1)[0])
        addresses = {one for part in parts for one in re.findall(r'href="(/[^"?#]*)', part)}
        assert len(addresses) > 20
        answers = {address: client.get(address).status_code for address in addresses}
        assert {a for a, status in answers.items() if status not in (200, 302)} == set(), answers
