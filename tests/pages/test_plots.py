"""What plots say of several seeds: no line crosses them, and bars are their mean."""

import re

import pytest
import vl_convert

from kb.pages.reproductions.plot_points import pairs_plot, plots_of
from kb.pages.reproductions.plots import DARK_GROUND, PAPER_COLOURS, as_file
from kb.pages.reproductions.vega import common_start, spec


def points(curve, values, **more):
    """One point a value, from the seeds 7 and 8 in turn."""
    return [
        {"curve": curve, "x": place // 2 + 1, "y": value, "seed": 7 + place % 2, "more": more}
        for place, value in enumerate(values)
    ]


def marks(layer):
    return layer["mark"]["type"]


def test_a_line_joins_points_of_one_seed_only():
    (plot,) = plots_of(points("anytime", [90.0, 91.0, 92.0, 93.0]))

    line = next(layer for layer in spec(plot)["layer"] if marks(layer) == "line")

    assert {"field": "seed"} in line["encoding"]["detail"]
    assert "seed" in plot.columns
    assert {row["seed"] for row in plot.rows} == {7, 8}


def test_bars_are_the_mean_over_seeds_and_say_so():
    (plot,) = plots_of(points("exit histogram", [0.5, 0.7, 0.5, 0.3]))

    height = spec(plot)["encoding"]["y"]

    assert height["aggregate"] == "mean"
    assert height["title"].endswith("mean of 2 seeds")


def test_one_seed_needs_no_column_of_its_own():
    alone = [{**point, "seed": 7} for point in points("anytime", [90.0, 91.0])]

    (plot,) = plots_of(alone)

    assert "seed" not in plot.columns


def test_a_heat_map_of_several_seeds_is_averaged_and_not_drawn_over_itself():
    heat = [
        {"curve": "kept", "x": 0, "y": 0, "seed": seed, "more": {"weight": weight}}
        for seed, weight in ((7, 0.2), (8, 0.6))
    ]

    (plot,) = plots_of(heat)
    shade = spec(plot)["encoding"]["fillOpacity"]

    assert (shade["field"], shade["aggregate"]) == ("weight", "mean")
    assert not any(entry["field"] == "seed" for entry in spec(plot)["encoding"]["tooltip"])


def test_ticks_are_written_without_exponents():
    far = [
        {**point, "x": 100 * point["x"]}
        for point in points("loss while training", [1.0, 0.5, 0.3, 0.2])
    ]

    (plot,) = plots_of(far)

    assert "e+" not in vl_convert.vegalite_to_svg(spec(plot), vl_version="6.4")


@pytest.mark.parametrize("curve", ["anytime", "exit histogram", "kept"])
def test_every_kind_is_drawn(curve):
    more = {"weight": 1.0} if curve == "kept" else {}
    (plot,) = plots_of(points(curve, [1.0, 2.0, 3.0, 4.0], **more))

    assert vl_convert.vegalite_to_svg(spec(plot), vl_version="6.4").startswith("<svg")


def test_seeds_at_the_same_places_are_drawn_with_their_mean_and_spread():
    (plot,) = plots_of(points("anytime", [90.0, 91.0, 92.0, 93.0]))
    drawn = [
        (marks(layer), layer["encoding"]["y"].get("aggregate")) for layer in spec(plot)["layer"]
    ]

    assert drawn[:3] == [("errorband", None), ("line", None), ("line", "mean")]
    assert spec(plot)["layer"][0]["mark"]["extent"] == "stdev"
    assert plot.reading.startswith("Thin: 2 seeds; thick: their mean")
    assert "errorband" not in vl_convert.vegalite_to_svg(spec(plot), vl_version="6.4")


def test_seeds_at_other_places_have_a_colour_each():
    moved = points("anytime", [90.0, 91.0, 92.0, 93.0])
    for point in moved:
        point["x"] += point["seed"] / 100

    (plot,) = plots_of(moved)
    line = next(layer for layer in spec(plot)["layer"] if marks(layer) == "line")

    assert line["encoding"]["color"]["field"] == "seed"
    assert len(set(line["encoding"]["color"]["scale"]["range"])) == 2
    assert plot.reading == "Each of 2 seeds by itself."


def test_labels_leave_out_what_all_of_them_begin_with():
    assert common_start(["ImageNet, small, 0.5x", "ImageNet, large, 0.5x"]) == "ImageNet, "
    assert common_start(["ImageNet, small", "CIFAR-10, small"]) == ""
    assert common_start(["ImageNet, small"]) == common_start([]) == ""
    assert common_start(["ImageNet", "ImageNet, small"]) == ""


def test_labels_have_room_at_the_edges():
    (plot,) = plots_of(points("anytime", [90.0, 91.0], label="exit 1"))

    texts = [layer for layer in spec(plot)["layer"] if marks(layer) == "text"]

    assert texts[0]["encoding"]["y"]["scale"]["padding"] >= 12


def test_a_drawing_for_dark_pages_has_their_ground_and_none_of_the_colours_of_paper():
    (plot,) = plots_of(points("anytime", [90.0, 91.0, 92.0, 93.0]))

    dark, light = as_file(plot, dark=True), as_file(plot)

    assert DARK_GROUND in dark
    assert DARK_GROUND not in light
    assert PAPER_COLOURS["--series-1"] in light
    assert not any(colour in dark for colour in PAPER_COLOURS.values())


def test_long_settings_are_whole_and_have_room_beside_the_marks():
    name = "vowels, back-propagation with twelve hidden units: epochs to a squared error of a tenth"
    rows = [
        {"setting": setting, "paper": 1.0, "ours": 2.0, "verdict": "within", "scale": "full"}
        for setting in (name, "vowels, 4 experts")
    ]
    drawn = spec(pairs_plot(rows, metric="epochs", unit="", source=""))

    axis = drawn["encoding"]["y"]["axis"]
    picture = vl_convert.vegalite_to_svg(drawn, vl_version="6.4")
    said = re.findall(r"<(?:text|tspan)[^>]*>([^<]+)<", picture)

    assert "…" not in picture
    assert " ".join(said).count("back-propagation with twelve hidden units") == 1
    assert "4 experts" in said
    assert axis["minExtent"] >= 0.5 * 11 * max(len(line) for line in said)
    assert drawn["height"]["step"] > 19
