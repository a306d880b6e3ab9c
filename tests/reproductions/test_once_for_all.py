"""Parts of one network: centres of kernels, leading channels, first blocks."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from reproductions.protocol.cost import trace
from reproductions.reference.once_for_all.experiment import unsettle
from reproductions.reference.once_for_all.model import (
    SPACES,
    ElasticBlock,
    ElasticKernel,
    Excitation,
    OnceForAll,
    Setting,
    Space,
    Stage,
    deployed_parameters,
    divisible,
    extracted,
    subnets,
)
from reproductions.reference.once_for_all.settings import RELEASED, setting

SMALL = Space(8, 8, (Stage(16, 2, True, "hardswish"),), 24, 32, "hardswish", "relu")


def test_channels_are_rounded_to_eights_but_never_by_more_than_a_tenth():
    assert [divisible(channels) for channels in (1, 8, 11, 12, 60, 64.4, 106)] == [
        *(8, 8, 16, 16, 64, 64, 104),
    ]


def test_a_smaller_kernel_is_the_centre_of_the_larger_through_its_matrix():
    kernel = ElasticKernel(4)

    assert torch.equal(kernel.kernels(4, 7), kernel.weight)
    assert torch.allclose(kernel.kernels(3, 5), kernel.weight[:3, :, 1:-1, 1:-1])
    assert torch.allclose(kernel.kernels(2, 3), kernel.weight[:2, :, 2:-2, 2:-2])


def test_the_matrix_of_a_kernel_mixes_its_places_alike_in_all_channels():
    kernel = ElasticKernel(2, largest=5)
    with torch.no_grad():
        kernel.matrices["3"].copy_(torch.arange(81.0).view(9, 9))

    made = kernel.kernels(2, 3)

    centre = kernel.weight[:, 0, 1:4, 1:4]
    for channel in range(2):
        expected = kernel.matrices["3"] @ centre[channel].reshape(9)
        assert torch.allclose(made[channel, 0], expected.view(3, 3), atol=1e-4)


def test_the_matrices_take_706_values_a_layer():
    assert sum(matrix.numel() for matrix in ElasticKernel(8).matrices.values()) == 706


@pytest.mark.parametrize("attends", [True, False])
@torch.no_grad()
def test_a_block_is_the_same_as_one_of_plain_layers(attends):
    torch.manual_seed(0)
    block = ElasticBlock(16, Stage(16, 1, attends, "hardswish"), 1, 6, 7).eval()
    x = torch.randn(2, 16, 9, 9)
    channels = 16 * 4

    expand = nn.Conv2d(16, channels, 1, bias=False)
    expand.weight.copy_(block.expand.weight[:channels])
    depthwise = nn.Conv2d(channels, channels, 5, padding=2, groups=channels, bias=False)
    depthwise.weight.copy_(block.filter.weight[:channels, :, 1:-1, 1:-1])
    project = nn.Conv2d(channels, 16, 1, bias=False)
    project.weight.copy_(block.project.weight[:, :channels])
    norm = 1 / (1 + 1e-5) ** 0.5  # statistics of zero and one
    inner = F.hardswish(depthwise(F.hardswish(expand(x) * norm)) * norm)
    if attends:
        reduce, widen = block.excitation.reduce, block.excitation.expand
        squeezed = F.relu(
            inner.mean((2, 3)) @ reduce.weight[:16, :channels, 0, 0].T + reduce.bias[:16]
        )
        scale = squeezed @ widen.weight[:channels, :16, 0, 0].T + widen.bias[:channels]
        inner = inner * F.hardsigmoid(scale)[..., None, None]

    assert torch.allclose(block(x, (5, 4)), x + project(inner) * norm, atol=1e-5)


@pytest.mark.parametrize("blocks", ["33", "56", "74 53", "33 34 56", "76 76 76 76"])
@torch.no_grad()
def test_a_part_of_the_shared_weights_gives_what_its_copy_gives(blocks, monkeypatch):
    monkeypatch.setitem(SPACES, "small", SMALL)
    torch.manual_seed(0)
    chosen = setting("small", 32, blocks)
    supernet = OnceForAll(SMALL, [4], [[(7, 6)] * 4], classes=5).eval()
    unsettle(supernet)
    images = torch.randn(2, 3, 32, 32)

    alone = extracted(supernet, chosen)

    assert deployed_parameters(alone) <= deployed_parameters(supernet)
    inside, outside = supernet(images, chosen.stages), alone(images, chosen.stages)
    assert torch.allclose(inside, outside, atol=1e-5)
    assert inside.std() > 1e-3


@torch.no_grad()
def test_blocks_after_the_chosen_depth_are_not_touched():
    torch.manual_seed(0)
    network, images = (
        OnceForAll(SMALL, [4], [[(7, 6)] * 4], classes=5).eval(),
        torch.randn(1, 3, 32, 32),
    )
    before = network(images, [[(3, 3), (3, 3)]])
    for value in network.stages[0][2].parameters():
        value.fill_(float("nan"))

    assert torch.equal(network(images, [[(3, 3), (3, 3)]]), before)
    assert network(images, [[(3, 3)] * 3]).isnan().all()


def test_the_cost_grows_with_every_choice():
    def macs(blocks):
        with torch.device("meta"):
            network = OnceForAll(SMALL, [len(blocks)], [blocks])
            return trace(network.eval(), torch.empty(1, 3, 64, 64), [blocks]).under("mac:conv-fc")

    assert macs([(3, 3)]) < macs([(5, 3)]) < macs([(5, 4)]) < macs([(5, 4), (3, 3)])


def test_fifty_networks_are_listed_within_their_spaces():
    assert len(RELEASED) == 50
    for name, chosen in RELEASED.items():
        assert isinstance(chosen, Setting)
        units = chosen.stages[:5]
        assert len(chosen.stages) == len(SPACES[chosen.space].stages), name
        assert all(2 <= len(stage) <= 4 for stage in units), name
        blocks = {block for stage in chosen.stages for block in stage}
        assert {kernel for kernel, _ in blocks} <= {3, 5, 7}, name
        assert {expansion for _, expansion in blocks} <= {3, 4, 6}, name


def test_sub_networks_are_counted_as_in_section_3():
    assert subnets((2, 3, 4), 3, 3, 5) == (9**2 + 9**3 + 9**4) ** 5
    assert f"{subnets((2, 3, 4), 3, 3, 5):.0e}" == "2e+19"


def test_excitation_of_a_part_uses_a_part_of_its_hidden_channels():
    whole = Excitation(64)
    with torch.no_grad():
        whole.reduce.weight[8:] = float("nan")

    assert torch.isfinite(whole(torch.ones(1, 32, 2, 2))).all()
    assert whole(torch.ones(1, 64, 2, 2)).isnan().any()
