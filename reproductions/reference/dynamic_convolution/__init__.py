"""Layers whose channels or kernels depend on the input: SE, ECA, SK, CondConv, DyConv, ODConv."""
