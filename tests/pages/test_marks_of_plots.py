"""Figures of printed and measured values, and what tells their marks apart."""

import re

import pytest

from kb.pages.reproductions.plot_points import pairs_plot, plots_of
from kb.pages.reproductions.plots import as_file
from kb.pages.reproductions.vega import DASHES, SERIES_COLOURS, SHAPES, spec, wrapped


def test_a_printed_zero_is_drawn_on_an_even_axis():
    pairs = [("copy", 0.91, 0.999), ("adding", 0.02, 0.0), ("adding, LSTM", 0.0, 0.0)]
    rows = [
        {"setting": setting, "paper": paper, "ours": ours, "verdict": "partial"}
        for setting, paper, ours in pairs
    ]

    plot = pairs_plot(rows, metric="accuracy", unit="fraction", source="Table 4")

    assert not plot.log_x
    assert spec(plot)
    positive = pairs_plot(rows[:1], metric="accuracy", unit="fraction", source="Table 4")
    assert not positive.log_x


def test_positive_values_far_apart_keep_their_logarithmic_axis():
    rows = [
        {"setting": setting, "paper": paper, "ours": paper, "verdict": "exact"}
        for setting, paper in (("small", 1.0), ("large", 90.0))
    ]

    plot = pairs_plot(rows, metric="macs", unit="M", source="Table 1")

    assert plot.log_x
    assert spec(plot)


def test_marks_say_who_measured_at_which_scale():
    rows = [
        {"setting": scale, "paper": 1.0, "ours": 1.1, "verdict": "within", "scale": scale}
        for scale in ("full", "reduced")
    ]

    plot = pairs_plot(rows, metric="accuracy", unit="%", source="Table 1")

    marks = spec(plot)["encoding"]["shape"]["scale"]
    assert marks["domain"] == ["paper", "ours, full scale", "ours, reduced scale"]
    assert marks["range"] == ["circle", "circle", "triangle-up"]
    assert "ours, reduced scale" in as_file(plot)
    assert ["reduced", "ours, reduced scale", 1.1, "within"] in plot.table


def test_no_title_is_wider_than_its_drawing():
    rows = [{"setting": "a", "paper": 1.0, "ours": 2.0, "verdict": "outside"}] * 2
    long = "accuracy of the answers that the judge took for right on all of the eleven benchmarks"

    svg = as_file(pairs_plot(rows, metric=long, unit="% of the answers", source=""))

    lines = re.findall(r">([^<>]+)<", svg)
    assert max(map(len, lines)) < 90
    assert " ".join(lines).count("eleven benchmarks") == 2  # in the title and at the axis
    assert wrapped("short", 100) == "short"
    assert wrapped("一二三四五六七八九十", 60) == ["一二三四五", "六七八九十"]


@pytest.mark.parametrize("count", [2, 8])
def test_series_differ_in_more_than_their_colour(count: int):
    points = [
        {"curve": f"accuracy against MACs, series {n}", "x": x, "y": n + x, "seed": 0, "more": {}}
        for n in range(count)
        for x in (1, 2, 3)
    ]

    (plot,) = plots_of(points)
    line, dots = spec(plot)["layer"][:2]

    assert len(set(map(str, line["encoding"]["strokeDash"]["scale"]["range"]))) == count
    assert len(set(dots["encoding"]["shape"]["scale"]["range"])) == count
    assert len(set(dots["encoding"]["color"]["scale"]["range"])) == count
    assert len(SHAPES) == len(DASHES) == len(SERIES_COLOURS)
