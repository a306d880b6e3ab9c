"""Where in an image it is computed: masks, deformed samples, glances, resolution, tokens."""

from __future__ import annotations

from kb.figures.drawing import FAINT, HUE, Drawing
from kb.figures.figure import figure

_BIRD = {(3, 1), (4, 1), (2, 2), (3, 2), (4, 2), (5, 2), (3, 3), (4, 3), (3, 4)}
"""Cells of a map of eight by six on which something is to be seen."""


@figure(
    "spatial-mask",
    "Spatial mask",
    height=180,
    caption="A predicted mask limits the costly layer to the positions that matter.",
    alt="On the left a map of eight by six positions; a small network predicts a mask in"
    " which nine positions are on. In the middle these nine are gathered into a dense row,"
    " the layer runs on the row, and on the right the results are put back to their"
    " places. The other positions keep what they had. Gathering and putting back cost time"
    " of their own, so few scattered positions may not be faster than all of them.",
)
def spatial_mask(d: Drawing) -> None:
    d.grid(8, 26, 8, 6, 14, _BIRD)
    d.arrow((122, 66), (144, 66))
    d.grid(148, 60, 9, 1, 8, {(column, 0) for column in range(9)}, kind="solid")
    d.box(150, 82, 68, 28, "layer", "hue")
    d.arrow((222, 66), (240, 66))
    d.grid(244, 26, 8, 6, 14, _BIRD, kind="solid")
    d.note(64, 132, "mask")
    d.note(184, 132, "gather, run")
    d.note(300, 132, "put back")
    d.note(180, 164, "9 of 48 positions are computed")


@figure(
    "deformable-sampling",
    "Deformable sampling",
    height=180,
    caption="Offsets that depend on the content move the points at which a kernel looks.",
    alt="Two maps stand side by side. On the left, the nine points of an ordinary kernel form"
    " a regular grid around the middle. On the right, each point has been moved by an"
    " offset that a small layer predicts, so that the points follow an oblique shape. As"
    " many points are read as before: the layer becomes better fitted, not cheaper.",
)
def deformable_sampling(d: Drawing) -> None:
    for x in (14, 198):
        d.grid(x, 16, 8, 6, 18)
    moved = ((-9, 4), (4, -3), (12, -12), (-14, 8), (0, 0), (14, -8), (-20, 14), (-6, 10), (10, 2))
    for place in range(9):
        x, y = 62 + place % 3 * 24, 46 + place // 3 * 24
        d.dot(x, y, 4.5)
        dx, dy = moved[place]
        d.dot(x + 184 + dx, y + dy, 4.5)
        if dx or dy:
            d.line([(x + 184, y), (x + 184 + dx, y + dy)], colour=HUE)
    d.note(86, 146, "fixed grid")
    d.note(270, 146, "grid with offsets")
    d.note(180, 172, "9 points are read in both")


@figure(
    "glance-and-focus",
    "Glance and focus",
    height=190,
    caption="First the whole image, small; then crops, as long as the answer is not sure.",
    alt="A large square is the image. First it is scaled down to a small one, the glance, and"
    " classified. If the answer is sure, this is the end. Otherwise a policy picks a crop,"
    " drawn as a smaller square within the image, which is looked at in full resolution;"
    " then perhaps another. An easy image costs one small pass, a hard one several.",
)
def glance_and_focus(d: Drawing) -> None:
    d.box(8, 16, 120, 120, kind="plain")
    d.box(60, 28, 46, 46, "2", "hue")
    d.box(24, 82, 46, 46, "3", "hue")
    d.note(68, 156, "image")
    steps = (("1 glance", "solid"), ("2 focus", "hue"), ("3 focus", "ghost"))
    for place, (name, kind) in enumerate(steps):
        y = 20 + place * 46
        d.arrow((128, y + 14), (170, y + 14), dashed=place == 2)
        d.box(170, y, 76, 28, name, kind)
        if place < 2:
            d.arrow((246, y + 14), (276, y + 14))
            d.gate(288, y + 14)
    d.note(304, 38, "unsure", "start")
    d.note(304, 84, "sure", "start")
    d.note(180, 182, "stops after step 2: the last crop is not looked at")


