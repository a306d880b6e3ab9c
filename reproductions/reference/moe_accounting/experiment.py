"""Count every model, total and active, and check the declared active share by tracing a token."""

import time

import torch

from reproductions.protocol import Reporter
from reproductions.protocol.cost import parameter_count, trace

from .configurations import ENCODER_DECODERS, LANGUAGE_MODELS, NOISY_TOP_K
from .model import LanguageModel, MoELanguageModel, matrix_parameters, sizes


def run(report: Reporter) -> None:
    """All counts; everything lives on the meta device."""
    done, total = 0, len(LANGUAGE_MODELS) + len(ENCODER_DECODERS) + len(NOISY_TOP_K)
    with torch.device("meta"):
        largest_gap = 0
        for name, build in LANGUAGE_MODELS.items():
            largest_gap = max(largest_gap, report_language_model(report, name, build()))
            done += 1
            report.progress(done, total, name)
        report.measure(
            "traced-minus-declared",
            largest_gap,
            metric="parameters_gap",
            unit="1",
            setting="weights multiplied by one token: traced minus declared, largest over models",
        )
        for name, make in ENCODER_DECODERS.items():
            _measure(report, f"{name}-total", "params", parameter_count(make()), name)
            done += 1
            report.progress(done, total, name)
        for name, (experts, groups) in NOISY_TOP_K.items():
            report_noisy_top_k(report, name, experts, groups)
            done += 1
            report.progress(done, total, name)


def report_language_model(report: Reporter, name: str, model: LanguageModel) -> int:
    """Four counts; returns |weights one token multiplies, as traced, minus as declared|."""
    started = time.perf_counter()
    found = sizes(model)
    tally = trace(model.eval(), torch.zeros(1, 1, dtype=torch.long))
    seconds = time.perf_counter() - started
    _measure(report, f"{name}-total", "params", found.total, name)
    active = {
        "params:active": found.active,
        "params:active-no-input-embedding": found.active_no_input_embedding,
        "params:active-no-embedding-no-head": found.active_no_embedding_no_head,
    }
    for convention, count in active.items():
        id = f"{name}-{convention.removeprefix('params:')}"
        _measure(report, id, "params", count, name, convention)
        report.point(
            "total against active parameters", found.total, count, label=name, series=convention
        )
    report.log(
        f"{name}: {found.total:,} parameters counted and one token traced in {seconds:.2f} s"
    )
    return abs(tally.counts["linear"] - matrix_parameters(model))


def report_noisy_top_k(report: Reporter, name: str, experts: int, groups: int) -> None:
    """Parameters and multiply-accumulates a token, embedding and softmax left out."""
    model = MoELanguageModel(experts, groups).eval()
    convention = "params:no-embedding-no-head"
    _measure(report, f"{name}-params", "params", parameter_count(model), name, convention)
    macs = trace(model, torch.empty(1, 512)).under("mac:conv-fc")
    _measure(report, f"{name}-macs", "macs", macs, f"{name}, one token", "mac:conv-fc")
    report.point("operations against parameters", parameter_count(model), macs, label=name)


def _measure(
    report: Reporter,
    id: str,
    metric: str,
    value: int,
    setting: str,
    convention: str = "params:trainable",
) -> None:
    report.measure(id, value, metric=metric, unit="1", setting=setting, convention=convention)
