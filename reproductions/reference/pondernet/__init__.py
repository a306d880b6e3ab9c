"""PonderNet: halting as a probability, and a prior on how long to think."""
