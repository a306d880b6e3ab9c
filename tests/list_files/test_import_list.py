"""`import_list`: a line for each paper, beside the record, and everything else told."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from community.models import PublicList
from papers.models import Paper
from tests import make

pytestmark = pytest.mark.django_db

LIST = """Materials

## 早退
| **Date** | **Paper** | **Focused On** | **Notes** |
| --- | --- | --- | --- |
| 2021  |  |  |  |
| 2018 ICML | Multi-scale dense networks for resource efficient image classification | exits | |
| 2020 ACL | FastNet: a Self-distilling Net with Adaptive Inference Time | | |
- [Gradients for Width](https://arxiv.org/abs/2201.05125) 2022
- [Growing Tiny Nets](https://arxiv.org/abs/2201.05125) 2024
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "README.md"
    path.write_text(LIST, "utf-8")
    return path


def lines(path: Path, *options: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("import_list", str(path), "--json", "--dry-run", *options, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_entries_are_matched_and_differences_told(file: Path) -> None:
    make.venue("ICML")
    paper = make.paper(
        "Multi-Scale Dense Networks for Resource Efficient Image Classification",
        key="huang2018multi",
    )
    known, new, *conflicts, summary = lines(file)
    assert (known["status"], known["matched"]) == ("here", paper.key)
    assert known["warnings"] == ["the list says ICML 2018, the paper here says ICLR 2018"]
    assert (new["status"], new["matched"], new["venue"]) == ("new", None, "ACL")
    assert [row["status"] for row in conflicts] == ["conflict", "conflict"]
    assert summary["entries"] == summary["recognised"] == 4
    assert [row["why"] for row in summary["told"]] == ["a row of the template, without a paper"]


def test_reading_writes_nothing(file: Path) -> None:
    before = Paper.objects.count()
    lines(file)
    assert Paper.objects.count() == before


def test_a_list_is_made_of_an_account_and_filled_again_without_change(file: Path) -> None:
    make.member("mia")
    for _ in range(2):
        call_command(
            "import_list", str(file), "--by", "mia", "--slug", "nets", stdout=io.StringIO()
        )
    made = PublicList.objects.get(slug="nets")
    assert (made.state, made.placements.count(), made.changes.count()) == ("draft", 4, 1)


def test_nothing_is_written_without_an_account(file: Path) -> None:
    with pytest.raises(CommandError, match="--by"):
        call_command("import_list", str(file), stdout=io.StringIO())
    assert not PublicList.objects.exists()


def test_a_path_without_a_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no Markdown file"):
        call_command("import_list", str(tmp_path))
