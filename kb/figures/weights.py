"""Weights that depend on the input: attention on kernels, dynamic convolution, hypernetworks."""

from __future__ import annotations

from kb.figures.drawing import HUE, Drawing
from kb.figures.figure import figure


@figure(
    "attention-on-weights",
    "Attention on kernels",
    height=190,
    caption="Several kernels are summed with weights that depend on the input; one convolution"
    " runs.",
    alt="The input goes, averaged, into a small attention branch that gives three weights,"
    " 0.2, 0.7 and 0.1, which add to one. Three kernels of the same shape are multiplied"
    " with these weights and added. The input is then convolved once with the sum."
    " Compared with three convolutions whose outputs are added, this costs about a third.",
)
def attention_on_weights(d: Drawing) -> None:
    d.box(8, 136, 58, 32, "input x", "plain")
    d.arrow((37, 136), (37, 60))
    d.box(8, 26, 92, 34, "average,\nsoftmax", "plain")
    for place, share in enumerate(("0.2", "0.7", "0.1")):
        y = 12 + place * 38
        d.arrow((100, 43), (140, y + 15), colour=HUE)
        d.box(140, y, 76, 30, f"{share} · K{place + 1}", "hue")
        d.arrow((216, y + 15), (258, 65))
    d.gate(270, 65, "sum", "plain")
    d.arrow((281, 65), (318, 65), (318, 134))
    d.note(310, 56, "K(x)", "start")
    d.box(262, 136, 92, 32, "x * K(x)", "solid")
    d.arrow((66, 152), (262, 152))
    d.note(160, 146, "one convolution")


@figure(
    "dynamic-convolution",
    "Static and dynamic convolution",
    height=180,
    caption="A static kernel is the same for all inputs; a dynamic one is made anew for each.",
    alt="Upper row: two different inputs, a cat and a car, are convolved with the same"
    " kernel. Lower row: for each of them a kernel of its own is made first, drawn as a"
    " small grid with other cells filled. The size of the layer that is run stays the"
    " same; what grows is the number of stored weights and the small cost of making the"
    " kernel.",
)
def dynamic_convolution(d: Drawing) -> None:
    same = {(0, 0), (1, 1), (2, 2), (1, 0)}
    own = ({(0, 1), (1, 1), (2, 1), (1, 0)}, {(0, 2), (1, 0), (2, 0), (2, 2)})
    for row, name in enumerate(("static", "dynamic")):
        y = 44 + row * 84
        d.text(8, y + 4, name, anchor="start")
        for column, what in enumerate(("cat", "car")):
            x = 84 + column * 140
            d.box(x, y - 16, 44, 32, what, "plain")
            d.arrow((x + 44, y), (x + 68, y))
            d.grid(x + 70, y - 21, 3, 3, 14, own[column] if row else same)
    d.note(216, 86, "the same kernel twice")
    d.note(216, 172, "a kernel for each input")


@figure(
    "hypernetwork",
    "Hypernetwork",
    height=180,
    caption="One network writes the weights of another.",
    alt="Above, a small network takes a description of a layer, a task or the input and puts"
    " out numbers. An arrow leads from it down into the main network below, whose second"
    " layer uses these numbers as its weights. Training changes only the upper network;"
    " gradients flow through the weights that it wrote.",
)
def hypernetwork(d: Drawing) -> None:
    d.box(10, 24, 108, 34, "task, layer or x", "plain")
    d.arrow((118, 41), (146, 41))
    d.box(146, 20, 110, 42, "hypernetwork", "solid")
    d.arrow((201, 62), (201, 112), colour=HUE)
    d.note(208, 92, "weights", "start")
    for place, kind in enumerate(("plain", "hue", "plain")):
        d.box(56 + place * 108, 114, 74, 34, f"layer {place + 1}", kind)
        d.arrow((18 + place * 108 if not place else 22 + place * 108, 131), (56 + place * 108, 131))
    d.arrow((346, 131), (357, 131))
    d.note(190, 170, "main network")


@figure(
    "feature-attention",
    "Attention on features",
    height=170,
    caption="Rescaling channels of a feature map acts like changing the weights for this input.",
    alt="A feature map of six channels is averaged to six numbers. A small network turns them"
    " into six factors between zero and one, drawn as columns of different height. Each"
    " channel is multiplied by its factor. Nothing is skipped: this makes the network"
    " stronger, not cheaper.",
)
def feature_attention(d: Drawing) -> None:
    for place in range(6):
        d.box(14 + place * 13, 26 + place * 5, 54, 54, kind="hue" if place == 5 else "plain")
    d.arrow((136, 76), (168, 76))
    d.bars(174, 110, (40, 62, 14, 55, 24, 46), width=10)
    d.note(214, 128, "factors")
    d.arrow((258, 76), (286, 76))
    d.box(286, 54, 66, 44, "scaled\nchannels", "solid")
    d.note(76, 128, "6 channels")
    d.note(180, 160, "all channels are computed, some count more")
