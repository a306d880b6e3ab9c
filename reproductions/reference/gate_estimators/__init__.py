"""Gradients through one hard gate: what each estimator expects, and how much it scatters."""
