"""Our own figures: each a short program that draws an idea of the field."""

from kb.figures import depth, experts, language, space, time, training, weights, width
from kb.figures.figure import FIGURES, Figure, figure_named

__all__ = [
    "FIGURES",
    "Figure",
    "depth",
    "experts",
    "figure_named",
    "language",
    "space",
    "time",
    "training",
    "weights",
    "width",
]
