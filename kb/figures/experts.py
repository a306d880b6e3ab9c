"""Which experts a token or request reaches: mixtures of experts, routers between models."""

from __future__ import annotations

from kb.figures.drawing import FAINT, HUE, Drawing
from kb.figures.figure import figure


@figure(
    "mixture-of-experts",
    "Sparse mixture of experts",
    height=200,
    caption="A router sends each token to the few experts with the highest scores.",
    alt="A token comes from the left into a router, which gives a score to each of four"
    " experts: 0.1, 0.6, 0.0 and 0.3. The second and the fourth expert have the highest"
    " scores and are run. Their outputs are added, weighted with the scores. The other two"
    " experts, drawn with broken lines, hold weights in memory but cost no computation for"
    " this token.",
)
def mixture_of_experts(d: Drawing) -> None:
    d.dot(16, 92, 8)
    d.note(8, 118, "token", "start")
    d.arrow((24, 92), (60, 92))
    d.box(60, 76, 58, 32, "router", "hue")
    for place, score in enumerate(("0.1", "0.6", "0.0", "0.3")):
        y, run = 8 + place * 44, place in (1, 3)
        d.arrow((118, 92), (168, y + 18), dashed=not run, colour=HUE if run else FAINT)
        d.box(168, y, 84, 36, f"expert {place + 1}\n{score}", "hue" if run else "ghost")
        if run:
            d.arrow((252, y + 18), (300, 92), colour=HUE)
    d.gate(312, 92, "sum", "plain")
    d.arrow((323, 92), (352, 92))
    d.note(180, 194, "2 of 4 run; all 4 lie in memory")


@figure(
    "expert-capacity",
    "Balance and capacity",
    height=190,
    caption="Without balance one expert overflows while others idle; a limit drops what is too"
    " much.",
    alt="Two charts of columns, one column for each of five experts, with a broken line for"
    " the capacity. On the left the load is uneven: the second column stands far above the"
    " line, and what is above it is dropped or waits; two others are nearly empty. On the"
    " right a balancing loss or a bias has made all columns about as high as the line.",
)
def expert_capacity(d: Drawing) -> None:
    d.bars(20, 140, (28, 104, 12, 48, 18), width=22)
    d.bars(200, 140, (44, 46, 40, 44, 42), width=22)
    for x in (14, 194):
        d.line([(x, 90), (x + 140, 90)], dashed=True)
        d.line([(x, 140), (x + 140, 140)])
    d.note(92, 80, "capacity", "start")
    d.note(84, 158, "tokens for 5 experts")
    d.note(264, 158, "the same, balanced")
    d.text(56, 24, "too much: dropped or waits", anchor="start", bold=False)
    d.note(180, 182, "the slowest expert sets the time of the layer")


@figure(
    "model-router",
    "Router between language models",
    height=170,
    caption="A small predictor reads the request and picks the model that is good enough for it.",
    alt="Three requests stand on the left: a greeting, a sum, and a proof. A router in the"
    " middle guesses how hard each is. The greeting goes to a small model, the sum to a"
    " middle one, the proof to a large one. Unlike in a cascade, only one model is run for"
    " a request; a wrong guess cannot be mended afterwards.",
)
def model_router(d: Drawing) -> None:
    for name, y in (("greeting", 30), ("sum", 82), ("proof", 134)):
        d.box(8, y - 14, 74, 28, name, "plain")
        d.arrow((82, y), (134, 82))
    d.box(134, 62, 70, 40, "router", "hue")
    for name, y, kind, w in (
        ("small", 30, "hue", 60),
        ("middle", 82, "hue", 76),
        ("large", 134, "hue", 92),
    ):
        d.arrow((204, 82), (256, y), colour=HUE)
        d.box(256, y - 14, w, 28, name, kind)
    d.note(180, 164, "one request, one model")
