"""What is known about PyTorch's operators: which cost something, and in which kind.

Names are those of ``torch.ops.aten`` without overload; an in-place form (``relu_``) follows its
plain form.  An operator in none of the tables stops the tracer: a silent zero would be a lie.
"""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


FREE = _names("""
    alias as_strided detach detach_ expand view _unsafe_view _reshape_alias reshape transpose
    transpose_ t t_ permute squeeze squeeze_ unsqueeze unsqueeze_ unbind split split_with_sizes
    unsafe_split unsafe_chunk unsafe_split_with_sizes chunk select slice narrow diagonal unfold
    movedim swapaxes view_as_real view_as_complex lift_fresh
    empty empty_like empty_strided new_empty new_empty_strided zeros zeros_like new_zeros ones
    ones_like new_ones full full_like new_full fill fill_ zero_ arange linspace scalar_tensor eye
    tril_indices triu_indices
    rand rand_like randn randn_like randint randperm bernoulli bernoulli_ uniform_ normal_
    exponential_ multinomial
    _local_scalar_dense item is_same_size sym_size equal
""")
"""Views, fresh tensors, random numbers: no arithmetic."""

MOVES = _names("""
    clone contiguous copy_ _to_copy cat stack embedding
    index_put index_put_ scatter scatter_ select_scatter slice_scatter constant_pad_nd flip roll
    repeat repeat_interleave tile masked_select im2col pixel_shuffle pixel_unshuffle
    native_channel_shuffle channel_shuffle reflection_pad2d replication_pad2d
    upsample_nearest1d upsample_nearest2d upsample_nearest3d
""")
"""Copies: no arithmetic."""

SELECTIONS = _names("index index_select gather take_along_dim")
"""Selections by computed indices: no arithmetic, and what they take from a weight is a weight.

An embedding is not among them: what it looks up is the input of the network.
"""

FULL_SIZE = {
    **dict.fromkeys(_names("relu hardtanh"), "relu"),
    **dict.fromkeys(
        _names("""
            gelu silu mish elu celu selu leaky_relu _prelu_kernel sigmoid log_sigmoid_forward tanh
            hardsigmoid hardswish softplus glu erf
        """),
        "activation",
    ),
    **dict.fromkeys(_names("_softmax _log_softmax _safe_softmax softmax"), "softmax"),
    **dict.fromkeys(
        _names("""
            native_batch_norm _native_batch_norm_legit _native_batch_norm_legit_no_training
            _batch_norm_with_update _batch_norm_no_update cudnn_batch_norm miopen_batch_norm
            native_layer_norm native_group_norm _fused_rms_norm
        """),
        "normalisation",
    ),
    **dict.fromkeys(
        _names("mean _adaptive_avg_pool2d _adaptive_avg_pool3d"),
        "average_pooling",
    ),
    "adaptive_max_pool2d": "max_pooling",
}
"""Operators that cost one operation of a kind per element of their first argument."""

ELEMENTWISE = _names("""
    add sub rsub mul div neg reciprocal pow sqrt rsqrt square exp exp2 expm1 log log1p log2 abs
    sign sin cos clamp clamp_min clamp_max round floor ceil trunc remainder fmod frac addcmul
    addcdiv lerp where masked_fill minimum maximum sum prod cumsum cumprod logsumexp amax amin max
    min argmax argmin all any var std var_mean norm linalg_vector_norm topk sort argsort kthvalue
    eq ne lt le gt ge logical_and logical_or logical_not logical_xor bitwise_and bitwise_or
    bitwise_not bitwise_xor isnan isinf isfinite tril triu one_hot scatter_add scatter_reduce
    index_add searchsorted bucketize nonzero unique_consecutive bincount histc
    floor_divide true_divide erfinv atan2 hypot logit xlogy heaviside
    upsample_bilinear2d upsample_bicubic2d
""")
"""Operators that cost one operation per element of their largest tensor."""

COMPOUND = _names("""
    convolution avg_pool1d avg_pool2d avg_pool3d max_pool2d_with_indices max_pool3d_with_indices
    _scaled_dot_product_flash_attention _scaled_dot_product_flash_attention_for_cpu
    _scaled_dot_product_efficient_attention _scaled_dot_product_cudnn_attention
    _scaled_dot_product_fused_attention_overrideable
""")
"""Operators with a rule of their own in `cost`."""
