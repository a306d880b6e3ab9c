"""When it is computed along a sequence: steps, frames."""

from __future__ import annotations

from kb.figures.drawing import HUE, Drawing
from kb.figures.figure import figure


@figure(
    "skipping-steps",
    "Skipping steps of a recurrent net",
    height=170,
    caption="A binary gate decides at each step whether the state is updated or copied.",
    alt="Six steps of a recurrent network. At steps one, two and five the gate is open and"
    " the cell updates the state. At steps three, four and six it is shut: the state is"
    " copied, drawn as a line that runs past the cell, and the cell is not computed. What"
    " is left for a gradient to pass is a shorter chain.",
)
def skipping_steps(d: Drawing) -> None:
    run = (True, True, False, False, True, False)
    d.line([(4, 62), (20, 62)])
    for place, on in enumerate(run):
        x = 20 + place * 56
        d.box(x, 44, 36, 36, "cell" if on else "", "hue" if on else "ghost")
        if on:
            d.arrow((x + 36, 62), (x + 56, 62), colour=HUE)
        else:
            d.line([(x, 62), (x + 56, 62)], colour=HUE)
        d.arrow((x + 18, 110), (x + 18, 82), dashed=not on)
        d.text(x + 18, 126, f"x{place + 1}")
        d.note(x + 18, 32, "1" if on else "0")
    d.note(180, 156, "0: the state is copied, the input is not read")


@figure(
    "frame-sampling",
    "Frame sampling",
    height=180,
    caption="A policy looks at cheap features of a video and picks the frames that are worth a"
    " look.",
    alt="A row of twelve frames is a video. Even sampling, above, takes every third frame."
    " The adaptive choice, below, takes four frames too, but three of them lie close"
    " together where the action happens. Only the chosen frames go through the costly"
    " network. Some methods also stop as soon as the answer is sure, or choose the"
    " resolution of each frame.",
)
def frame_sampling(d: Drawing) -> None:
    rows = (("evenly", {1, 4, 7, 10}), ("adaptively", {2, 7, 8, 9}))
    for row, (name, chosen) in enumerate(rows):
        y = 28 + row * 66
        d.text(8, y - 6, name, anchor="start")
        for frame in range(12):
            kind = "solid" if frame in chosen else "plain"
            d.box(8 + frame * 29, y, 25, 28, kind=kind)
    d.line([(206, 130), (298, 130)], colour=HUE)
    d.note(252, 146, "something happens")
    d.note(180, 172, "four frames are seen in both")


@figure(
    "video-cache",
    "Features carried from frame to frame",
    height=170,
    caption="Costly features are computed on key frames; between them they are carried along.",
    alt="Five frames. The first and the fourth are key frames: the deep network runs on them."
    " For the frames between, a shallow network or optical flow carries the features of"
    " the last key frame to where things have moved. A fixed rhythm of key frames is"
    " simple; an adaptive one sets a new key frame when the carried features become poor.",
)
def video_cache(d: Drawing) -> None:
    for frame in range(5):
        x, key = 14 + frame * 70, frame in (0, 3)
        d.box(x, 106, 50, 30, f"t = {frame}", "plain")
        d.arrow((x + 25, 106), (x + 25, 82))
        d.box(x, 36, 50, 46, "deep" if key else "flow", "solid" if key else "hue")
        if frame < 4 and frame != 2:
            d.arrow((x + 50, 59), (x + 70, 59), colour=HUE)
    d.note(180, 160, "deep on key frames, cheap between them")
    d.note(180, 24, "features go on to the next frame")
