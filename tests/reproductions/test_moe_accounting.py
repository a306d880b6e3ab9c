"""Total and active parameters."""

import pytest
import torch

from reproductions.protocol.cost import parameter_count, trace
from reproductions.reference.moe_accounting.configurations import (
    LANGUAGE_MODELS,
    NOISY_TOP_K,
    deepseek_v3,
    mixtral_8x7b,
)
from reproductions.reference.moe_accounting.layers import Experts, MixtureOfExperts
from reproductions.reference.moe_accounting.model import (
    MoELanguageModel,
    matrix_parameters,
    sizes,
)


def test_mixtral_is_the_sum_of_its_parts():
    width, layers, hidden, vocabulary = 4096, 32, 14336, 32000
    attention = 2 * width * width + 2 * width * 1024
    expert, router, norms = 3 * width * hidden, 8 * width, 2 * width
    embedding = vocabulary * width

    with torch.device("meta"):
        found = sizes(mixtral_8x7b())

    outside = 2 * embedding + width
    assert found.total == layers * (attention + 8 * expert + router + norms) + outside
    assert found.active == layers * (attention + 2 * expert + router + norms) + outside
    assert found.active_no_input_embedding == found.active - embedding
    assert found.active_no_embedding_no_head == found.active - 2 * embedding


@pytest.mark.parametrize("name", ["olmoe-1b-7b", "gpt-oss-20b", "grok-1", "qwen1.5-moe"])
def test_a_token_multiplies_exactly_the_active_weights(name):
    with torch.device("meta"):
        model = LANGUAGE_MODELS[name]().eval()
        tally = trace(model, torch.zeros(1, 1, dtype=torch.long))

    assert tally.counts["linear"] == matrix_parameters(model)


def test_the_largest_models_need_no_memory():
    with torch.device("meta"):
        largest = MoELanguageModel(*NOISY_TOP_K["moe-131072-h"])
        found = sizes(deepseek_v3())

    assert parameter_count(largest) > 137 * 10**9
    assert found.total > 670 * 10**9
    assert all(parameter.is_meta for parameter in largest.parameters())


def test_a_tied_head_is_counted_once_and_stays_without_the_input_embedding():
    with torch.device("meta"):
        found = sizes(LANGUAGE_MODELS["grok-1"]())

    assert found.active_no_input_embedding == found.active
    assert found.active - found.active_no_embedding_no_head == 131072 * 6144


def test_stacked_experts_give_what_each_chosen_expert_gives():
    torch.manual_seed(0)
    experts = Experts(4, 6, count=5, active=2, gated=True)
    for parameter in experts.parameters():
        torch.nn.init.normal_(parameter)
    x, weights = torch.randn(3, 4), torch.rand(3, 2)
    chosen = torch.tensor([[0, 4], [2, 2], [3, 1]])

    y = experts(x, chosen, weights)

    for token in range(3):
        expected = torch.zeros(4)
        for slot in range(2):
            gate, up = (x[token] @ experts.up[chosen[token, slot]]).chunk(2)
            hidden = torch.nn.functional.silu(gate) * up
            expected += weights[token, slot] * (hidden @ experts.down[chosen[token, slot]])
        assert torch.allclose(y[token], expected, atol=1e-4)


def test_shared_experts_run_for_every_token():
    layer = MixtureOfExperts(4, 6, count=3, active=1, shared=8)
    for parameter in layer.experts.parameters():
        torch.nn.init.zeros_(parameter)
    x = torch.randn(1, 2, 4)

    assert torch.allclose(layer(x), layer.shared(x))


@pytest.mark.parametrize("groups", [0, 4])
def test_the_gates_of_2017_run_four_experts_of_a_token(groups):
    with torch.device("meta"):
        model = MoELanguageModel(16, groups)
        tally = trace(model.mixture.experts, torch.empty(1, 512), *chosen_by_chance())

    assert tally.counts["linear"] == 4 * 2 * 512 * 1024


def chosen_by_chance():
    return torch.zeros(1, 4, dtype=torch.long), torch.ones(1, 4)
