"""Records that cannot be believed are named, one fault at a time."""

from __future__ import annotations

import copy
import json
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from reproductions import registry
from reproductions.judging.judge import RULES_VERSION, judge_run
from reproductions.judging.manifest import load_manifest
from reproductions.judging.rules import Verdict
from reproductions.protocol import Measure
from reproductions.published import published
from reproductions.runs.history import History, commit, lost_commits
from reproductions.runs.shipped import digest
from reproductions.runs.verification import verify

RECORDS = settings.FIXTURES_DIR / "runs"
NAME = "skip_rnn-exact-0.json"


def git(root: Path, *words: str) -> str:
    identity = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.org"]
    done = subprocess.run(
        ["git", *identity, *words], cwd=root, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path):
    """A repository with the shared code and one program as they are today, committed."""
    root = tmp_path / "repository"
    for folder in ("protocol", "reference/skip_rnn"):
        for path in (registry.folder().parent / folder).iterdir():
            if path.suffix in (".py", ".toml"):
                copied = root / "reproductions" / folder / path.name
                copied.parent.mkdir(parents=True, exist_ok=True)
                copied.write_bytes(path.read_bytes())
    git(tmp_path, "init", "--quiet", str(root))
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "Promise")
    return root


@pytest.fixture
def record(repository):
    """The shipped record of that program as if it had run in that commit."""
    made = json.loads((RECORDS / NAME).read_text(encoding="utf-8"))[-1]
    made["code"] = {
        **registry.hashes(registry.program("skip_rnn")),
        "commit": git(repository, "rev-parse", "HEAD"),
        "dirty": False,
    }
    made["supersedes"] = None
    made["verdict_rule"] = RULES_VERSION
    measures = [Measure(**row) for row in made["measurements"]]
    made["claims"] = [
        {
            "claim": judged.claim,
            "verdict": str(judged.verdict),
            "measured": {"value": judged.measured},
            "reason": judged.reason,
        }
        for judged in judge_run(load_manifest("skip_rnn"), published(), measures, scale="exact")
        if judged.verdict is not Verdict.NOT_RUN
    ]
    return made


def report(tmp_path, repository, *records):
    folder = tmp_path / "runs"
    folder.mkdir(exist_ok=True)
    (folder / NAME).write_text(json.dumps(list(records)), encoding="utf-8")
    lost_commits.cache_clear()
    return verify(folder, History(repository))


def test_a_record_of_committed_code_with_its_own_values_is_believed(tmp_path, repository, record):
    found = report(tmp_path, repository, record)

    assert (found.problems, found.in_history, found.judged) == ([], 1, 1)


def test_a_commit_that_no_history_holds_is_a_problem_unless_it_is_known_to_be_lost(
    tmp_path, repository, record
):
    record["code"]["commit"] = "1" * 40

    assert report(tmp_path, repository, record).problems == [
        f"{NAME}, record 1: commit 111111111111 is not in the history"
    ]
    (tmp_path / "runs" / "lost_commits.txt").write_text(f"{'1' * 40} rewritten\n")
    found = report(tmp_path, repository, record)
    assert found.problems == []
    assert f"{NAME}, record 1: commit 111111111111 is lost (rewritten)" in found.notes


def test_a_commit_beside_the_history_does_not_count(tmp_path, repository, record):
    git(repository, "checkout", "--quiet", "-b", "elsewhere")
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "Aside")
    record["code"]["commit"] = git(repository, "rev-parse", "HEAD")
    git(repository, "checkout", "--quiet", "-")

    assert "is not in the history" in report(tmp_path, repository, record).problems[0]


