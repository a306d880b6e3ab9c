"""Adaptive Computation Time over sequences: logic, addition and sorting with an LSTM."""
