"""People: index, pages, spellings that may be one person, merging."""

from __future__ import annotations

import pytest
from django.test import Client

from kb.pages import people
from papers.curation.people import CannotMerge, merge_people, same_person_suggestions
from papers.models import AcceptedAuthor, AcceptedPaper, Paper, Person, PersonAlias, ScheduleItem
from papers.models import WorkshopRole as Role
from papers.people_index import PeopleIndex
from tests import make
from tests.markup import flat

pytestmark = pytest.mark.django_db


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return flat(response.content.decode())


def at_workshop(name: str, **fields: object) -> Role:
    workshop = fields.pop("workshop", None) or make.workshop()
    return Role.objects.create(
        workshop=workshop,
        position=0,
        printed_name=name,
        person=make.person(name),
        **{"role": "reviewer", **fields},
    )


def suggested(person: Person) -> list[tuple[str, str, int]]:
    return [(s.person.name, s.difference, s.shared_count) for s in same_person_suggestions(person)]


def test_a_page_tells_papers_roles_talks_and_workshop_papers(client: Client) -> None:
    topic = make.topic("Dynamic depth", parent=make.topic("Instance-wise", slug="instance-wise"))
    make.paper("Zero time waste", authors=["Ada Byron", "Jo March"], topics=[topic], year=2021)
    role = at_workshop("Ada Byron", role="keynote", affiliation="Analytical Society")
    slot = ScheduleItem.objects.create(workshop=role.workshop, position=4, title="On engines")
    make.talk(slot, "Ada Byron")
    accepted = AcceptedPaper.objects.create(workshop=role.workshop, position=0, title="On notes")
    AcceptedAuthor.objects.create(
        accepted=accepted, position=0, printed_name="Ada Byron", person=make.person("Ada Byron")
    )

    html = read(client, "/people/ada-byron/")

    for text in (
        "Zero time waste",
        "Keynote speaker",
        "Analytical Society",
        "On notes",
        "Jo March",
    ):
        assert text in html
    assert f"{role.workshop.get_absolute_url()}#item-5" in html
    assert "First author" in html
    assert "axis-instance" in html
    assert 'href="/feeds/people/ada-byron.atom"' in html
    assert '"@type":"Person"' in html


def test_a_record_grouped_by_printed_name_says_so_until_a_curator_looked(client: Client) -> None:
    make.person("Wei Wang")
    make.person("Ada Byron", curated=True)

    assert "may hold the work of namesakes" in read(client, "/people/wei-wang/")
    verified = read(client, "/people/ada-byron/")
    assert "verified by a curator" in verified and "namesakes" not in verified


def test_hidden_papers_show_neither_on_the_page_nor_in_the_index(client: Client) -> None:
    make.paper("Hidden work", authors=["Ada Byron", "Jo March"], state="hidden")

    make.paper("Open work", authors=["Ada Byron"])

    page, index = read(client, "/people/ada-byron/"), read(client, "/people/?q=byron")

    assert "Hidden work" not in page and "Jo March" not in page
    assert "1 paper" in index and "2 papers" not in index


def test_somebody_known_from_hidden_papers_alone_is_hidden_with_them(client: Client) -> None:
    make.paper("Hidden work", authors=["Jo March"], state="hidden")

    assert client.get("/people/jo-march/").status_code == 404
    assert "Jo March" not in read(client, "/people/")


def test_a_spelling_without_accents_is_offered_and_not_merged(client: Client) -> None:
    plain, accented = make.person("Bartosz Wojcik"), make.person("Bartosz Wójcik", slug="wojcik-2")

    assert suggested(plain) == [("Bartosz Wójcik", "accents or punctuation", 0)]
    html = read(client, "/people/bartosz-wojcik/")
    assert "Possibly the same person" in html and accented.get_absolute_url() in html
    assert Person.objects.living().count() == 2