def test_a_manifest_that_was_changed_after_the_commit_is_a_problem(tmp_path, repository, record):
    manifest = repository / "reproductions/reference/skip_rnn/claims.toml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace("budget_seconds = 30", "budget_seconds = 31"))
    git(repository, "commit", "--quiet", "--all", "--message", "Promise something else")
    record["code"]["commit"] = git(repository, "rev-parse", "HEAD")

    assert report(tmp_path, repository, record).problems == [
        f"{NAME}, record 1: manifest_sha256 is not that of the manifest in its commit"
    ]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("reproductions/reference/skip_rnn/model.py", "program_sha256"),
        ("reproductions/protocol/cost.py", "protocol_sha256"),
    ],
)
def test_code_that_is_not_that_of_the_commit_is_a_problem(tmp_path, repository, record, path, name):
    with (repository / path).open("a") as code:
        code.write("# another line\n")
    git(repository, "commit", "--quiet", "--all", "--message", "Count otherwise")
    record["code"]["commit"] = git(repository, "rev-parse", "HEAD")

    assert report(tmp_path, repository, record).problems == [
        f"{NAME}, record 1: {name} is not that of the code in its commit"
    ]


def test_a_commit_without_the_manifest_is_a_problem(tmp_path, repository, record):
    git(repository, "rm", "--quiet", "reproductions/reference/skip_rnn/claims.toml")
    git(repository, "commit", "--quiet", "--message", "Promise nothing")
    record["code"]["commit"] = git(repository, "rev-parse", "HEAD")

    (problem,) = report(tmp_path, repository, record).problems
    assert "holds no manifest" in problem


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda code: code.update(dirty=True), "its code was not committed when it ran"),
        (lambda code: code.pop("commit"), "names no commit"),
    ],
)
def test_a_record_of_code_that_nobody_can_get_is_a_problem(
    tmp_path, repository, record, change, problem
):
    change(record["code"])

    assert report(tmp_path, repository, record).problems == [f"{NAME}, record 1: {problem}"]


def test_verdicts_are_concluded_again_from_the_values(tmp_path, repository, record):
    better = copy.deepcopy(record)
    claim = next(claim for claim in better["claims"] if claim["verdict"] == "outside")
    claim["verdict"] = "exact"
    moved = copy.deepcopy(record)
    moved["measurements"][0]["value"] *= 1 + 1e-9

    (problem,) = report(tmp_path, repository, better).problems
    assert problem.endswith(f"{claim['claim']} is stated exact and comes out outside")
    (problem,) = report(tmp_path, repository, moved).problems
    assert problem.endswith("is stated as another value than its measurements give")


def test_a_record_that_was_taken_out_or_changed_breaks_the_chain(tmp_path, repository, record):
    later = {**record, "supersedes": digest(record)}
    assert report(tmp_path, repository, record, later).problems == []

    problems = report(tmp_path, repository, later).problems
    assert problems == [f"{NAME}: a record does not name the one that it supersedes"]


def test_a_shallow_clone_says_what_it_cannot_look_at(tmp_path, repository, record):
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "Later")
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{repository}", "shallow")

    found = report(tmp_path, tmp_path / "shallow", record)

    assert (found.problems, found.in_history) == ([], 0)
    assert "a shallow clone: commits that it lacks were not looked at" in found.notes


def test_outside_a_repository_there_is_no_history(tmp_path):
    assert History.here(tmp_path) is None
    assert commit(tmp_path) == {}


def test_the_shipped_records_can_be_believed():
    assert verify(RECORDS, History.here()).problems == []


def test_a_number_that_was_corrected_since_is_noted_and_no_fault(tmp_path, repository, record):
    claim = next(claim for claim in record["claims"] if claim["claim"] == "cost-lstm")
    claim["verdict"] = "outside"
    assert len(report(tmp_path, repository, record).problems) == 1
    claim["reported"] = {
        "paper": "campos2018skip",
        "setting": "adding task, LSTM: inference cost",
        "metric": "macs",
        "value": 9.99,
        "unit": "M",
    }

    found = report(tmp_path, repository, record)

    assert found.problems == []
    assert any("printed numbers corrected since: cost-lstm" in note for note in found.notes)
