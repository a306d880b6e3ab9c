"""Adaptive mixtures of local experts, on vowels."""
