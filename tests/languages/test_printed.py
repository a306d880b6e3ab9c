"""What programs and papers print in English, in the words of a Chinese page."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.utils.translation import override

from kb.languages.printed import METRICS, told
from kb.pages.reproductions.plot_points import pairs_plot, plots_of
from kb.pages.reproductions.vega import spec
from kb.templatetags.saying import ordinal

POINTS = [
    {"curve": "loss while training, 16 bits", "x": step, "y": 1.0 / step, "more": {}, "seed": 0}
    for step in range(1, 5)
]


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("accuracy against mean MACs", "精度与平均 MACs"),
        ("loss while training, 16 bits", "训练中的损失，16 位"),
        ("chosen places, stage II", "选定的位置，阶段 II"),
        ("seed 100", "种子 100"),
        ("top-1, %", "top-1，%"),
        ("dynamicvit-deit-s", "dynamicvit-deit-s"),
        ("", ""),
    ],
)
def test_parts_are_said_and_names_stay(printed: str, shown: str) -> None:
    with override("zh-hans"):
        assert told(printed) == shown
    assert told(printed) == printed


def test_keys_of_metrics_are_said_in_words_in_both_languages() -> None:
    assert told("epochs_sd") == "standard deviation of the epochs"
    assert told("accuracy_difference, %") == "difference in accuracy, %"
    with override("zh-hans"):
        assert told("epochs_sd") == "轮数的标准差"
        assert told("accuracy_difference, %") == "精度之差，%"


def test_every_metric_that_a_record_measures_reads_as_words() -> None:
    measured = {
        row["metric"]
        for path in (settings.FIXTURES_DIR / "runs").glob("*.json")
        for row in json.loads(path.read_text(encoding="utf-8"))[-1]["measurements"]
    }

    assert "epochs_sd" in measured
    assert [name for name in measured if "_" in told(name)] == []
    assert set(METRICS) <= measured


def test_a_plot_speaks_the_language_of_its_page_and_keeps_its_address() -> None:
    (english,) = plots_of(POINTS)
    with override("zh-hans"):
        (chinese,) = plots_of(POINTS)
        sentence, drawn = chinese.sentence, spec(chinese)

    assert chinese.slug == english.slug == "loss-while-training"
    assert (english.title, english.x, english.y) == ("Loss while training", "update", "loss")
    assert (chinese.title, chinese.x, chinese.y) == ("训练中的损失", "更新次数", "损失")
    assert "训练中的损失" in sentence and "update" not in sentence
    titles = {layer["encoding"]["x"]["title"] for layer in drawn["layer"]}
    assert titles == {"更新次数"}


def test_printed_and_measured_values_are_named_in_chinese() -> None:
    rows = [{"setting": "MSDNet", "paper": 1.0, "ours": 1.1, "verdict": "met"}]
    with override("zh-hans"):
        plot = pairs_plot(rows, metric="accuracy", unit="%", source="")
        sources = [row[1] for row in plot.table]

    assert plot.title == "所印与实测：精度，%"
    assert sources == ["论文", "我们"]
    assert plot.slug == "printed-and-measured-accuracy"


def test_editions_are_counted_without_english_endings() -> None:
    assert ordinal("3rd") == "3rd"
    with override("zh-hans"):
        assert (ordinal("3rd"), ordinal("first")) == ("3", "first")
