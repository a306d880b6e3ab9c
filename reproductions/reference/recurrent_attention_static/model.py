"""The networks beside RAM in Tables 1 and 2 of Mnih et al. (2014), section 4.1.

    FC, 2 layers:             Rect(Linear), Rect(Linear), Linear
    convolutional, 2 layers:  Rect(8 filters of 10x10, stride 5), Rect(Linear to 256), Linear

Both see every pixel of the image at once, wherever the digit is.
"""

from torch import nn

CLASSES = 10
FILTERS, KERNEL, STRIDE = 8, 10, 5
UNITS = 256


def fully_connected(side: int, units: int) -> nn.Sequential:
    """Images (batch, 1, side, side) to scores (batch, 10)."""
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(side * side, units),
        nn.ReLU(),
        nn.Linear(units, units),
        nn.ReLU(),
        nn.Linear(units, CLASSES),
    )


def convolutional(side: int) -> nn.Sequential:
    """Images (batch, 1, side, side) to scores (batch, 10)."""
    map_side = (side - KERNEL) // STRIDE + 1
    return nn.Sequential(
        nn.Conv2d(1, FILTERS, KERNEL, STRIDE),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(FILTERS * map_side * map_side, UNITS),
        nn.ReLU(),
        nn.Linear(UNITS, CLASSES),
    )
