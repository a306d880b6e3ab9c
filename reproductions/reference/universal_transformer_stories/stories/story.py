"""What a story is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """facts and question: words in lower case with a space between.

    answer: one word, or several with commas between; a set is in the order of the alphabet.
    """

    facts: tuple[str, ...]
    question: str
    answer: str
