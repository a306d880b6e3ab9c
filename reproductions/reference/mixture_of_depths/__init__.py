"""Mixture-of-Depths: each block takes a few tokens, the others pass by it."""
