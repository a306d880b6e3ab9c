"""Words that must never be read by those they are not for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

VISITOR, STRANGER, OWNER, CURATOR, CONFLICTED, MODERATOR, ADMIN = ROLES = (
    "visitor",
    "stranger",
    "owner",
    "curator",
    "conflicted",
    "moderator",
    "admin",
)
"""visitor: nobody signed in. stranger: a member who wrote nothing. owner: a member who wrote all
contributions of the world and sent all its files. conflicted: a moderator who claims to be the
author of the papers that the world's contributions are about. The others hold the role of that
name."""

SCRIPT = "<img src=x onerror=alert(1)>\"'"
_WORD = re.compile(r"zq[a-z]{4}kanari")

EVERYONE = frozenset(ROLES)
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Canary:
    """`text` stands in one field of one object in one state; only `readers` may meet it."""

    text: str
    place: str
    readers: frozenset[str]
    shown: bool = True


@dataclass
class Cage:
    """All canaries of a world."""

    canaries: list[Canary] = field(default_factory=list)
    _by_word: dict[str, Canary] = field(default_factory=dict)

    def plant(self, place: str, *readers: str, shown: bool = True, markup: bool = True) -> str:
        """A new word for `place`, for `readers` only; letters only, so that no code changes it.

        shown: some page shows it to one of them, and the matrix makes sure of that.
        markup: with a script behind it, which no page may run.
        """
        number = len(self.canaries)
        letters = "".join(chr(ord("a") + int(digit)) for digit in f"{number:04d}")
        canary = Canary(f"Zq{letters}kanari", place, frozenset(readers), shown)
        self.canaries.append(canary)
        self._by_word[canary.text.lower()] = canary
        return canary.text + (SCRIPT if markup else "")

    def words_in(self, text: str) -> set[str]:
        """All canaries that stand in `text`, in whatever case."""
        return {canary.text for canary in self._in(text)}

    def met(self, role: str, text: str) -> list[str]:
        """Places of the canaries that stand in `text` although `role` may not read them."""
        return [canary.place for canary in self._in(text) if role not in canary.readers]

    def _in(self, text: str) -> list[Canary]:
        words = dict.fromkeys(_WORD.findall(text.lower()))
        return [self._by_word[word] for word in words if word in self._by_word]
