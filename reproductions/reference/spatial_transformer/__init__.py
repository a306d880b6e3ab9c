"""Spatial transformers: a network that turns, moves and scales each digit before it reads it."""
