"""How well it is told whether a paper belongs to the field, on years that were not learnt from.

    python -m benchmarks.belonging LISTS            # measure
    python -m benchmarks.belonging LISTS --fit      # and write papers/watch/field_weights.json

LISTS: a git directory of papercopilot/paperlists, which has titles and abstracts of whole
conferences; nothing of it is kept here but the fitted weights. A paper of such a list belongs if it
is one of fixtures/papers (by title); every other paper of the same list does not. Both have their
texts from the same place, so that no style gives them away. Papers that belong and are missing here
count as wrong, so precision is a lower bound. Others are sampled, and each stands for as many as
were left out. Few papers of a conference belong; `--abstracts` adds those that were found
elsewhere (JSON: key of the paper to [{"title", "abs"}]), so that recall rests on hundreds.
Precision depends on how much of what comes belongs, so it is told for several shares.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

ROOT = Path(__file__).resolve().parent.parent
LISTS = {
    "aaai": (2022,),
    "acl": (2021, 2022),
    "colm": (2024, 2025),
    "corl": (2021, 2022, 2023, 2024, 2025),
    "cvpr": (2017, 2018, 2019),
    "eccv": (2018, 2020, 2022),
    "iccv": (2017, 2019),
    "iclr": (2017, 2018),
    "icml": (2017, 2018, 2019),
    "ijcai": (2020, 2021, 2022, 2023, 2024),
    "kdd": (2023, 2024),
    "naacl": (2021, 2022, 2024),
    "nips": (2016, 2017, 2018),
    "wacv": (2020, 2021, 2022, 2023, 2024, 2025),
    "www": (2024, 2025),
}
"""Those that a partial copy of the repository has: the largest files are often left out."""
LEARNT_UNTIL = 2024
OTHERS_LEARNT = 110
OTHERS_TESTED = 260
LONGEST = 900  # characters; the encoder reads about as many
STRENGTH = 1.0
SHARE_IN_INBOX = 0.2
"""Of what queries by the words of the field bring, for turning a score into a chance."""
SEED = 20


@dataclass(frozen=True)
class Row:
    """One paper. stands_for: how many of its list it represents; 0 for one of no list."""

    year: int
    text: str
    belongs: bool
    stands_for: float


def main() -> None:
    """Print the table; write the weights if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lists", type=Path)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--abstracts", type=Path, help="more papers that belong")
    parser.add_argument("--kept", type=Path, help="where vectors are kept")
    wanted = parser.parse_args()
    rows, vectors = _vectors(wanted.lists, wanted.abstracts, wanted.kept)
    years = np.array([row.year for row in rows])
    belongs = np.array([row.belongs for row in rows])
    weights = np.array([row.stands_for for row in rows])
    learnt, earlier = years <= LEARNT_UNTIL, years < LEARNT_UNTIL
    print(
        f"{belongs[learnt].sum()} that belong and {(~belongs[learnt]).sum()} others until "
        f"{LEARNT_UNTIL}; after: {belongs[~learnt].sum()} and {(~belongs[~learnt]).sum()}, the "
        f"latter for {weights[~learnt & ~belongs].sum():.0f}"
    )
    last = learnt & ~earlier
    before = _scores(_fitted(vectors[earlier], belongs[earlier]), vectors[last])
    scores = _scores(_fitted(vectors[learnt], belongs[learnt]), vectors[~learnt])
    test = belongs[~learnt], weights[~learnt]
    print(f"area under the curve {roc_auc_score(test[0], scores, sample_weight=_even(*test)):.3f}")
    in_lists = float(weights[~learnt & belongs].sum() / weights[~learnt & ~belongs].sum())
    for share in (0.5, 0.2, 0.05, in_lists):
        weighed = _weighed(*test, share)
        precision, recall, _ = best_recall(0.95, scores, test[0], weighed)
        cut = best_recall(
            0.95, before, belongs[last], _weighed(belongs[last], weights[last], share)
        )[2]
        then = at_threshold(cut, scores, test[0], weighed)
        print(
            f"{share:.1%} of what comes belongs: recall {recall:.3f} at {precision:.1%} precision; "
            f"with the threshold of {LEARNT_UNTIL} precision {then[0]:.3f}, recall {then[1]:.3f}"
        )
    if wanted.fit:
        weighed = _weighed(*test, SHARE_IN_INBOX)
        _write(_fitted(vectors, belongs), rows, scores, (test[0], weighed))


def _weighed(
    belongs: NDArray[np.bool_], weights: NDArray[np.float64], share: float
) -> NDArray[np.float64]:
    """Weights under which `share` of all belongs."""
    others = weights[~belongs].sum()
    return np.where(belongs, others * share / (1 - share) / belongs.sum(), weights)


def _even(belongs: NDArray[np.bool_], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return _weighed(belongs, weights, 0.5)


def _fitted(vectors: NDArray[np.float32], belongs: NDArray[np.bool_]) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=3000).fit(vectors, belongs)


