"""Lists of the data files: checked, loaded, brought up to date, left alone where people edited."""

from __future__ import annotations

from pathlib import Path

import pytest

from community.models import ListPlacement, PublicList
from community.public_lists import editing
from community.public_lists.shipped import check_lists, load_lists
from papers.data_files import Report
from tests import make

SHIPPED = Path(__file__).resolve().parents[2] / "fixtures"
TEXT = """Nets / 网络

<!-- a reading list of the Living Survey -->

- [Papers](#papers)

# Papers
(num) 2019 = 1, 2018 = 1,
| **Date** | **Paper** | **Focused On** | **Notes** |
| --- | --- | --- | --- |
| 2019 ICML | More nets |  |  |
| 2018 ICLR | Dense networks of many scales | exits |  |

----
"""


def folder(tmp_path: Path, text: str = TEXT) -> Path:
    (tmp_path / "lists").mkdir(exist_ok=True)
    (tmp_path / "lists" / "nets.md").write_text(text, "utf-8")
    return tmp_path


def load(path: Path, *, overwrite: bool = False) -> Report:
    report = Report()
    check_lists(path, report)
    assert not report.problems
    load_lists(path, report, overwrite)
    return report


def test_the_shipped_lists_are_in_order() -> None:
    report = Report()
    check_lists(SHIPPED, report)
    assert report.problems == []
    assert report.total("read") >= 2


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("(num) 2019 = 1, 2018 = 1,", "(num) 2019 = 7,", "as it would be written again"),
        ("# Papers\n", "# Papers\nwords\n", "text of the section"),
        ("<!-- a reading list of the Living Survey -->", "", "own format"),
        ("- [Papers]", "Licence: mine\n\n- [Papers]", "unknown licence"),
    ],
)
def test_a_slip_in_a_file_is_named(tmp_path: Path, before: str, after: str, problem: str) -> None:
    report = Report()
    check_lists(folder(tmp_path, TEXT.replace(before, after)), report)
    assert any(problem in text for text in report.problems)


@pytest.mark.django_db
def test_loading_again_changes_nothing_and_a_changed_file_is_followed(tmp_path: Path) -> None:
    make.paper("Dense Networks of Many Scales", key="dense2018")
    assert load(folder(tmp_path)).total("new") == 1
    assert ListPlacement.objects.get(paper__key="dense2018").focus == "exits"
    assert load(tmp_path).total("same") == 1
    shorter = TEXT.replace("2019 = 1, ", "").replace("| 2019 ICML | More nets |  |  |\n", "")
    load(folder(tmp_path, shorter))
    assert [row.title for row in ListPlacement.objects.all()] == ["Dense networks of many scales"]


@pytest.mark.django_db
def test_what_people_changed_here_stays_until_the_files_shall_win(tmp_path: Path) -> None:
    load(folder(tmp_path))
    chosen = PublicList.objects.get(slug="nets")
    curator = make.member("cat", "curators")
    editing.change_entry(chosen.placements.get(title="More nets"), by=curator, notes="mine")
    changed = folder(tmp_path, TEXT.replace("exits", "gates"))
    assert load(changed).kept == ["list nets"]
    load(changed, overwrite=True)
    assert set(chosen.placements.values_list("focus", "notes")) == {("", "mine"), ("gates", "")}
