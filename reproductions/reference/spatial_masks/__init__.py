"""Spatial masks: compute only at the pixels that need it (SACT, DynConv)."""
