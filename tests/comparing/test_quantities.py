"""Printed units as quantities that compare, and those that do not."""

from __future__ import annotations

import pytest

from reproductions.comparing.comparison import ticks
from reproductions.comparing.quantities import (
    Quantity,
    cost,
    counting,
    less_is_better,
    quality,
    read_bound,
    shown,
)


@pytest.mark.parametrize(
    ("value", "unit", "metric", "quantity"),
    [
        (4.6, "G", "macs", Quantity(4.6e9, "count")),
        (312.9, "M", "macs", Quantity(312.9e6, "count")),
        (1, "P", "flops", Quantity(1e15, "count")),
        (1.7, "Gi (2^30), thop", "flops", Quantity(1.7 * 2**30, "count", "(2^30), thop")),
        (2.4, "B activated", "params", Quantity(2.4e9, "count", "activated")),
        (5, "T, decoder", "flops", Quantity(5e12, "count", "decoder")),
        (47, "% fewer", "flops", Quantity(47, "%", "fewer")),
        (0.5, "x of the full model", "flops", Quantity(0.5, "x", "of the full model")),
        (3.1, "unit not printed", "flops", Quantity(3.1, "unit not printed")),
        (116, "ms prefill", "latency", Quantity(0.116, "s", "prefill")),
        (2, "s/image", "latency", Quantity(2, "s", "per image")),
        (930, "img/s", "throughput", Quantity(930, "img/s")),
    ],
)
def test_printed_costs_come_into_one_unit_where_units_convert(value, unit, metric, quantity):
    assert cost(value, unit, metric) == quantity


@pytest.mark.parametrize(
    ("value", "unit", "metric", "quantity"),
    [
        (79.32, "%", "accuracy", Quantity(79.32, "%")),
        (24.0, "%", "error", Quantity(76.0, "%")),
        (0.5, "fraction", "accuracy", Quantity(50.0, "%")),
        (100, "% (almost)", "accuracy", Quantity(100, "%")),
        (86.8, "% of the full model", "accuracy", Quantity(86.8, "%", "of the full model")),
        (30.8, "FID", "error", Quantity(30.8, "FID")),
    ],
)
def test_errors_and_fractions_become_per_cent_reached_and_distances_stay(
    value, unit, metric, quantity
):
    assert quality(value, unit, metric) == quantity


@pytest.mark.parametrize(
    ("metric", "convention", "measure", "what", "name"),
    [
        ("macs", "", "", "", "multiply-adds"),
        ("macs", "mac:conv-fc", "", "", "multiply-adds"),
        ("flops", "mac:conv-fc", "", "", "multiply-adds"),
        ("flops", "", "", "", "FLOPs as printed"),
        ("flops", "op_counter", "", "", "op_counter"),
        ("params", "", "active", "", "active parameters"),
        ("params", "", "", "activated", "active parameters"),
        ("params", "", "", "(2^20)", "parameters, (2^20)"),
        ("fraction_used", "", "", "of tokens", "fraction used, of tokens"),
    ],
)
def test_ways_of_counting_have_names(metric, convention, measure, what, name):
    assert counting(metric, convention, measure, what) == name


def test_more_speed_and_more_saving_are_better_and_more_cost_is_not():
    assert not less_is_better("throughput", "")
    assert not less_is_better("flops", "fewer")
    assert less_is_better("flops", "of the full model")


@pytest.mark.parametrize(
    ("text", "dimension", "bound"),
    [
        ("300 M", "count", 300e6),
        ("4.5g", "count", 4.5e9),
        ("4,5 G", "count", 4.5e9),
        ("1200", "count", 1200),
        ("12 ms", "s", 0.012),
        ("12", "s", 0.012),
        ("900", "img/s", 900),
        ("12 ms", "count", None),
        ("cheap", "count", None),
        ("-3 M", "count", None),
    ],
)
def test_bounds_are_read_as_people_write_them(text, dimension, bound):
    assert read_bound(text, dimension) == pytest.approx(bound) if bound else bound is None


@pytest.mark.parametrize(
    ("value", "dimension", "text"),
    [(4.6e9, "count", (4.6, "G")), (317e6, "count", (317, "M")), (0.012, "s", (12, "ms"))],
)
def test_quantities_are_shown_in_a_unit_for_reading(value, dimension, text):
    number, unit = shown(value, dimension)
    assert (pytest.approx(number), unit) == text


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [
        (0, 10, [0, 2, 4, 6, 8, 10]),
        (76.2, 84.9, [78, 80, 82, 84]),
        (0.1, 0.3, [0.1, 0.15, 0.2, 0.25, 0.3]),
    ],
)
def test_ticks_are_round_and_lie_between_the_ends(low, high, marks):
    assert ticks(low, high) == pytest.approx(marks)
