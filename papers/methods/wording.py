"""A method in words: one sentence from its attributes, and labels of its words."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext

from papers.methods import words
from papers.models import Method


def label(attribute: str, value: str) -> str:
    """The word as pages show it."""
    if attribute == "batching":
        return words.BATCHING.get(value, value)
    if attribute == "family":
        return words.FAMILIES[value][0] if value in words.FAMILIES else value
    return words.CHOICES.get(attribute, {}).get(value, value)


def labels(method: Method, attribute: str) -> list[str]:
    """All words of an attribute as pages show them."""
    values = getattr(method, attribute)
    values = values if isinstance(values, list) else [values] if values else []
    return [label(attribute, value) for value in values]


def definition(method: Method) -> str:
    """What adapts, for what, by what decision, how trained and how it batches; empty if nothing is
    known. "Adapts depth for each sample; decided by confidence; training: Gumbel softmax." """
    parts = []
    if method.adapts:
        what = _listed(labels(method, "adapts"))
        each = [label("granularity", value) for value in _told_for_each(method)]
        if each:
            units = _listed(each, "or")
            parts.append(gettext("adapts {what} for each {each}").format(what=what, each=units))
        else:
            parts.append(gettext("adapts {what}").format(what=what))
    if method.decision:
        who = _listed(labels(method, "decision"), "or")
        parts.append(gettext("decided by {who}").format(who=who))
    if method.training:
        how = _listed(labels(method, "training"), "and")
        parts.append(gettext("training: {how}").format(how=how))
    if method.batching:
        parts.append(str(label("batching", method.batching)))
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _told_for_each(method: Method) -> list[str]:
    """For what is decided, but where what adapts says that already."""
    named_already = "token" if "layers-per-token" in method.adapts else ""
    return [value for value in method.granularity if value != named_already]


def _listed(texts: Sequence[str], last: str = "and") -> str:
    shown = [str(text) for text in texts]
    if len(shown) < 2:
        return "".join(shown)
    word = gettext("and") if last == "and" else gettext("or")
    return f"{', '.join(shown[:-1])} {word} {shown[-1]}"