def test_an_initial_alone_needs_a_co_author_in_common() -> None:
    make.paper("One", authors=["Gao Huang", "Jo March"])
    make.paper("Two", authors=["G. Huang", "Amy March"])
    assert suggested(make.person("Gao Huang")) == []

    make.paper("Three", authors=["G. Huang", "Jo March"])
    assert suggested(make.person("Gao Huang")) == [("G. Huang", "initials", 1)]


def test_two_names_in_one_author_list_are_two_people() -> None:
    make.person("Jan Wójcik", slug="jan-wojcik-2")
    make.paper("Brothers", authors=["Jan Wojcik", "Jan Wójcik"])

    assert suggested(make.person("Jan Wojcik")) == []


@pytest.mark.parametrize("name", ["", "李", "Plato", "%", "-"])
def test_odd_names_have_no_suggestions_and_a_page(client: Client, name: str) -> None:
    person = make.person(name, slug="odd")
    assert suggested(person) == []
    read(client, "/people/odd/")


def test_merging_moves_everything_and_the_old_address_leads_on(client: Client) -> None:
    survivor, other = make.person("Ada Byron"), make.person("Ada K. Byron", orcid="0000-0001")
    make.paper("Both speak", authors=["Ada K. Byron"])
    at_workshop("Ada K. Byron")
    slot = ScheduleItem.objects.create(workshop=make.workshop(), position=0, title="On engines")
    talk = make.talk(slot, "Ada Byron", "Ada K. Byron")

    merge_people(survivor=survivor, other=other, by="curator")
    merge_people(survivor=survivor, other=other, by="curator")

    response = client.get(other.get_absolute_url())
    assert (response.status_code, response["Location"]) == (301, "/people/ada-byron/")
    html = read(client, "/people/ada-byron/")
    assert "Both speak" in html and "Reviewer" in html and "Ada K. Byron" in html
    assert list(talk.speakers.all()) == [survivor]
    assert (survivor.orcid, survivor.curated, len(survivor.sources)) == ("0000-0001", True, 1)
    assert "curator" in survivor.sources[0]
    assert set(PersonAlias.objects.values_list("person", flat=True)) == {survivor.pk}


def test_a_second_merge_takes_along_those_merged_before(client: Client) -> None:
    first, second, third = (make.person(name) for name in ("A Byron", "Ada Byron", "Ada L Byron"))

    merge_people(survivor=second, other=first)
    merge_people(survivor=third, other=second)

    assert client.get("/people/a-byron/")["Location"] == "/people/ada-l-byron/"


def test_merging_refuses_different_orcids_itself_and_records_already_merged() -> None:
    one = make.person("Wei Wang", orcid="0000-0001")
    two = make.person("Wei W. Wang", orcid="0000-0002")
    three, four = make.person("W. Wang"), make.person("Wei-Wei Wang")
    merge_people(survivor=three, other=four)

    for survivor, other in ((one, two), (one, one), (one, four), (four, one)):
        with pytest.raises(CannotMerge):
            merge_people(survivor=survivor, other=other)
    assert Person.objects.living().count() == 3


def names_in(html: str) -> list[str]:
    people = html.split('<ol class="names">', 1)[1].split("</ol>", 1)[0]
    return [part.split("</a>", 1)[0].split(">", 1)[1] for part in people.split("<a ")[1:]]


def test_the_search_folds_accents_and_finds_by_another_spelling(client: Client) -> None:
    make.person("Maciej Wołczyk", slug="wolczyk")
    merged = make.person("M. Wolczyk")
    merge_people(survivor=Person.objects.get(slug="wolczyk"), other=merged)
    make.person("Jo March")

    for query in ("wolczyk", "WOŁCZYK", "maciej wol", "m. wolczyk"):
        assert names_in(read(client, f"/people/?q={query}")) == ["Maciej Wołczyk"]


