"""Papers compared with one question: by the files of this machine, by PostgreSQL where these have
not (yet) what is to be compared."""

from __future__ import annotations

from collections.abc import Collection

from papers.search.meaning import nearest
from papers.search.meaning.nearest import Vector, Work
from papers.search.meaning.vector_file import VectorFile, vector_file


class Compared:
    """The papers of one search and their nearness to its question."""

    def __init__(self, vector: Vector) -> None:
        self.vector = vector
        self._file: VectorFile | None = vector_file(len(vector))
        self._places: dict[int, int] = {}  # in the file
        self._elsewhere: set[int] | None = None  # papers whose vectors PostgreSQL alone has

    def cosines(
        self, wanted: Collection[int], also: Collection[int] = (), *, meanwhile: Work | None = None
    ) -> dict[int, float]:
        """Cosine of each of the papers that has a vector. also: papers that passages may be asked
        of. meanwhile: called while PostgreSQL works; must not use the database."""
        if self._file is None:
            return nearest.cosines(self.vector, wanted, meanwhile=meanwhile)
        texts = nearest.texts_read([*wanted, *also], meanwhile=meanwhile)
        self._places = self._file.places(texts)
        self._elsewhere = texts.keys() - self._places.keys()
        here = [pk for pk in wanted if pk in self._places]
        places = [self._places[pk] for pk in here]
        cosines = dict(zip(here, self._file.cosines(self.vector, places), strict=True))
        away = self._elsewhere.intersection(wanted)
        return cosines | nearest.cosines(self.vector, away) if away else cosines

    def best_passages(
        self, wanted: Collection[int], *, meanwhile: Work | None = None
    ) -> dict[int, float]:
        """Cosine of the best passage of each of the papers that has any, of those that `cosines`
        was called with. meanwhile: called while PostgreSQL works, if it is asked at all."""
        if self._file is None or self._elsewhere is None:
            return nearest.best_passages(self.vector, wanted, meanwhile=meanwhile)
        here = [pk for pk in wanted if pk in self._places]
        best = self._file.best_passages(self.vector, [self._places[pk] for pk in here])
        passages = {pk: one for pk, one in zip(here, best, strict=True) if one is not None}
        away = self._elsewhere.intersection(wanted)
        if away:
            passages |= nearest.best_passages(self.vector, away, meanwhile=meanwhile)
        return passages
