"""This process's open index: one searcher, renewed when the files on disk are."""

from __future__ import annotations

import os
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tantivy import Index, Searcher

from papers.search import fields
from papers.search.fields import Field, Value
from papers.search.words import analysis, index
from papers.search.words.conditions import one_of

LATE_SECONDS = 10.0


@dataclass(frozen=True)
class View:
    """One state of the index; answers from it agree with each other.

    deleted: papers that left the index but still stand in its counts of words.
    """

    index: Index
    searcher: Searcher
    where: Path
    stamp: tuple[int, int]
    sizes: dict[str, int]
    deleted: int
    _unseen: dict[tuple[str, ...], int] = field(default_factory=dict, compare=False)
    _values: dict[str, dict[str, Value | None]] = field(default_factory=dict, compare=False)
    _spelt: dict[str, dict[int, dict[str, int]]] = field(default_factory=dict, compare=False)
    _abbreviations: list[frozenset[str]] = field(default_factory=list, compare=False)

    def unseen(self, states: Sequence[str]) -> int:
        """How many papers a count of words may hold that are in none of these states."""
        key = tuple(states)
        if key not in self._unseen:
            answer: Any = self.searcher.search(one_of("state", key), 1, count=True)
            self._unseen[key] = self.searcher.num_docs - (answer.count or 0) + self.deleted
        return self._unseen[key]

    def values(self, field: Field, keys: Collection[str]) -> list[Value]:
        """Those of the keys that the site knows as values of a field, in the field's own order.

        Read once for each state of the index: what a value is called stands in the index of its
        papers too, so both are renewed together.
        """
        known = self._values.setdefault(field.name, {})
        missing = [key for key in keys if key not in known]
        if missing and field.by_count:  # has no order of its own
            read = {value.key: value for value in field.known(missing)}
            known.update(dict.fromkeys(missing) | read)
        elif missing:
            wanted = list(dict.fromkeys([*known, *keys]))
            read = {value.key: value for value in field.known(wanted)}
            known.clear()
            known.update(read | {key: None for key in wanted if key not in read})
        wanted_keys = set(keys)
        return [value for key, value in known.items() if value and key in wanted_keys]

    def has_name(self, keys: Collection[str]) -> bool:
        """Whether any paper may be called so: keys of names as papers.names gives them. Nearly no
        question is a name, and every question is looked up; here that takes no round trip."""
        return any(self.searcher.doc_freq("name", key) for key in keys)

    def abbreviations(self) -> frozenset[str]:
        """What venues are called in one word, folded: iclr, nips. Read once for each state."""
        if not self._abbreviations:
            spoken = (
                name
                for value in fields.get("venue").known()
                for name in (value.label, *value.names)
            )
            words = (analysis.name_words(name) for name in spoken if " " not in name)
            self._abbreviations.append(frozenset(word for own in words for word in own))
        return self._abbreviations[0]

    def spelt(self, letter: str, length: int) -> dict[str, int]:
        """Words of so many letters, the first of which is this, and how many papers have each."""
        if letter not in self._spelt:
            by_length: dict[int, dict[str, int]] = {}
            for word, count in self.searcher.terms_with_prefix("spelling", letter):
                if word.isalpha():
                    by_length.setdefault(len(word), {})[word] = count
            self._spelt[letter] = by_length
        return self._spelt[letter].get(length, {})


_view: View | None = None
_owner = 0
_lock = threading.Lock()


def view() -> View:
    """The newest state of the index. Raises index.Unusable if there is none to trust.

    Costs some file stats: a file that is shorter than it was when mapped must not be read.
    """
    global _view, _owner
    with _lock:
        try:
            where = index.current_folder()
            fresh = _view if _owner == os.getpid() and _view and _view.where == where else None
            _view = _renewed(fresh, where)
        except index.Unusable:
            _view = None
            raise
        _owner = os.getpid()
        return _view


def forget() -> None:
    """Close the searcher; the next view opens the index again."""
    global _view
    with _lock:
        _view = None


def _renewed(old: View | None, where: Path) -> View:
    stamp = _stamp(where)
    if old and old.stamp == stamp and _unchanged(old):
        return old
    for _ in range(3):  # the writer may tidy files away between two looks
        stamp = _stamp(where)
        try:
            sizes = index.segment_files(where)
            opened = index.open_index(where)
            opened.config_reader("manual")
            opened.reload()
            searcher, deleted = opened.searcher(), index.deleted(where)
            if _stamp(where) != stamp:  # that was the number of another state: assume the worst
                deleted = searcher.num_docs
            return View(opened, searcher, where, stamp, sizes, deleted)
        except index.Unusable:
            if _stamp(where) == stamp:
                raise
    raise index.Unusable("the index is being written faster than it can be read")


def _stamp(where: Path) -> tuple[int, int]:
    try:
        status = (where / "meta.json").stat()
    except OSError as error:
        raise index.Unusable("the index folder is gone") from error
    return status.st_mtime_ns, status.st_ino


def _unchanged(old: View) -> bool:
    try:
        where = f"{old.where}{os.sep}"  # paths as objects would cost more than asking for them
        return all(os.stat(where + name).st_size == size for name, size in old.sizes.items())  # noqa: PTH116
    except OSError:
        return False


def index_health() -> tuple[str, float | None, str]:
    """State (ok, catching up, being built), seconds since it last followed, a few words."""
    try:
        now = view()
    except index.Unusable as reason:
        return "being built", None, f"index being built: {reason}"
    behind = index.seconds_behind(now.where)
    age = None if behind is None else round(behind, 1)
    state = "ok" if behind is not None and behind < LATE_SECONDS else "catching up"
    return state, age, f"{now.searcher.num_docs} papers"
