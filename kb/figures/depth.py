"""How deep a sample goes: exits, cascades, skipped layers, repeated blocks, halting."""

from __future__ import annotations

from kb.figures.drawing import HUE, Drawing
from kb.figures.figure import figure


@figure(
    "early-exit",
    "Early exit",
    height=190,
    caption="An easy input leaves at the first output that is sure enough; later layers never run.",
    alt="Four blocks stand in a row. After the first, the second and the last block there is"
    " an output. At each of the first two a diamond asks whether the output is sure. For"
    " the easy input the answer is yes at the first output: it leaves there, and the"
    " blocks behind it, drawn with broken lines, are not run. A hard input would go on to"
    " the last output.",
)
def early_exit(d: Drawing) -> None:
    for place, kind in enumerate(("hue", "ghost", "ghost", "ghost")):
        d.box(44 + place * 82, 20, 56, 34, f"block {place + 1}", kind)
        d.arrow((20 + place * 82 if place else 8, 37), (44 + place * 82, 37), dashed=place > 0)
    d.arrow((72, 54), (72, 80))
    d.gate(72, 92, "sure?")
    d.arrow((72, 122), (72, 140))
    d.box(36, 142, 72, 26, "answer 1", "solid")
    d.arrow((83, 92), (113, 92), (113, 58), dashed=True)
    d.note(98, 108, "no", "start")
    d.note(77, 136, "yes", "start")
    d.arrow((154, 54), (154, 80), dashed=True)
    d.gate(154, 92, "sure?", "ghost")
    d.box(124, 142, 72, 26, "answer 2", "ghost")
    d.arrow((318, 54), (318, 142), dashed=True)
    d.box(282, 142, 72, 26, "answer 3", "ghost")
    d.note(236, 160, "not run")


@figure(
    "cascade",
    "Cascade of models",
    height=190,
    caption="Whole models are tried from cheap to dear; the first trusted answer is returned.",
    alt="Three boxes of growing size stand for a small, a middle and a large model. The input"
    " goes to the small model first. A diamond asks whether its answer can be trusted. If"
    " so the answer is returned; if not, the same input starts anew in the next model. The"
    " large model always answers. Nothing is shared between the models, so a hard input"
    " pays for all of them.",
)
def cascade(d: Drawing) -> None:
    d.arrow((4, 66), (20, 66))
    d.box(20, 50, 54, 32, "small", "hue")
    d.arrow((74, 66), (88, 66))
    d.gate(99, 66)
    d.arrow((110, 66), (134, 66))
    d.box(134, 38, 66, 56, "middle", "hue")
    d.arrow((200, 66), (216, 66))
    d.gate(227, 66)
    d.arrow((238, 66), (262, 66), dashed=True)
    d.box(262, 22, 90, 88, "large", "ghost")
    for x, dashed in ((99, True), (227, False), (307, True)):
        d.arrow((x, 77 if x < 300 else 110), (x, 140), dashed=dashed)
    d.box(66, 140, 66, 26, "answer", "ghost")
    d.box(194, 140, 66, 26, "answer", "solid")
    d.box(274, 140, 66, 26, "answer", "ghost")
    d.note(122, 56, "no")
    d.note(250, 56, "no")
    d.note(232, 104, "trusted", "start")


@figure(
    "layer-skipping",
    "Layer skipping",
    height=150,
    caption="A gate before each residual block decides whether the block runs or is passed by.",
    alt="Four blocks stand in a row, each with a gate before it and a way around it. The"
    " first and the third block are run. The gates before the second and the fourth send"
    " the input around them, along the identity connection, so that these blocks cost"
    " nothing. All inputs end at the same output.",
)
def layer_skipping(d: Drawing) -> None:
    d.arrow((2, 80), (12, 80))
    for place in range(4):
        x, run = 23 + place * 83, place % 2 == 0
        d.gate(x, 80)
        d.arrow((x + 11, 80), (x + 24, 80), dashed=not run)
        d.box(x + 24, 64, 40, 32, f"f{place + 1}", "hue" if run else "ghost")
        d.line([(x + 64, 80), (x + 72, 80)], dashed=not run)
        d.arrow((x, 69), (x, 36), (x + 72, 36), (x + 72, 78), dashed=run, colour=HUE)
        d.note(x + 38, 28, "around" if not run else "")
        d.note(x + 44, 118, "run" if run else "skipped")
    d.note(180, 142, "the way around is the identity: it costs nothing")


