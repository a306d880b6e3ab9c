"""Sparsely gated mixture of experts: noisy top-k gating and the losses that balance it."""
