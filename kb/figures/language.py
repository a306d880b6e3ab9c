"""What language models spend: drafts, caches, attention, reasoning, samples."""

from __future__ import annotations

from kb.figures.drawing import FAINT, HUE, Drawing
from kb.figures.figure import figure


@figure(
    "self-speculative-decoding",
    "Speculative decoding",
    height=200,
    caption="A cheap part drafts several tokens; one full pass checks them all at once.",
    alt="First row: a draft of five tokens, written one after another by the first layers of"
    " the same model or by a small one. Second row: one full pass over all five. The first"
    " three agree with what the full model would have written and are kept. The fourth"
    " does not: it is replaced by the full model's token, and the fifth is thrown away."
    " Four tokens are won with one full pass, and the text is what the full model alone"
    " would have given.",
)
def self_speculative_decoding(d: Drawing) -> None:
    words = ("the", "cat", "sat", "in", "its")
    d.text(8, 22, "draft, cheap, one by one", anchor="start")
    for place, word in enumerate(words):
        d.box(8 + place * 70, 30, 52, 28, word, "hue")
        if place < 4:
            d.arrow((60 + place * 70, 44), (78 + place * 70, 44))
    d.box(8, 80, 332, 28, "one full pass over all five", "solid")
    for place, word in enumerate(("the", "cat", "sat", "on", "")):
        x = 34 + place * 70
        d.arrow((x, 58), (x, 80))
        d.arrow((x, 108), (x, 128), dashed=place == 4)
        d.box(8 + place * 70, 128, 52, 28, word or "its", "hue" if place < 4 else "ghost")
    d.note(104, 174, "agreed")
    d.note(244, 174, "mended")
    d.note(314, 174, "dropped")
    d.note(8, 194, "four tokens for one full pass", "start")


@figure(
    "cache-eviction",
    "Cache eviction",
    height=190,
    caption="Of past keys and values only some are kept: the first, the last, and those often"
    " read.",
    alt="A row of sixteen past tokens, with a column over each for how much attention it has"
    " got so far. The first token and the last four are always kept. Of the others the"
    " three with the highest columns are kept. The rest, drawn with broken lines, are"
    " evicted: their keys and values are removed, and no later token can read them. Memory"
    " and the time of a step stay bounded.",
)
def cache_eviction(d: Drawing) -> None:
    scores = (70, 12, 8, 44, 10, 6, 9, 52, 7, 11, 38, 8, 20, 26, 30, 40)
    kept = {0, 3, 7, 10, 12, 13, 14, 15}
    d.bars(16, 110, scores, width=16, chosen=kept)
    for place in range(16):
        d.box(16 + place * 20, 118, 16, 18, kind="solid" if place in kept else "ghost")
    d.note(16, 154, "first", "start")
    d.note(160, 154, "often read")
    d.note(336, 154, "newest", "end")
    d.note(350, 22, "attention received so far", "end")
    d.note(180, 182, "8 of 16 kept; what is evicted cannot be read again")


@figure(
    "sparse-attention",
    "Dynamic sparse attention",
    height=190,
    caption="Of all pairs of tokens only blocks that matter are computed, and which depends on"
    " the text.",
    alt="Two triangles of blocks, since a token sees only what stands before it. In the left"
    " one all blocks are computed: full attention. In the right one only the diagonal, the"
    " first column and a few blocks elsewhere are computed. A cheap estimate, made for"
    " every head and text anew, chooses them. Whole blocks are chosen so that the"
    " computation stays dense inside.",
)
def sparse_attention(d: Drawing) -> None:
    size = 8
    full = {(c, r) for r in range(size) for c in range(r + 1)}
    few = {(c, r) for c, r in full if c in (r, 0)} | {(3, 5), (3, 7), (5, 7), (2, 4)}
    d.grid(20, 16, size, size, 15, full)
    d.grid(212, 16, size, size, 15, few)
    d.note(80, 154, "36 blocks")
    d.note(272, 154, "19 blocks")
    d.note(180, 180, "rows ask, columns answer")