def test_most_papers_come_first_and_letters_go_by_family_name(client: Client) -> None:
    make.paper("One", authors=["Jo March", "Ada Byron"])
    make.paper("Two", authors=["Ada Byron"])
    make.person("李飞", slug="li")

    assert names_in(read(client, "/people/")) == ["Ada Byron", "Jo March", "李飞"]
    assert names_in(read(client, "/people/?letter=m")) == ["Jo March"]
    assert names_in(read(client, "/people/?letter=other")) == ["李飞"]
    assert names_in(read(client, "/people/?sort=name"))[:2] == ["Ada Byron", "Jo March"]


@pytest.mark.parametrize("query", ["letter=%00", "page=x", "page=999", "sort=rm", "q=%25", "q=[^"])
def test_odd_parameters_of_the_index_are_no_error(client: Client, query: str) -> None:
    make.person("Jo March")
    assert client.get(f"/people/?{query}").status_code == 200


def test_the_index_is_paged_and_keeps_its_state(client: Client) -> None:
    for number in range(95):
        make.person(f"Ada{number} March")

    first = read(client, "/people/?q=march&sort=name")
    second = read(client, "/people/?q=march&sort=name&page=2")

    assert len(names_in(first)) == 90 and len(names_in(second)) == 5
    assert 'rel="next" href="?q=march&amp;sort=name&amp;page=2"' in first


def test_htmx_gets_the_names_alone(client: Client) -> None:
    make.person("Jo March")
    headers = {"HX-Request": "true", "HX-Target": "people"}

    part = client.get("/people/?q=jo", headers=headers).content.decode()

    assert "<html" not in part and names_in(part) == ["Jo March"]


def test_a_name_with_markup_stays_text(client: Client) -> None:
    make.person("</script><b>Jo</b>", slug="odd")

    html = read(client, "/people/odd/")

    assert "<b>Jo</b>" not in html
    assert "\\u003C/script\\u003E" in html


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_needs_the_same_queries_for_any_number(
    client: Client, number: int, django_assert_num_queries
) -> None:
    for one in range(number):
        make.paper(f"Paper {one}", authors=["Ada Byron", f"Co{one} March"])
        at_workshop("Ada Byron")
        make.paper(f"Other {one}", authors=[f"Ada {'BCD'[one]}. Byron"])
    with django_assert_num_queries(13):
        client.get("/people/ada-byron/")


@pytest.mark.parametrize("number", [1, 3])
def test_the_index_needs_the_same_queries_for_any_number(
    client: Client, number: int, django_assert_num_queries
) -> None:
    for one in range(number):
        make.paper(f"Paper {one}", authors=[f"Ada{one} Byron"])
        at_workshop(f"Ada{one} Byron")
    with django_assert_num_queries(3):
        client.get("/people/")


def test_an_unknown_person_is_not_found(client: Client) -> None:
    assert client.get("/people/nobody/").status_code == 404


def test_everybody_stands_in_the_same_order_on_whatever_page(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages count by letters; together they are all people in one order."""
    monkeypatch.setattr(people, "PAGE_LENGTH", 3)
    authors = ["Ada Zhou", "Bo Yu", "Cy Xu", "Di Wu", "Ed Vo", "Flo Ung", "Gus Tu", "Hal Su"]
    for number in range(len(authors)):
        make.paper(f"Paper {number}", key=f"paper{number}", authors=authors[: number + 1])
    hidden = make.paper("Hidden", key="hidden", authors=["Ivy Ro", "Hal Su"])
    Paper.objects.filter(pk=hidden.pk).update(state=Paper.State.HIDDEN)
    everybody = PeopleIndex().page(first=0, most=100, sort="papers")

    wanted = [(row.name, row.paper_count) for row in everybody]
    shown = []
    for number in range(1, 4):
        page = Client().get(f"/people/?page={number}").context["chosen"].values()
        assert page["page"].paginator.count == len(wanted) == 8
        shown += [(row.name, row.paper_count) for row in page["people"]]

    assert shown == wanted
    assert wanted[0] == ("Ada Zhou", 8)
    assert wanted[-1] == ("Hal Su", 1)
