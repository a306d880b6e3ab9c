"""Adaptive Computation Time: a recurrent network that decides how long to think per input."""
