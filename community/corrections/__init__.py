"""Corrections: members propose, curators decide, nothing is overwritten silently."""
