"""An LSTM that rescales the weights of another."""

import pytest
import torch

from reproductions.protocol.cost import parameter_count
from reproductions.reference.hypernetworks.convolutional import (
    CifarResNet,
    GeneratedConv,
    KernelGenerator,
    MnistKernelGenerator,
    WideResNet,
)
from reproductions.reference.hypernetworks.model import CharacterModel, HyperLSTMCell, LSTMCell


def test_an_lstm_has_four_gates_of_inputs_state_and_bias():
    assert parameter_count(LSTMCell(50, 100)) == 4 * 100 * (50 + 100 + 1)


def test_a_hyper_lstm_adds_a_small_lstm_and_its_emissions():
    inputs, units, small, embedding = 5, 7, 3, 2
    large = 4 * units * (inputs + units + 1)
    emissions = 4 * (2 * (small + 1) * embedding + small * embedding + 3 * embedding * units)

    cell = HyperLSTMCell(inputs, units, small, embedding)

    assert parameter_count(cell) == large + 4 * small * (inputs + units + small + 1) + emissions


def test_the_ordinary_cell_is_that_of_pytorch():
    torch.manual_seed(0)
    ours, theirs = LSTMCell(3, 4), torch.nn.LSTMCell(3, 4)
    into, new, forget, out = range(4)  # PyTorch stores input, forget, cell, output
    weights = torch.cat([theirs.weight_ih, theirs.weight_hh], dim=1).view(4, 4, 7)
    order = [0, 2, 1, 3]
    with torch.no_grad():
        ours.weights.weight.copy_(weights[order].flatten(0, 1))
        ours.weights.bias.copy_((theirs.bias_ih + theirs.bias_hh).view(4, 4)[order].flatten())
    x, state = torch.randn(2, 3), (torch.randn(2, 4), torch.randn(2, 4))

    assert (into, new, forget, out) == (0, 1, 2, 3)
    for mine, reference in zip(ours(x, state), theirs(x, state), strict=True):
        assert torch.allclose(mine, reference, atol=1e-6)


@pytest.mark.parametrize("cells", [[HyperLSTMCell(6, 5, 3)], [LSTMCell(6, 5), LSTMCell(5, 4)]])
def test_a_character_model_reads_text_step_by_step(cells):
    model = CharacterModel(cells, characters=6)
    text = torch.randint(6, (2, 4))

    logits = model(text)

    assert logits.shape == (2, 4, 6)
    assert torch.allclose(model(text[:, :2]), logits[:, :2], atol=1e-6)


def test_a_generator_costs_the_same_however_many_kernels_it_writes():
    inputs, outputs, size, embedding, hidden = 3, 5, 3, 6, 7
    generator = KernelGenerator(inputs, outputs, size, embedding, hidden)

    kernels = generator(torch.randn(embedding))

    per_input = inputs * (embedding + 1) * hidden
    assert kernels.shape == (outputs, inputs, size, size)
    assert parameter_count(generator) == per_input + (hidden + 1) * outputs * size * size


def test_kernels_of_one_input_channel_depend_on_its_own_map_alone():
    generator = KernelGenerator(3, 5, 3, embedding=4, hidden=2)
    z = torch.randn(4)
    before = generator(z)

    with torch.no_grad():
        generator.per_input.weight[:2] += 1.0  # the map of input channel 0

    changed = (generator(z) - before).abs().amax(dim=(0, 2, 3))
    assert changed[0] > 0
    assert changed[1:].tolist() == [0.0, 0.0]


def test_a_generated_layer_owns_one_vector_for_each_block_of_kernels():
    generator = KernelGenerator(embedding=8, hidden=8)
    layer = GeneratedConv(32, 48, 2, generator)

    own = parameter_count(layer) - parameter_count(generator)

    assert own == 2 * 3 * 8
    assert layer(torch.randn(1, 32, 8, 8)).shape == (1, 48, 4, 4)


@pytest.mark.parametrize(
    ("network", "depth"),
    [(CifarResNet(8), 8), (WideResNet(10, 2), 10), (WideResNet(10, 1, generated=True), 10)],
)
def test_a_residual_network_has_the_layers_of_its_name(network, depth):
    layers = [
        name
        for name, module in network.named_modules()
        if isinstance(module, torch.nn.Conv2d | GeneratedConv) or name == "head"
        if not name.endswith("shortcut")
    ]

    # depth is 6n + 2 with the head; wide networks count 6n + 4: three shortcuts, but no head
    assert len(layers) == (depth if isinstance(network, CifarResNet) else depth - 2)
    assert network(torch.randn(2, 3, 32, 32)).shape == (2, 10)


def test_the_generator_for_mnist_writes_sixteen_times_sixteen_kernels():
    assert MnistKernelGenerator()(torch.randn(4)).shape == (16, 16, 7, 7)
