"""Digits above and below the line, which Unicode has as characters of their own. Pure."""

from __future__ import annotations

BELOW = "₀₁₂₃₄₅₆₇₈₉"
ABOVE = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_BELOW = str.maketrans("0123456789", BELOW)
_ABOVE = str.maketrans("0123456789", ABOVE)


def lowered(digits: str) -> str:
    """2 as ₂."""
    return digits.translate(_BELOW)


def raised(digits: str) -> str:
    """2 as ²."""
    return digits.translate(_ABOVE)
