"""Lists go out as files and come back the same, byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.models import User
from community.list_files.folder import is_list
from community.list_files.markdown import read_markdown
from community.list_files.own_format import counts_line, escape, unescape, write_own
from community.list_files.shapes import Entry, Link, ListFile, Section
from community.models import ListPlacement, PublicList
from community.public_lists import taking_in
from community.public_lists.reading import file_of, parted, read_list
from tests import make
from tests.public_lists import files

TEXT = st.text(alphabet="ab早 |*_[](){}<>\\`#&;:.,-–+~!$%'\"1é/=", max_size=24).map(
    lambda text: " ".join(text.split())
)
TITLE = TEXT.filter(bool)


@st.composite
def lists(draw: st.DrawFn) -> ListFile:
    names = draw(st.lists(TITLE, min_size=1, max_size=3, unique=True))
    paths = [(names[0],), *((names[0], name) for name in names[1:])]
    sections = [Section(path, introduction=draw(TEXT)) for path in paths]
    entries = [
        Entry(
            title=draw(TITLE),
            section=draw(st.sampled_from([(), *paths])),
            authors=tuple(draw(st.lists(st.sampled_from(["A. B", "李 明", "C*D"]), max_size=2))),
            printed_date=draw(TEXT),
            focus=draw(TEXT),
            notes=draw(TEXT),
            links=(Link("paper", "pdf", "https://a.org/(x)|y"),) if draw(st.booleans()) else (),
        )
        for _ in range(draw(st.integers(0, 4)))
    ]
    entries.sort(key=lambda entry: [(), *paths].index(entry.section))
    return ListFile(title=draw(TITLE), introduction=draw(TEXT), sections=sections, entries=entries)


@given(lists(), st.booleans())
def test_what_is_written_read_and_written_again_is_the_same(made: ListFile, bullets: bool) -> None:
    once = write_own(made, bullets=bullets)
    read = read_markdown(once)
    assert write_own(read, bullets=bullets) == once
    told = [(e.title, e.focus, e.notes, e.section, e.printed_date) for e in read.papers]
    meant = [(e.title, e.focus, e.notes, e.section, e.printed_date) for e in made.entries]
    assert told == meant


@given(st.text(max_size=40))
@example(r"a\|b_c *d* [[e]](f) &amp; #")
def test_escaped_text_comes_back(text: str) -> None:
    assert unescape(escape(text)) == text


def test_counts_are_computed_the_newest_first() -> None:
    entries = [Entry(title="x", year=year) for year in (2018, 2021, 2021)]
    assert counts_line(entries) == "(num) 2021 = 2, 2018 = 1,"
    assert counts_line([Entry(title="x")]) == ""


@pytest.mark.parametrize(
    ("heading", "titles"),
    [
        ("Early exit / 早退", ("Early exit", "早退")),
        ("早退", ("早退", "")),
        ("SW/HW Co-Design", ("SW/HW Co-Design", "")),
        ("Compiler / Runtime", ("Compiler / Runtime", "")),
    ],
)
def test_headings_of_two_languages_are_parted(heading: str, titles: tuple[str, str]) -> None:
    assert parted(heading) == titles


def export(chosen: PublicList, *, bullets: bool = False) -> str:
    return write_own(file_of(chosen, read_list(chosen, None)), bullets=bullets)


def taken_in(text: str, by: User, slug: str = "") -> PublicList:
    return taking_in.take_in(taking_in.read_texts({"README.md": text}), by=by, slug=slug)


@pytest.mark.django_db
@pytest.mark.parametrize("text", [files.SEED, files.SISTER])
@pytest.mark.parametrize("bullets", [False, True])
def test_export_import_export_is_equal(text: str, bullets: bool) -> None:
    files.papers()
    mia = make.member()
    first = export(taken_in(text, mia), bullets=bullets)
    assert export(taken_in(first, mia), bullets=bullets) == first


@pytest.mark.django_db
def test_the_seed_table_comes_out_as_it_went_in() -> None:
    files.papers()
    text = export(taken_in(files.SEED, make.member()))
    assert text.startswith("Materials of nets / 网络资料\n")
    assert (
        "## 早退\n(num) 2020 = 1, 2018 = 1,\n| **Date** | **Paper** | **Focused On** | **Notes** |\n"
        "| --- | --- | --- | --- |\n"
        "| 2018 ICML | Dense networks of many scales | 早退，减少20%~30%计算 | read |\n"
    ) in text
    assert "[[paper]](https://a.org/f.pdf) [[code]](https://github.com/a/b)" in text
    assert "# Classification\n* 样本自适应\n  * 早退机制\n" in text


@pytest.mark.django_db
def test_taking_in_again_changes_nothing() -> None:
    files.papers()
    mia = make.member()
    chosen = taken_in(files.SEED, mia)
    before = (chosen.revision, chosen.changes.count(), list(chosen.placements.values()))
    read = taking_in.read_texts({"README.md": files.SEED})
    plan = taking_in.plan(read, viewer=mia, into=chosen)
    again = taking_in.take_in(read, by=mia, into=chosen)
    assert plan.effects == {"same": 2}
    assert (again.revision, again.changes.count(), list(again.placements.values())) == before


@pytest.mark.django_db
def test_a_row_that_was_changed_in_the_file_is_changed_and_a_new_one_added() -> None:
    mia = make.member()
    chosen = taken_in(files.SEED, mia)
    text = (
        files.SEED.replace("| read |", "| twice |")
        + "\n## New\n- [More nets](https://arxiv.org/abs/2201.05125) 2022\n"
    )
    taking_in.take_in(taking_in.read_texts({"README.md": text}), by=mia, into=chosen)
    notes = list(chosen.placements.order_by("position").values_list("title", "notes"))
    assert notes[0] == ("Dense networks of many scales", "twice")
    assert [title for title, _ in notes][-1] == "More nets"
    assert chosen.sections.filter(title="New").exists()


@pytest.mark.django_db
def test_a_repeated_row_is_left_and_told() -> None:
    text = files.SEED.replace(
        "| 2020 ACL", "| 2018 ICML | Dense Networks of Many Scales | | |\n| 2020 ACL"
    )
    plan = taking_in.plan(taking_in.read_texts({"README.md": text}), viewer=None)
    assert plan.effects == {"added": 2, "left": 1}
    assert [left.why for left in plan.left][-1] == "stands in this section already"


@pytest.mark.django_db
def test_sections_without_papers_stay_when_their_table_waits_for_some() -> None:
    titles = set(taken_in(files.SEED, make.member()).sections.values_list("title", flat=True))
    assert titles == {"Papers", "Survey", "早退"}


@pytest.mark.django_db
def test_an_edit_of_the_preview_wins_over_the_file() -> None:
    read = taking_in.read_texts({"README.md": files.SEED})
    edits = {"0": {"title": "Nets of scales", "section": ["Deep", "Deeper"]}, "1": {"leave": True}}
    chosen = taking_in.take_in(read, by=make.member(), edits=edits)
    (row,) = chosen.placements.select_related("section__parent")
    assert (row.title, str(row.section), str(row.section and row.section.parent)) == (
        "Nets of scales",
        "Deeper",
        "Deep",
    )


@pytest.mark.django_db
def test_arrived_papers_are_tied_once() -> None:
    chosen = taken_in(files.SEED, make.member())
    files.papers()
    assert (taking_in.link_arrived(), taking_in.link_arrived()) == (1, 0)
    assert ListPlacement.objects.get(public_list=chosen, position=1).paper


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (files.SEED, True),
        ("Survey:\n  list:\n    - title: Networks that adapt\n", True),
        ("* **Nets** (ICLR 2018) [[pdf]](https://a.org/x.pdf)\n* **More** (ICLR 2019) [[pdf]](https://a.org/y.pdf)\n", True),
        ("@misc{a, title={One | two}, author={A B}}", False),
        ("1. A. Bee. Nets of scales. ICLR, 2018.\n2. C. Dee. More nets. ICML, 2019.", False),
        ("1703.09844\n10.1109/TPAMI.2021.3117837", False),
        ("[1] A. Bee, “Nets”, 2018", False),
    ],
)  # fmt: skip
def test_what_is_a_list_and_what_a_bibliography(text: str, is_one: bool) -> None:
    assert is_list(text) is is_one
