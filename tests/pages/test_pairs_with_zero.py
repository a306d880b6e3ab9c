"""A figure of printed and measured values whose printed values include a zero."""

from kb.pages.reproductions.plot_points import pairs_plot
from kb.pages.reproductions.vega import spec


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