@figure(
    "recurrent-depth",
    "Recurrent depth",
    height=180,
    caption="One block is applied again and again; a harder input goes round more often.",
    alt="On the left an entry block, in the middle one core block with an arrow from its end"
    " back to its beginning, on the right an exit block. Below, three rows of dots show"
    " how many rounds three inputs take: two for the easy one, four for the middle one,"
    " seven for the hard one. The number of weights is the same for all of them; only the"
    " time differs.",
)
def recurrent_depth(d: Drawing) -> None:
    d.box(14, 40, 64, 34, "entry", "plain")
    d.arrow((78, 57), (128, 57))
    d.box(128, 34, 104, 46, "one core,\nshared weights", "hue")
    d.arrow((232, 57), (282, 57))
    d.box(282, 40, 64, 34, "exit", "plain")
    d.arrow((246, 57), (246, 18), (112, 18), (112, 55), colour=HUE)
    d.note(180, 14, "once more?")
    for row, (name, rounds) in enumerate((("easy", 2), ("middling", 4), ("hard", 7))):
        y = 112 + row * 24
        d.note(110, y + 4, name, "end")
        for place in range(rounds):
            d.dot(128 + place * 20, y, 6)
    d.note(276, 116, "rounds", "start")


@figure(
    "halting",
    "Halting score",
    height=200,
    caption="Each step adds to a halting score; when the sum reaches one, the input stops.",
    alt="A chart with steps from one to six across and the sum of halting scores upward. A"
    " broken line marks the value one. The columns of the first input grow quickly and"
    " pass the line at the third step: it stops there. Those of the second input grow"
    " slowly and pass it only at the sixth step. The output is the average of the states,"
    " weighted with the scores.",
)
def halting(d: Drawing) -> None:
    d.axes(34, 160, 310, 118, "steps", "sum of halting scores")
    d.line([(34, 72), (334, 72)], dashed=True)
    d.text(28, 76, "1", anchor="end")
    easy, hard = (28, 60, 90), (12, 26, 42, 58, 74, 92)
    d.bars(52, 160, easy, width=16)
    d.bars(190, 160, hard, width=16, chosen=())
    d.note(42, 64, "easy: stops at 3", "start")
    d.note(344, 64, "hard: stops at 6", "end")
    d.note(190, 192, "output = states weighted with their scores")


@figure(
    "mixture-of-depths",
    "Mixture of depths",
    height=200,
    caption="At each such layer a router lets a fixed number of tokens in; the others pass by.",
    alt="Six tokens stand in a row below a layer. A router has given each a score. The three"
    " with the highest scores go through the layer; the three others go around it and meet"
    " them above. Because the number that goes in is fixed beforehand, shapes are known"
    " and the cost of the layer does not depend on the input, although which tokens are"
    " chosen does.",
)
def mixture_of_depths(d: Drawing) -> None:
    scores = (0.9, 0.2, 0.7, 0.1, 0.3, 0.8)
    d.box(36, 66, 232, 32, "attention and MLP for 3 of 6", "hue")
    for place, score in enumerate(scores):
        x, taken = 54 + place * 39, score > 0.5
        d.dot(x, 140, 8, "solid" if taken else "ghost")
        d.note(x, 164, f"{score:.1f}")
        if taken:
            d.arrow((x, 131), (x, 99))
            d.arrow((x, 66), (x, 36))
        d.dot(x, 28, 8, "solid" if taken else "ghost")
    d.arrow((262, 140), (318, 140), (318, 28), (262, 28), dashed=True)
    d.note(322, 88, "past", "start")
    d.note(152, 188, "scores of the router; the best 3 go in")


@figure(
    "batch-waiting",
    "Why a batch waits",
    height=190,
    caption="In a batch the time of the slowest sample counts, unless finished ones give way.",
    alt="Two charts of bars, one row for each of four samples. In the upper chart the samples"
    " take two, three, one and six steps, and all hold their place until the slowest has"
    " ended: the time of the batch is six steps although the mean is three. In the lower"
    " chart a waiting sample takes the place of a finished one, and the places stay busy.",
)
def batch_waiting(d: Drawing) -> None:
    d.note(8, 14, "fixed batch: everybody waits for the last", "start")
    for row, steps in enumerate((2, 3, 1, 6)):
        y = 22 + row * 14
        d.box(8, y, steps * 50, 11, kind="solid")
        if steps < 6:
            d.box(8 + steps * 50, y, (6 - steps) * 50, 11, kind="ghost")
    d.note(8, 108, "places are given on as soon as they are free", "start")
    for row, parts in enumerate(((2, 4), (3, 2), (1, 3), (6,))):
        x, y = 8.0, 116 + row * 14
        for place, steps in enumerate(parts):
            d.box(x, y, steps * 50 - 2, 11, kind="hue" if place else "solid")
            x += steps * 50
    d.arrow((8, 178), (312, 178))
    d.note(316, 182, "time", "start")
