"""How wide a layer is: slimmable widths, channel gates, paths of a supernet."""

from __future__ import annotations

from itertools import pairwise

from kb.figures.drawing import HUE, Drawing
from kb.figures.figure import figure


@figure(
    "slimmable-widths",
    "Slimmable widths",
    height=180,
    caption="One set of weights runs at several widths: the first channels of every layer.",
    alt="Three copies of the same network of four layers are drawn as columns of eight"
    " channels. In the first only the lowest quarter of the channels is filled, in the"
    " second half of them, in the third all. The filled part is always the lowest one, so"
    " the weights of the narrow network are a corner of those of the wide one, and memory"
    " stays contiguous.",
)
def slimmable_widths(d: Drawing) -> None:
    for copy, (used, name) in enumerate(((2, "1/4 wide"), (4, "1/2 wide"), (8, "full"))):
        x = 14 + copy * 118
        active = {(column, row) for column in range(4) for row in range(8 - used, 8)}
        d.grid(x, 16, 4, 8, 15, active)
        d.text(x + 30, 154, name)
        d.line([(x, 137), (x + 60, 137)], colour=HUE)
    d.note(180, 174, "the lowest channels first, in every layer")


@figure(
    "channel-gating",
    "Channel gating",
    height=190,
    caption="A small gate looks at the input of a layer and switches single channels off.",
    alt="A feature map goes into a convolution with eight channels and, averaged, into a"
    " small gate. The gate gives eight switches. Channels one, three, four and seven are"
    " on and are computed; the other four are off and drawn with broken lines. Another"
    " input would get other switches.",
)
def channel_gating(d: Drawing) -> None:
    on = {0, 2, 3, 6}
    d.box(8, 86, 62, 36, "input x", "plain")
    d.arrow((70, 104), (112, 104))
    d.box(112, 24, 92, 28, "average, MLP", "plain")
    d.arrow((40, 86), (40, 38), (112, 38))
    d.arrow((204, 38), (296, 38), (296, 60), colour=HUE)
    d.note(252, 30, "8 switches")
    for place in range(8):
        x = 118 + place * 28
        d.box(x, 66, 22, 76, str(place + 1), "hue" if place in on else "ghost")
    d.note(228, 160, "channels of the convolution")
    d.note(180, 182, "off for this input: 2, 5, 6, 8")


@figure(
    "routing",
    "Routing in a supernet",
    height=190,
    caption="Each input takes its own path through a grid of blocks.",
    alt="A grid of four columns and three rows of blocks. The rows stand for three scales or"
    " three branches. One input, drawn with a full line, goes through the middle, upper,"
    " upper and middle block. The blocks it does not touch are drawn with broken lines."
    " The decisions at the nodes are made from the features that arrive there.",
)
def routing(d: Drawing) -> None:
    path = (1, 0, 0, 1)
    for column in range(4):
        for row in range(3):
            kind = "hue" if path[column] == row else "ghost"
            d.box(52 + column * 70, 18 + row * 52, 38, 32, kind=kind)
    centres = [(71 + column * 70, 34 + row * 52) for column, row in enumerate(path)]
    d.arrow((12, 86), (52, 86), colour=HUE)
    for (ax, ay), (bx, by) in pairwise(centres):
        d.arrow((ax + 19, ay), (bx - 19, by), colour=HUE)
    d.arrow((centres[-1][0] + 19, 86), (340, 86), colour=HUE)
    d.arrow((90, 86), (122, 86), dashed=True)
    d.arrow((90, 90), (122, 136), dashed=True)
    d.note(180, 182, "full line: the path of this input")


@figure(
    "elastic-network",
    "One network, many budgets",
    height=180,
    caption="An elastic network holds many smaller ones; the budget of the moment picks one.",
    alt="A large square holds three nested squares. The innermost is the smallest network,"
    " the outermost the full one. To the right, three devices with growing budgets point"
    " to the square that fits them. All share the weights of the inner squares, so only"
    " one model is stored.",
)
def elastic_network(d: Drawing) -> None:
    for place, size in enumerate((140, 100, 58)):
        d.box(14, 14 + 140 - size, size, size, kind=("plain", "hue", "solid")[place])
    for name, y, x in (("server", 34, 154), ("phone", 84, 114), ("watch", 128, 72)):
        d.box(266, y - 15, 80, 30, name, "plain")
        d.arrow((266, y), (x, y))
    d.note(200, 172, "nested weights: the small is part of the large")
