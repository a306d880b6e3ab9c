"""Deformable convolution: each filter decides at each place where to look."""
