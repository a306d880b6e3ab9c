"""Slimmable and universally slimmable networks: one set of weights, many widths."""