@figure(
    "adaptive-resolution",
    "Adaptive resolution",
    height=170,
    caption="A small predictor chooses the resolution at which an image is enough.",
    alt="Two images come in. A predictor looks at a thumbnail of each. For the first, with"
    " one large object, it chooses a low resolution, drawn as a coarse grid of four by"
    " four. For the second, with small objects, it chooses a high one, drawn as a grid of"
    " ten by ten. The same network runs on both; its cost grows with the number of pixels.",
)
def adaptive_resolution(d: Drawing) -> None:
    for row, (name, cells) in enumerate((("large object", 4), ("small objects", 10))):
        y = 12 + row * 74
        d.box(8, y + 14, 96, 32, name, "plain")
        d.arrow((104, y + 30), (136, y + 30))
        d.box(136, y + 14, 74, 32, "predictor", "hue")
        d.arrow((210, y + 30), (244, y + 30))
        d.grid(250, y, cells, cells, 60 / cells)
        d.note(322, y + 34, "16" if cells == 4 else "100", "start")
    d.note(180, 164, "the cost of the network follows the pixels")


@figure(
    "token-pruning",
    "Token pruning",
    height=180,
    caption="Tokens that say little are dropped between layers; later layers see fewer.",
    alt="Three maps of tokens after one another. The first holds all 48 tokens of an image."
    " After a first group of layers a score has been given to each, and the second map"
    " keeps 24. After the second group the third keeps nine, which lie on the object. What"
    " was dropped is gone for the layers behind. Attention costs the square of the number,"
    " so the saving is large.",
)
def token_pruning(d: Drawing) -> None:
    everything = {(column, row) for column in range(8) for row in range(6)}
    half = {(c, r) for c, r in everything if 1 <= c <= 6 and r <= 3}
    for place, (kept, number) in enumerate(((everything, "48"), (half, "24"), (_BIRD, "9"))):
        x = 8 + place * 126
        d.grid(x, 30, 8, 6, 11.5, kept)
        d.text(x + 46, 122, f"{number} tokens")
        if place < 2:
            d.arrow((x + 96, 64), (x + 122, 64))
    d.note(180, 152, "scores: attention of the class token, or a learned head")
    d.note(180, 172, "dropped tokens never come back")


@figure(
    "token-merging",
    "Token merging",
    height=190,
    caption="Tokens that are alike are averaged; nothing is thrown away, and nothing is trained.",
    alt="Eight tokens are split by turns into two sets of four, drawn in two rows. Each token"
    " of the upper row finds the most similar one of the lower row. The two most similar"
    " pairs, drawn with full lines, are averaged. Six tokens are left. Each remembers how"
    " many it stands for, so that attention can count it accordingly.",
)
def token_merging(d: Drawing) -> None:
    pairs = {0: (0, True), 1: (0, False), 2: (3, True), 3: (2, False)}
    for place in range(4):
        d.dot(40 + place * 44, 34, 9, "solid" if pairs[place][1] else "hue")
        d.dot(40 + place * 44, 98, 9, "hue")
    for place, (partner, merged) in pairs.items():
        ends = [(40 + place * 44, 44), (40 + partner * 44, 88)]
        d.line(ends, dashed=not merged, colour=HUE if merged else FAINT)
    d.arrow((196, 66), (234, 66))
    for place in range(6):
        x, y = 264 + place % 3 * 36, 48 + place // 3 * 40
        d.dot(x, y, 9, "solid" if place in (0, 5) else "hue")
    d.text(300, 128, "6 tokens left")
    d.note(106, 128, "8 tokens, two rows")
    d.note(180, 158, "full lines: the two most similar pairs")
    d.note(180, 178, "filled: stands for two")


@figure(
    "vision-token-reduction",
    "Fewer image tokens for a language model",
    height=170,
    caption="Most tokens of an image can leave before or inside the language model.",
    alt="An image encoder gives many image tokens, drawn as a dense grid. A reduction step"
    " keeps a few, either by the attention of the encoder, by how much they differ from"
    " each other, or by what the question asks for. The language model then reads the few"
    " image tokens together with the words of the question. Its prefill becomes shorter,"
    " and so does its cache.",
)
def vision_token_reduction(d: Drawing) -> None:
    everything = {(column, row) for column in range(8) for row in range(8)}
    d.grid(10, 22, 8, 8, 10, everything)
    d.note(50, 122, "576 tokens")
    d.arrow((94, 62), (120, 62))
    d.box(120, 44, 66, 36, "choose", "hue")
    d.arrow((186, 62), (208, 62))
    for place in range(5):
        d.dot(218 + place * 13, 62, 5)
    d.box(214, 84, 62, 26, "question", "plain")
    d.note(244, 40, "a few")
    d.arrow((282, 62), (298, 62))
    d.box(298, 36, 54, 76, "LLM", "solid")
    d.arrow((153, 134), (153, 82), dashed=True)
    d.note(153, 150, "by attention, diversity or the question")
    d.arrow((276, 97), (298, 97))
