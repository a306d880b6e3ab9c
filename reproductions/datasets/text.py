"""Text to model: the King James Bible, the Penn Treebank, WikiText."""

from dataclasses import dataclass
from pathlib import Path

from reproductions.protocol import DataMissing

from .files import all_checked, checked, named

KING_JAMES_MD5 = "347edc0f3658f7bfc979db479f2a3dcb"
"""Of ``bible -f gen1:1-rev22:21`` as the Debian package bible-kjv prints it."""

PENN_TREEBANK = {
    "ptb.train.txt": "f26c4b92c5fdc7b3f8c7cdcb991d8420",
    "ptb.valid.txt": "aa0affc06ff7c36e977d7cd49e3839bf",
    "ptb.test.txt": "8b80168b89c18661a38ef683c0dc3721",
}


@dataclass(frozen=True)
class Text:
    """Three parts of one text."""

    train: str
    validation: str
    test: str


def king_james(folder: Path | None) -> Text:
    """The Bible of 1611, in the public domain: 4.1 million characters, one verse a line.

    Books in their order; every tenth chapter tests, the one after it validates, so that all books
    are in all parts.  Names of verses are left out.  Raises DataMissing.
    """
    whole = checked("king-james.txt", KING_JAMES_MD5, folder, what="King James Bible").decode()
    parts: tuple[list[str], list[str], list[str]] = ([], [], [])
    chapters: list[str] = []
    for line in filter(None, whole.splitlines()):
        place, _, verse = line.partition(" ")
        chapter = place.split(":")[0]
        if not chapters or chapters[-1] != chapter:
            chapters.append(chapter)
        number = len(chapters) % 10
        parts[{0: 2, 1: 1}.get(number, 0)].append(verse.strip())
    train, validation, test = ("\n".join(part) for part in parts)
    return Text(train, validation, test)


def penn_treebank(folder: Path | None) -> Text:
    """Mikolov's preparation in words: ptb.train.txt, ptb.valid.txt, ptb.test.txt.

    The text belongs to the Linguistic Data Consortium: whoever has it brings it.
    """
    files = all_checked(PENN_TREEBANK, folder, what="Penn Treebank")
    return Text(*(files[name].decode() for name in PENN_TREEBANK))


def wikitext(folder: Path | None, *, size: int = 2) -> Text:
    """WikiText-2 or -103 (CC BY-SA): wikitext-<size>/wiki.{train,valid,test}.tokens.

    Known by the articles' headings and the vocabulary (33 278 words for WikiText-2); DataMissing.
    """
    what = f"wikitext-{size}"
    names = [f"wiki.{part}.tokens" for part in ("train", "valid", "test")]
    for place in named(what, folder):
        if all((place / name).is_file() for name in names):
            text = Text(*((place / name).read_text(encoding="utf-8") for name in names))
            _check_wikitext(text, size)
            return text
    raise DataMissing(f"{what}/ with {', '.join(names)}")


_TEST_TOKENS = 245_569
_TRAIN_TOKENS = {2: 2_088_628, 103: 103_227_021}
"""Words with one end-of-sentence token a line, as the data set's paper counts them."""


def _check_wikitext(text: Text, size: int) -> None:
    counted = {"test": (text.test, _TEST_TOKENS), "train": (text.train, _TRAIN_TOKENS[size])}
    for part, (content, expected) in counted.items():
        tokens = len(content.split()) + content.count("\n")
        if tokens != expected:
            raise DataMissing(f"wikitext-{size}: {expected} tokens in {part}, not {tokens}")