@figure(
    "reasoning-length",
    "Adaptive reasoning length",
    height=170,
    caption="An easy question gets a short chain of thought or none, a hard one a long chain.",
    alt="Three questions with bars for the number of tokens thought before the answer. Two"
    " plus two: no thinking, the answer at once. A word problem: a short bar. A proof: a"
    " long bar. A broken mark on each shows what a model without such a decision would"
    " have spent: about the same long chain for all three.",
)
def reasoning_length(d: Drawing) -> None:
    for row, (name, length) in enumerate((("2 + 2", 6), ("word problem", 70), ("proof", 190))):
        y = 22 + row * 40
        d.text(104, y + 16, name, anchor="end")
        d.box(112, y, 200, 24, kind="ghost")
        d.box(112, y, length, 24, kind="solid")
        d.dot(324, y + 12, 6, "hue")
    d.note(324, 146, "answer")
    d.note(112, 146, "thought", "start")
    d.note(190, 164, "broken frame: what a fixed length would spend")


@figure(
    "test-time-compute",
    "Computation at test time",
    height=190,
    caption="Several answers are drawn and compared; an adaptive rule stops when they agree.",
    alt="A question leads to up to six sampled answers. For an easy question the first three"
    " agree and the rule stops: the other three, drawn with broken lines, are never drawn."
    " For a hard one the answers differ, all six are drawn, and a vote or a verifier picks"
    " one.",
)
def test_time_compute(d: Drawing) -> None:
    for row, (name, answers) in enumerate((("easy", "AAA---"), ("hard", "ABCBDB"))):
        y = 26 + row * 70
        d.box(8, y, 52, 32, name, "plain")
        for place, answer in enumerate(answers):
            x = 84 + place * 36
            d.box(
                x, y, 28, 32, "" if answer == "-" else answer, "ghost" if answer == "-" else "hue"
            )
        d.arrow((60, y + 16), (82, y + 16))
        d.arrow((298, y + 16), (316, y + 16), dashed=not row)
        d.box(316, y, 34, 32, "AB"[row], "solid")
    d.note(190, 80, "three agree: stop")
    d.note(190, 150, "they differ: draw all, then vote")
    d.note(180, 178, "each letter is one sampled answer")


@figure(
    "latent-reasoning",
    "Reasoning in hidden states",
    height=170,
    caption="Instead of writing its thoughts as words, the model feeds its hidden state back.",
    alt="Upper row: ordinary reasoning. After each pass a word is written and read again."
    " Lower row: the hidden state itself goes into the next pass, with no word between."
    " Only the answer is put into words. Fewer tokens are written, but nobody can read"
    " what was thought.",
)
def latent_reasoning(d: Drawing) -> None:
    d.text(8, 20, "in words", anchor="start")
    d.text(8, 98, "in states", anchor="start")
    for place in range(3):
        x = 14 + place * 112
        d.box(x, 30, 48, 32, "pass", "hue")
        d.box(x, 108, 48, 32, "pass", "hue")
        if place < 2:
            d.arrow((x + 48, 46), (x + 58, 46))
            d.box(x + 58, 34, 42, 24, "word", "plain")
            d.arrow((x + 100, 46), (x + 112, 46))
            d.arrow((x + 48, 124), (x + 112, 124), colour=HUE)
        for y in (46, 124):
            if place == 2:
                d.arrow((x + 48, y), (x + 66, y))
                d.dot(x + 76, y, 8)
    d.note(118, 156, "state", "middle")
    d.note(306, 156, "answer")
    d.line([(8, 78), (352, 78)], colour=FAINT)


@figure(
    "diffusion-steps",
    "Steps of a diffusion model",
    height=170,
    caption="Between two steps of denoising most features hardly change and can be used again.",
    alt="Eight steps of denoising from noise to image. At steps one, four and seven the whole"
    " network runs. At the steps between, the features of the deep layers are taken from a"
    " cache and only the outer layers run. Adaptive rules refresh the cache when the"
    " change since the last full step is estimated to be large.",
)
def diffusion_steps(d: Drawing) -> None:
    for step in range(8):
        x, full = 14 + step * 43, step in (0, 3, 6)
        d.box(x, 38 if full else 78, 30, 82 if full else 42, kind="solid" if full else "hue")
        d.text(x + 15, 138, str(step + 1))
        if not full:
            d.box(x, 38, 30, 36, kind="ghost")
    d.note(14, 26, "noise", "start")
    d.note(350, 26, "image", "end")
    d.note(180, 160, "broken: features from the last full step")