def _scores(model: LogisticRegression, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    return model.decision_function(vectors)


def curve(
    scores: NDArray[np.float64], belongs: NDArray[np.bool_], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Precision and recall when everything down to each score is taken, best score first."""
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(weights[order] * belongs[order])
    taken = np.cumsum(weights[order])
    return right / taken, right / max(right[-1], 1e-9), scores[order]


def best_recall(share, scores, belongs, weights) -> tuple[float, float, float]:
    """The largest recall at which precision is at least `share`: precision, recall, score."""
    precision, recall, ordered = curve(scores, belongs, weights)
    good = np.flatnonzero(precision >= share)
    if not len(good):
        return float(precision.max()), 0.0, float("inf")
    return float(precision[good[-1]]), float(recall[good[-1]]), float(ordered[good[-1]])


def at_threshold(cut, scores, belongs, weights) -> tuple[float, float]:
    """Precision and recall of taking everything from `cut` on."""
    taken = scores >= cut
    right = float(np.sum(weights[taken & belongs]))
    whole = float(np.sum(weights[taken]))
    return (right / whole if whole else 1.0), right / float(np.sum(weights[belongs]))


def _write(model, rows, scores, test) -> None:
    """Weights, and a slope and shift that turn a score into a chance at SHARE_IN_INBOX."""
    belongs, weights = test
    chance = LogisticRegression(C=1e6).fit(scores[:, None], belongs, sample_weight=weights)
    target = ROOT / "papers" / "watch" / "field_weights.json"
    target.write_text(
        json.dumps(
            {
                "fitted_by": "benchmarks/belonging.py",
                "encoder": _encoder_name(),
                "papers": len(rows),
                "belonging": sum(row.belongs for row in rows),
                "slope": round(float(chance.coef_[0][0]), 5),
                "shift": round(float(chance.intercept_[0]), 5),
                "intercept": round(float(model.intercept_[0]), 5),
                "weights": [round(float(weight), 4) for weight in model.coef_[0]],
            }
        )
        + "\n"
    )
    print(f"wrote {target.relative_to(ROOT)}")


# --- the rows and their vectors ---


def _vectors(
    lists: Path, abstracts: Path | None, kept: Path | None
) -> tuple[list[Row], NDArray[np.float32]]:
    if kept and kept.exists():
        with np.load(kept, allow_pickle=False) as stored:
            fields = zip(
                stored["year"].tolist(),
                stored["belongs"].tolist(),
                stored["stands"].tolist(),
                strict=True,
            )
            return [Row(y, "", b, s) for y, b, s in fields], stored["vectors"]
    rows = _rows(lists)
    rows += _more(abstracts, {row.text for row in rows}) if abstracts else []
    vectors = _encoder().encode([row.text for row in rows])
    if kept:
        np.savez_compressed(
            kept,
            vectors=vectors,
            year=[row.year for row in rows],
            belongs=[row.belongs for row in rows],
            stands=[row.stands_for for row in rows],
        )
    return rows, vectors


def _encoder():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
    import django

    django.setup()
    from papers.search.meaning import encoder

    return encoder.load()


def _encoder_name() -> str:
    from papers.search.meaning import encoder

    return encoder.DEFAULT


def _rows(lists: Path) -> list[Row]:
    from papers.names import fold

    here = {
        fold(str(yaml.load(path.read_text(), yaml.CSafeLoader)["title"])).replace(" ", "")
        for path in (ROOT / "fixtures" / "papers").glob("*.yaml")
    }
    chance = random.Random(SEED)
    rows: list[Row] = []
    for name, years in LISTS.items():
        for year in years:
            listed = _listed(lists, name, year)
            own = [t for t in listed if fold(t[0]).replace(" ", "") in here]
            others = [t for t in listed if fold(t[0]).replace(" ", "") not in here]
            most = OTHERS_LEARNT if year < LEARNT_UNTIL else OTHERS_TESTED
            chosen = chance.sample(others, min(most, len(others)))
            stands = len(others) / max(1, len(chosen))
            rows += [Row(year, _text(title, text), True, 1.0) for title, text in own]
            rows += [Row(year, _text(title, text), False, stands) for title, text in chosen]
            print(f"{name} {year}: {len(own)} of {len(listed)}", flush=True)
    return rows


def _more(path: Path, known: set[str]) -> list[Row]:
    """Papers of fixtures/papers with abstracts of other lists, one row each."""
    rows = []
    for key, entries in json.loads(path.read_text()).items():
        entry, year = entries[0], re.search(r"\d{4}", key)
        text = _text(entry["title"], entry["abs"])
        if year and text not in known and len(entry["abs"]) > 200:
            rows.append(Row(int(year[0]), text, True, 0.0))
    return rows


def _text(title: str, abstract: str) -> str:
    return f"{title}. {abstract}"[:LONGEST]


def _listed(lists: Path, name: str, year: int) -> list[tuple[str, str]]:
    """Titles and abstracts of a conference's accepted papers, where it has an abstract."""
    shown = subprocess.run(
        ["git", "--git-dir", str(lists), "show", f"HEAD:{name}/{name}{year}.json"],
        capture_output=True,
    )
    if shown.returncode:
        return []
    return [
        (entry["title"], entry["abstract"])
        for entry in json.loads(shown.stdout)
        if entry.get("title")
        and len(entry.get("abstract") or "") > 200
        and entry.get("status") not in ("Reject", "Withdraw", "Desk Reject")
    ]


if __name__ == "__main__":
    main()
