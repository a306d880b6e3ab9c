"""The tracer against closed forms."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from reproductions.protocol.conventions import CONVENTIONS, KINDS, convention
from reproductions.protocol.cost import Tracer, UnknownOperator, parameter_count, trace
from reproductions.protocol.shapes import quick_result


def counts(function, *inputs) -> dict[str, int]:
    return dict(trace(function, *inputs).counts)


@pytest.fixture(params=["meta", "cpu"])
def device(request):
    with torch.device(request.param):
        yield request.param


@pytest.mark.parametrize(
    ("layer", "shape", "macs"),
    [
        (nn.Conv2d(3, 8, 3, padding=1), (1, 3, 10, 12), 10 * 12 * 8 * 3 * 9),
        (nn.Conv2d(6, 8, 3, stride=2, groups=2), (1, 6, 11, 11), 5 * 5 * 8 * 3 * 9),
        (nn.Conv2d(6, 6, 5, groups=6, padding=2), (2, 6, 4, 4), 2 * 16 * 6 * 25),
        (nn.Conv2d(4, 4, 3, dilation=2), (1, 4, 9, 9), 25 * 4 * 4 * 9),
        (nn.Conv1d(4, 5, 3), (1, 4, 10), 8 * 5 * 4 * 3),
        (nn.Conv3d(2, 3, 2), (1, 2, 4, 4, 4), 27 * 3 * 2 * 8),
        (nn.ConvTranspose2d(4, 6, 2, stride=2), (1, 4, 5, 5), 25 * 4 * 6 * 4),
    ],
)
def test_a_convolution_costs_window_times_channels_times_outputs(layer, shape, macs):
    layer = layer.to("meta")

    tally = trace(layer, torch.empty(shape, device="meta"))

    assert tally.under("mac:conv-fc") == macs


def test_a_generated_kernel_counts_like_a_learned_one(device):
    image, kernel = torch.zeros(1, 4, 8, 8), torch.zeros(6, 4, 3, 3)

    assert counts(lambda: F.conv2d(image, kernel + 1))["convolution"] == 36 * 6 * 4 * 9


def test_a_linear_layer_costs_ins_times_outs_for_every_token(device):
    found = counts(nn.Linear(7, 5), torch.zeros(2, 3, 7))

    assert found == {"linear": 2 * 3 * 7 * 5, "linear_bias": 2 * 3 * 5}


def test_both_attention_products_are_seen_whatever_kernel_runs_them(device):
    q, k, v = (torch.zeros(2, 3, size, 8) for size in (5, 9, 9))

    found = counts(F.scaled_dot_product_attention, q, k, v)

    assert found["product"] == 2 * 3 * (5 * 9 * 8 + 5 * 9 * 8)
    assert found["softmax"] == 2 * 3 * 5 * 9


def test_multi_head_attention_is_four_maps_and_two_products(device):
    layer, x = nn.MultiheadAttention(12, 3, batch_first=True).eval(), torch.zeros(1, 7, 12)

    found = counts(lambda: layer(x, x, x))

    assert (found["linear"], found["product"]) == (4 * 7 * 12 * 12, 2 * 7 * 7 * 12)


def test_an_lstm_costs_four_gates_a_step():
    layer, x = nn.LSTM(6, 5, batch_first=True).to("meta"), torch.zeros(1, 9, 6, device="meta")

    assert counts(layer, x)["linear"] == 9 * 4 * 5 * (6 + 5)


def test_selected_experts_are_weights_and_mixed_ones_are_products(device):
    experts, x = nn.Parameter(torch.zeros(10, 6, 4)), torch.zeros(3, 1, 6)
    chosen, mixture = torch.tensor([1, 1, 0]), torch.zeros(3, 10)

    selected = counts(lambda: torch.bmm(x, experts[chosen]))
    mixed = counts(lambda: torch.bmm(x, (mixture @ experts.flatten(1)).view(3, 6, 4)))

    assert selected == {"linear": 3 * 6 * 4}
    assert mixed == {"linear": 3 * 10 * 24, "product": 3 * 6 * 4}


def test_what_an_embedding_looks_up_is_not_a_weight(device):
    table = nn.Embedding(10, 6)

    def attend(text):
        x = table(text)
        return x @ x.transpose(1, 2)

    assert counts(attend, torch.zeros(1, 5, dtype=torch.long)) == {"product": 5 * 5 * 6}


def test_tokens_behind_a_learned_class_token_are_not_weights(device):
    token, x = nn.Parameter(torch.zeros(1, 1, 6)), torch.zeros(1, 4, 6)

    def attend(x):
        x = torch.cat([token, x], dim=1)
        return x @ x.transpose(1, 2)

    assert counts(attend, x) == {"product": 5 * 5 * 6}


def test_a_weight_that_was_rescaled_or_transposed_is_still_a_weight(device):
    weight, x = nn.Parameter(torch.zeros(4, 6)), torch.zeros(2, 6)

    assert counts(lambda: x @ (weight * 0.5).clone().t())["linear"] == 2 * 6 * 4


def test_pooling_counts_windows_and_pooled_elements_apart(device):
    x = torch.zeros(1, 2, 8, 8)

    overlapping = counts(lambda: F.avg_pool2d(x, 3, stride=2, padding=1))

    assert overlapping == {"average_pooling": 2 * 16 * 9, "average_pooled": 2 * 64}
    assert counts(lambda: F.max_pool2d(x, 2)) == {"max_pooling": 2 * 64}
    assert counts(lambda: F.adaptive_avg_pool2d(x, 1))["average_pooled"] == 2 * 64


def test_conventions_charge_what_they_say():
    network = nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1),
        nn.BatchNorm2d(4),
        nn.ReLU(inplace=True),
        nn.AvgPool2d(4),
        nn.Flatten(),
        nn.Linear(4, 10),
    )
    network = network.to("meta").eval()

    tally = trace(network, torch.empty(1, 3, 4, 4, device="meta"))

    convolution, linear, pixels = 16 * 4 * 3 * 9, 40, 64
    assert tally.under("mac:conv-fc") == convolution + linear
    assert tally.under("mac:conv-fc-pool") == convolution + linear + pixels
    assert tally.under("op_counter") == convolution + linear + 10 + pixels + pixels
    assert tally.under("mac:thop") == convolution + linear + 2 * pixels + pixels + pixels
    assert tally.under("flop2:conv-fc") == 2 * (convolution + linear)


def test_an_operator_nobody_has_priced_stops_the_count():
    with pytest.raises(UnknownOperator, match="fft"):
        trace(torch.fft.fft, torch.zeros(4))


def test_a_snapshot_does_not_change_when_more_is_counted():
    layer = nn.Linear(3, 3, bias=False, device="meta")
    with torch.no_grad(), Tracer() as tracer:
        layer(torch.empty(1, 3, device="meta"))
        first = tracer.snapshot()
        layer(torch.empty(1, 3, device="meta"))

    assert (first.counts["linear"], tracer.tally.counts["linear"]) == (9, 18)


def test_shared_and_frozen_parameters():
    model = nn.ModuleDict({"a": nn.Linear(3, 4), "b": nn.Linear(3, 4)})
    model["b"].weight = model["a"].weight
    model["b"].bias.requires_grad_(False)

    assert parameter_count(model) == 12 + 4
    assert parameter_count(model, lambda name: name.endswith("bias")) == 4


@pytest.mark.parametrize("name", CONVENTIONS)
def test_every_convention_is_explained_and_weighs_known_kinds(name):
    assert convention(name).text
    assert set(convention(name).weights) <= set(KINDS)


def test_an_unknown_convention_is_refused_with_the_list():
    with pytest.raises(ValueError, match="op_counter"):
        convention("mac:guess")
    with pytest.raises(ValueError, match="not a sum"):
        trace(lambda: None).under("params:active")


@pytest.mark.parametrize(
    "call",
    [
        lambda x, y: x + y,
        lambda x, y: x * y[0],
        lambda x, y: x[0] - y,
        lambda x, y: x / 3,
        lambda x, y: (x * y).softmax(-1),
        lambda x, y: F.gelu(x).relu_().add_(1),
        lambda x, y: F.silu(x).half() + 1,
        lambda x, y: x + y.double(),
        lambda x, y: x.long() * 2,
        lambda x, y: F.batch_norm(x, torch.zeros(3), torch.ones(3)),
        lambda x, y: F.batch_norm(x, None, None, training=True),
    ],
)
def test_traced_shapes_and_types_are_those_of_the_real_computation(call):
    x, y = torch.rand(2, 3, 4), torch.rand(2, 3, 4)
    real = call(x, y)

    with torch.device("meta"), torch.no_grad(), Tracer():
        traced = call(x.to("meta"), y.to("meta"))

    assert (traced.shape, traced.dtype) == (real.shape, real.dtype)


def test_quick_results_leave_other_devices_and_types_to_pytorch():
    assert quick_result("add", (torch.ones(2), torch.ones(2)), {}) is None
    assert quick_result("add", (torch.ones(2, device="meta").long(), 1), {}) is None
    assert quick_result("matmul", (torch.ones(2, device="meta"),), {}) is None
