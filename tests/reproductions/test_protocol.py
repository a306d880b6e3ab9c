"""The lines between a reference program and whoever started it."""

import io
import json
import math

import pytest

from reproductions import protocol
from reproductions.protocol import events


def lines_of(act) -> list[str]:
    stream = io.StringIO()
    act(protocol.Reporter("slimmable", scale="exact", seed=3, stream=stream))
    return stream.getvalue().splitlines()


def test_every_kind_of_line_is_read_back_as_it_was_reported():
    def act(report):
        report.progress(1, 4, note="width 0.5")
        report.measure("v1", 569e6, metric="macs", unit="1", setting="v1", convention="mac:conv-fc")
        report.point("widths", 0.5, 70.6, label="0.5x")
        report.log("half way")
        report.needs_data("CIFAR-10")
        report.end("needs-data")

    read = list(protocol.read_events(lines_of(act)))

    assert read == [
        events.Progress(1, 4, "width 0.5"),
        events.Measure("v1", "v1", "macs", 569e6, "1", "mac:conv-fc", 3),
        events.Point("widths", 0.5, 70.6, {"label": "0.5x"}),
        events.Log("half way"),
        events.NeedsData("CIFAR-10"),
        events.End("needs-data"),
    ]


def test_start_names_the_environment():
    (line,) = lines_of(lambda report: report.start())

    start = protocol.read_event(line)

    assert isinstance(start, events.Start)
    assert (start.program, start.scale, start.seed, start.device) == (
        "slimmable",
        "exact",
        3,
        "cpu",
    )
    assert set(start.environment) == {"python", "torch", "numpy", "threads", "cpu", "accelerator"}


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_refused(value):
    with pytest.raises(ValueError, match="finite"):
        lines_of(lambda report: report.measure("a", value, metric="m", unit="1", setting=""))


def test_measuring_one_id_twice_with_one_seed_is_refused_but_another_seed_is_fine():
    def twice(report, seed):
        report.measure("a", 1, metric="m", unit="1", setting="", seed=0)
        report.measure("a", 1, metric="m", unit="1", setting="", seed=seed)

    assert len(lines_of(lambda report: twice(report, 1))) == 2
    with pytest.raises(ValueError, match="before"):
        lines_of(lambda report: twice(report, 0))


def test_missing_data_ends_the_run_in_order():
    def act(report):
        with report:
            raise protocol.DataMissing("CIFAR-10 as python batches")

    read = [protocol.read_event(line) for line in lines_of(act)]

    assert read[1:] == [
        events.NeedsData("CIFAR-10 as python batches"),
        events.End("needs-data"),
    ]


def test_a_fault_ends_the_run_as_failed_and_is_not_hidden():
    stream = io.StringIO()
    with pytest.raises(ZeroDivisionError), protocol.Reporter("p", scale="toy", stream=stream):
        _ = 1 / 0

    assert protocol.read_event(stream.getvalue().splitlines()[-1]) == events.End("failed")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Traceback (most recent call last):",
        "[1, 2]",
        '"event"',
        "null",
        "1e999",
        '{"event": "unknown"}',
        '{"event": ["measure"]}',
        '{"event": "progress", "done": -1, "total": 2}',
        '{"event": "progress", "done": true, "total": 2}',
        '{"event": "point", "curve": "c", "x": NaN, "y": 1}',
        '{"event": "point", "curve": "c", "x": 1e999, "y": 1}',
        '{"event": "point", "curve": "c", "x": 1, "y": 1, "deep": [1]}',
        '{"event": "point", "curve": " ", "x": 1, "y": 1}',
        '{"event": "end", "status": "glorious"}',
        '{"event": "measure", "id": "a"',
        '{"event": "start", "program": "p", "scale": "huge", "seed": 0, "device": "cpu"}',
        '{"event": "start", "program": "p", "scale": "toy", "seed": 0.5, "device": "cpu"}',
        "[" * 60_000,
        '{"event": "progress", "done": 1' + "0" * 5_000 + ', "total": 1}',
    ],
)
def test_whatever_is_not_an_event_is_log_text(line):
    assert isinstance(protocol.read_event(line), events.Log)


@pytest.mark.parametrize("line", [b"\xff\xfe\x00", bytes(range(256)), "\ud800", "\x1b]0;title"])
def test_no_bytes_can_break_the_reader(line):
    read = protocol.read_event(line)

    assert isinstance(read, events.Log)
    read.text.encode("utf-8")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain", "plain"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;new title\x07after", "after"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("over\rwrite", "over\ufffdwrite"),
        ("a\u202eb", "a\ufffdb"),
        ("a\x00b\x07", "a\ufffdb\ufffd"),
        ("tab\tstays <b>too</b>", "tab\tstays <b>too</b>"),
    ],
)
def test_text_cannot_move_a_cursor_or_reorder_a_page(raw, shown):
    assert protocol.neutralised(raw) == shown


def test_escapes_inside_an_event_are_neutralised_too():
    line = json.dumps({"event": "log", "text": "\x1b[2Jgone"})

    assert protocol.read_event(line) == events.Log("gone")


def test_a_very_long_line_is_cut():
    read = protocol.read_event("x" * 10_000_000)

    assert isinstance(read, events.Log)
    assert len(read.text) == events.TEXT_LIMIT


def test_options_offer_only_the_scales_of_the_program():
    options = protocol.parser("skip_rnn", scales=("exact", "smoke"))

    assert options.parse_args([]).scale == "exact"
    assert options.parse_args(["--scale", "smoke", "--seed", "7"]).seed == 7
    with pytest.raises(SystemExit):
        options.parse_args(["--scale", "full"])
    with pytest.raises(SystemExit):
        options.parse_args(["--seed", "-1"])


@pytest.mark.parametrize("scales", [(), ("exact", "gigantic")])
def test_unknown_scales_are_refused(scales):
    with pytest.raises(ValueError, match="scales"):
        protocol.parser("p", scales=scales)
