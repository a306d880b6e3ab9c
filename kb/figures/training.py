"""How hard decisions are trained, and how a threshold is set."""

from __future__ import annotations

import math

from kb.figures.drawing import HUE, Drawing
from kb.figures.figure import figure


@figure(
    "straight-through",
    "Straight-through gate",
    height=190,
    caption="Forward the gate is a hard step; backward it is treated as if it were smooth.",
    alt="Two charts. In the forward one the gate is a step: below zero it gives zero, above"
    " it gives one. In the backward one the gradient that is used instead is that of a"
    " smooth function, a hump around zero. The estimate is biased, but it has low variance"
    " and is simple.",
)
def straight_through(d: Drawing) -> None:
    for x in (20, 200):
        d.axes(x, 130, 136, 92, "score", "gate" if x == 20 else "gradient used")
    d.curve([(20, 129), (86, 129), (86, 60), (146, 60)])
    hump = [
        (200 + place, 129 - 66 * math.exp(-(((place - 66) / 24) ** 2)))
        for place in range(0, 130, 5)
    ]
    d.curve(hump)
    d.text(88, 168, "forward: hard")
    d.text(268, 168, "backward: smooth")
    d.note(180, 186, "the two do not belong together: a bias")


@figure(
    "gumbel-softmax",
    "Gumbel noise and temperature",
    height=190,
    caption="Noise is added to the scores, a softmax softens the choice; cooling makes it hard.",
    alt="Three charts of columns for a choice among four options. At a high temperature the"
    " columns are nearly even. At a middle one, one of them stands out. At a low one it is"
    " nearly one and the others nearly zero: almost a hard choice. All three are smooth in"
    " the scores, so gradients can flow; with less temperature they vary more.",
)
def gumbel_softmax(d: Drawing) -> None:
    scores = (1.0, 2.2, 0.4, 1.4)
    for place, temperature in enumerate((5.0, 1.0, 0.2)):
        powers = [math.exp(score / temperature) for score in scores]
        heights = [96 * power / sum(powers) for power in powers]
        x = 22 + place * 114
        d.bars(x, 126, heights, width=16)
        d.line([(x - 6, 126), (x + 82, 126)])
        d.text(x + 38, 146, f"heat {temperature:g}")
    d.arrow((30, 162), (330, 162))
    d.note(180, 182, "cooled while training")


@figure(
    "policy-gradient",
    "Decisions by reinforcement",
    height=170,
    caption="The decision is sampled; if it led to a good, cheap answer it becomes more likely.",
    alt="A policy looks at the input and draws an action: which blocks to run. The network"
    " runs so and gives an answer. A reward is computed: right or wrong, minus the cost."
    " It goes back to the policy and makes the drawn action more or less likely. No"
    " gradient passes through the decision; the estimate is unbiased but varies much.",
)
def policy_gradient(d: Drawing) -> None:
    d.box(10, 36, 62, 36, "policy", "hue")
    d.arrow((72, 54), (112, 54))
    d.note(92, 46, "draw")
    d.box(112, 36, 96, 36, "network", "plain")
    d.arrow((208, 54), (246, 54))
    d.box(246, 36, 104, 36, "right? cost?", "plain")
    d.arrow((298, 72), (298, 112), (41, 112), (41, 74), colour=HUE)
    d.note(170, 130, "reward = right minus cost")
    d.note(170, 158, "no gradient through the drawn action")


@figure(
    "threshold",
    "One threshold, many budgets",
    height=200,
    caption="Moving the confidence threshold moves the same network along its accuracy and cost.",
    alt="A chart with mean cost across and accuracy upward. A curve rises and flattens. Three"
    " points on it belong to three thresholds of the same network: a low threshold, cheap"
    " and less accurate; a middle one; a high one, dear and most accurate. Separate static"
    " networks are drawn as hollow points near the curve. The threshold must be set on"
    " data of its own, not on the test set.",
)
def threshold(d: Drawing) -> None:
    d.axes(30, 156, 312, 118, "mean cost", "accuracy")
    curve = [(46 + place, 150 - 100 * (1 - math.exp(-place / 90))) for place in range(0, 270, 6)]
    d.curve(curve)
    for place, name in ((30, "0.5"), (96, "0.8"), (220, "0.95")):
        y = 150 - 100 * (1 - math.exp(-place / 90))
        d.dot(46 + place, y, 6)
        d.text(46 + place, y - 12, name)
    for x, y in ((92, 138), (170, 100), (290, 66)):
        d.dot(x, y, 5, "plain")
    d.note(186, 144, "hollow: static networks", "start")
    d.note(180, 194, "numbers: thresholds on confidence")


@figure(
    "exit-training",
    "Training several exits",
    height=180,
    caption="All exits are trained together; their losses pull on the same early layers.",
    alt="A backbone of three blocks with an exit after each. The losses of all three are"
    " added with weights. Broken arrows show the gradients: the first block gets those of"
    " all three exits, the last block only its own. Because early exits want class"
    " features too soon, the deep exit may suffer; other schemes stop, scale or order the"
    " gradients, or let the deep exit teach the others.",
)
def exit_training(d: Drawing) -> None:
    for place in range(3):
        x = 40 + place * 104
        d.box(x, 26, 70, 34, f"block {place + 1}", "hue")
        d.arrow((x - 34 if place else 8, 43), (x, 43))
        d.arrow((x + 24, 60), (x + 24, 96))
        d.arrow((x + 46, 96), (x + 46, 62), dashed=True, colour=HUE)
        d.box(x + 2, 98, 66, 28, f"loss {place + 1}", "plain")
    for place in (1, 2):
        x = 40 + place * 104
        d.arrow((x, 34), (x - 34, 34), dashed=True, colour=HUE)
    d.note(180, 148, "broken: gradients, added up on the way back")
    d.note(180, 170, "block 1 serves three masters")
