"""The closed list of counting conventions: what a printed "FLOPs" or "parameters" may mean.

A convention of operations is a weight per kind of operation, applied to what
:mod:`reproductions.protocol.cost` saw.  A convention of parameters says which tensors count.
A claim names one; two numbers are comparable only under the same name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

KINDS: Mapping[str, str] = {
    "convolution": "multiply-accumulates of convolutions, also with generated kernels",
    "linear": "multiply-accumulates of matrix products with a weight",
    "product": "multiply-accumulates of matrix products of two computed tensors (attention)",
    "convolution_bias": "additions of a bias in convolutions",
    "linear_bias": "additions of a bias in linear layers",
    "average_pooling": "inputs read by the windows of average pooling and of means",
    "average_pooled": "elements that enter average pooling or a mean, each once",
    "max_pooling": "inputs read by the windows of max pooling",
    "relu": "elements through ReLU, ReLU6 and hard tanh",
    "activation": "elements through any other activation function",
    "softmax": "elements through softmax",
    "normalisation": "elements through batch, layer or group normalisation",
    "layer_normalisation": "of these, elements through layer normalisation",
    "elementwise": "elements of sums, products and other arithmetic of tensors",
}


@dataclass(frozen=True)
class Convention:
    """One way of counting.  `weights` is empty for conventions that are not sums over kinds."""

    name: str
    text: str
    weights: Mapping[str, int] = field(default_factory=dict)


_MACS = {"convolution": 1, "linear": 1}
_ALL_MACS = {"convolution": 1, "linear": 1, "product": 1}

_LISTED = (
    Convention(
        "mac:conv-fc",
        "multiply-accumulates of convolutions and linear layers; nothing else",
        _MACS,
    ),
    Convention(
        "mac:conv-fc-pool",
        "as mac:conv-fc, plus one operation per element that enters average pooling",
        {**_MACS, "average_pooled": 1},
    ),
    Convention(
        "mac:with-products",
        "convolutions, linear layers and products of two computed tensors (attention has two)",
        _ALL_MACS,
    ),
    Convention(
        "mac:with-mixing",
        "as mac:with-products, plus one operation per element of products and sums: kernel "
        "aggregation, attention scales, residual additions",
        {**_ALL_MACS, "elementwise": 1},
    ),
    Convention(
        "op_counter",
        "the counter of MSDNet and RANet: mac:conv-fc, one operation per ReLU input, per input "
        "of a pooling window and per bias of a linear layer; normalisation is free",
        {**_MACS, "linear_bias": 1, "relu": 1, "average_pooling": 1, "max_pooling": 1},
    ),
    Convention(
        "mac:thop",
        "the counter of the thop package: mac:conv-fc, two operations per normalised element, "
        "one per ReLU input and one per input of a pooling window",
        {**_MACS, "normalisation": 2, "relu": 1, "average_pooling": 1, "max_pooling": 1},
    ),
    Convention(
        "mac:fvcore",
        "the counter of the fvcore package for Transformers: mac:with-products, plus five "
        "operations per element of layer normalisation",
        {**_ALL_MACS, "layer_normalisation": 5},
    ),
    Convention(
        "flop2:conv-fc",
        "floating-point operations, two per multiply-accumulate of mac:conv-fc",
        dict.fromkeys(_MACS, 2),
    ),
    Convention(
        "flop2:with-products",
        "floating-point operations, two per multiply-accumulate of mac:with-products",
        dict.fromkeys(_ALL_MACS, 2),
    ),
    Convention(
        "mac:gates-only",
        "closed form: multiply-accumulates of the gates of a recurrent cell for the steps that "
        "are not skipped; no biases, no element-wise operations",
    ),
    Convention("params:trainable", "every trainable parameter once; no buffers"),
    Convention(
        "params:no-embedding-no-head",
        "trainable parameters without the input embedding and the output layer",
    ),
    Convention(
        "params:active",
        "parameters that one token uses: of the routed experts the chosen ones, everything else "
        "whole, the input embedding and the output layer included",
    ),
    Convention(
        "params:active-no-input-embedding",
        "as params:active, without the input embedding; a tied output layer still counts",
    ),
    Convention(
        "params:active-no-embedding-no-head",
        "as params:active, without the input embedding and the output layer",
    ),
)

CONVENTIONS: Mapping[str, Convention] = {item.name: item for item in _LISTED}


def convention(name: str) -> Convention:
    """The convention of that name; ValueError with the list if there is none."""
    try:
        return CONVENTIONS[name]
    except KeyError:
        raise ValueError(f"no convention {name!r}; there are {', '.join(CONVENTIONS)}") from None
