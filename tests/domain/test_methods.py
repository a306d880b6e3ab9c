"""Methods in the data files, in rows and back, and what papers have of them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from papers.curation.editing import CannotWrite, checked, fields_of, write_fields
from papers.data_files import check_catalogue, load_catalogue
from papers.history.reading import changes_of
from papers.methods import words
from papers.methods.of_papers import papers_with
from papers.models import Method, Paper
from tests import make

ROOT = Path(__file__).resolve().parents[2] / "fixtures"
FILES = sorted((ROOT / "methods").glob("*.yaml"))


@pytest.fixture(scope="module")
def files() -> list[dict]:
    return [yaml.load(path.read_bytes(), yaml.CSafeLoader) for path in FILES]


def test_methods_name_methods_and_papers_that_exist(files: list[dict]) -> None:
    slugs = {method["slug"] for method in files}
    keys = {path.stem for path in (ROOT / "papers").glob("*.yaml")}
    for method in files:
        for name in ("extends", "answers", "compared_with"):
            assert set(method.get(name, [])) <= slugs - {method["slug"]}, method["slug"]
        for name in ("introduced_by", "improved_by"):
            assert set(method.get(name, [])) <= keys, method["slug"]


def test_every_attribute_says_where_it_comes_from(files: list[dict]) -> None:
    for method in files:
        known = {name for name in (*words.LABELS, "improved_by") if method.get(name)}
        assert set(method.get("from_memory", [])) <= known, method["slug"]
        assert set(method.get("unconfirmed", [])) <= set(method.get("from_memory", []))
        assert method["sources"]


def test_what_a_method_is_called_is_a_name_of_the_paper_that_introduces_it(
    files: list[dict],
) -> None:
    from papers.names import name_key

    for method in files:
        wanted = {name_key(name) for name in (method["name"], *method.get("aliases", []))}
        for key in method["introduced_by"]:
            paper = yaml.load((ROOT / "papers" / f"{key}.yaml").read_bytes(), yaml.CSafeLoader)
            assert wanted & {name_key(row["name"]) for row in paper["names"]}, method["slug"]


def test_methods_are_in_time(files: list[dict]) -> None:
    year = {method["slug"]: method["year"] for method in files}
    late = [
        f"{method['slug']} ({method['year']}) extends {other} ({year[other]})"
        for method in files
        for other in method.get("extends", [])
        if year[other] > method["year"] + 1  # a preprint of the year before
    ]
    assert late == []


@pytest.mark.parametrize(
    ("backbone", "families"),
    [
        ("ResNet", ["resnet"]),
        ("MobileNetV2", ["mobile"]),
        ("DeiT", ["vit"]),
        ("Llama 2", ["llm"]),
        ("LSTM", ["rnn"]),
        ("ResNet and LSTM", ["resnet", "rnn"]),
        ("DiT", ["diffusion"]),
        ("something else", []),
    ],
)
def test_families_of_backbones(backbone: str, families: list[str]) -> None:
    assert words.families([backbone]) == families


def write(folder: Path, **method: object) -> Path:
    (folder / "methods").mkdir(exist_ok=True)
    path = folder / "methods" / f"{method['slug']}.yaml"
    path.write_text(yaml.safe_dump(method, sort_keys=False))
    return path


def test_a_strange_word_is_named_with_file_and_line(tmp_path: Path) -> None:
    write(tmp_path, slug="gatenet", name="GateNet", adapts=["depht"])

    report = check_catalogue(tmp_path)

    assert report.problems[0].startswith(
        "methods/gatenet.yaml:3: adapts has 'depht'; the words are"
    )


@pytest.mark.django_db
def test_loading_twice_changes_nothing_and_an_edit_here_is_kept(tmp_path: Path) -> None:
    make.paper("Gates", key="gates2018")
    fields = {
        "slug": "gatenet", "name": "GateNet", "introduced_by": ["gates2018"], "adapts": ["depth"],
        "decision": ["learned-gate"], "from_memory": ["adapts", "decision"],
    }  # fmt: skip
    write(tmp_path, **fields)
    load_catalogue(tmp_path)
    method = Method.objects.get()
    write_fields(method, checked("method", {"adapts": ["width"]}, method), source="its paper")

    second = load_catalogue(tmp_path, again=True)

    method.refresh_from_db()
    assert second.kept == ["method gatenet: adapts", *second.kept[1:]]
    assert (second.problems, second.conflicts) == ([], [])
    assert method.adapts == ["width"]
    assert method.origin_of("adapts") == "source"
    assert method.origin_of("decision") == "memory"
    assert fields_of(method)["introduced_by"] == ["gates2018"]
    assert "adapts" in {field.name for change in changes_of(method) for field in change.fields}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [{"extends": ["nowhere"]}, {"introduced_by": ["nobody2000"]}, {"training": ["magic"]}],
)
def test_what_does_not_exist_is_refused(fields: dict) -> None:
    method = Method.objects.create(slug="gatenet", name="GateNet")

    with pytest.raises(CannotWrite):
        checked("method", fields, method)


@pytest.mark.django_db
def test_papers_by_attributes_of_their_methods() -> None:
    def method(name: str, paper: Paper, **fields: object) -> None:
        Method.objects.create(slug=name, name=name, **fields).roles.create(paper=paper)

    first, second, third = (make.paper(title) for title in ("One", "Two", "Three"))
    method("a", first, adapts=["depth"], batching="friendly")
    method("b", second, adapts=["depth", "width"], batching="unfriendly")
    method("c", third, adapts=["tokens"])

    def ids(**attributes: list[str]) -> set[int]:
        return set(papers_with(attributes))

    assert ids(adapts=["depth"]) == {first.pk, second.pk}
    assert ids(adapts=["width", "tokens"]) == {second.pk, third.pk}
    assert ids(adapts=["depth"], batching=["friendly"]) == {first.pk}
    assert ids(adapts=["nothing"]) == set()
    with pytest.raises(KeyError):
        ids(colour=["red"])
