"""A proposal against the record as it is now: field by field, three ways."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from community.models import Correction
from papers.curation.editing import fields_of
from papers.history.reading import NAMES
from papers.history.wording import Piece, in_plain_words, pieces
from papers.records import KINDS


@dataclass(frozen=True)
class Row:
    """One field: what it said when proposed (`base`), says now (`here`), should say."""

    name: str
    base: Any
    here: Any
    proposed: Any

    @property
    def label(self) -> str:
        return NAMES.get(self.name, self.name.replace("_", " "))

    @property
    def is_stale(self) -> bool:
        """Changed since it was proposed, and not to what is proposed."""
        return self.here not in (self.base, self.proposed)

    @property
    def is_done(self) -> bool:
        return bool(self.here == self.proposed)

    @property
    def pieces(self) -> list[Piece]:
        """What accepting would change now."""
        return pieces(self.here, self.proposed)

    @property
    def pieces_since(self) -> list[Piece]:
        """What changed in the record since it was proposed."""
        return pieces(self.base, self.here)

    @property
    def pieces_meant(self) -> list[Piece]:
        """What its author meant to change."""
        return pieces(self.base, self.proposed)

    @property
    def here_in_words(self) -> str:
        return in_plain_words(self.here)

    @property
    def merged(self) -> object:
        """Both changes together where the field is a list of words; else what is proposed."""
        lists = (self.base, self.here, self.proposed)
        if not all(isinstance(v, list) and all(isinstance(x, str) for x in v) for v in lists):
            return self.proposed
        gone = [item for item in self.base if item not in self.proposed]
        kept = [item for item in self.here if item not in gone]
        return kept + [item for item in self.proposed if item not in self.base and item not in kept]


def record_of(correction: Correction) -> Any:
    """The record that the proposal is about; None for a paper that is not made yet."""
    if correction.record_id is None:
        return None
    model = KINDS[correction.record_kind].model
    return model._default_manager.filter(pk=correction.record_id).first()


def rows_of(correction: Correction) -> list[Row]:
    """The proposed fields against the record as it is now."""
    record = record_of(correction)
    merge = correction.kind == Correction.Kind.MERGE
    here = fields_of(record) if record is not None and not merge else {}
    if not correction.is_open:
        here = correction.base
        return [
            Row(name, here.get(name), here.get(name), value)
            for name, value in (correction.written or correction.proposed).items()
        ]
    return [
        Row(name, correction.base.get(name), here.get(name), value)
        for name, value in correction.proposed.items()
    ]


def seen_of(rows: Iterable[Row]) -> str:
    """Names the state of the record that somebody looks at while deciding."""
    plain = {row.name: row.here for row in rows}
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
