"""Stories with a question, in the manner of the twenty bAbI tasks (Weston et al. 2015).

Worlds, words and sentences are our own.  A story is drawn together with its answer; the tests
answer each from its sentences alone.
"""

from collections.abc import Callable, Mapping
from random import Random

from . import moving, reasoning
from .story import Story

KINDS: Mapping[str, Callable[[Random], Story]] = {
    "one-fact": moving.one_fact,
    "two-facts": moving.two_facts,
    "three-facts": moving.three_facts,
    "two-arguments": reasoning.two_arguments,
    "three-arguments": moving.three_arguments,
    "yes-no": moving.yes_no,
    "counting": moving.counting,
    "sets": moving.sets,
    "negation": moving.negation,
    "indefinite": moving.indefinite,
    "coreference": moving.coreference,
    "conjunction": moving.conjunction,
    "compound-coreference": moving.compound_coreference,
    "time": moving.time,
    "deduction": reasoning.deduction,
    "induction": reasoning.induction,
    "positions": reasoning.positions,
    "size": reasoning.size,
    "paths": reasoning.paths,
    "motivations": reasoning.motivations,
}
"""The kinds in the order of the tasks 1 to 20."""

__all__ = ["KINDS", "Story"]
