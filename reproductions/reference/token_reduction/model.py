"""A vision Transformer and four ways to go on with fewer tokens.

Token 0 is the class token and always stays.  A reducer acts either before a block (DynamicViT) or
inside it, between attention and feed-forward (EViT, ToMe).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    """stem: side of the patches' square convolution, or "four" for the four convolutions of LV-ViT.

    ratio: hidden width of the feed-forward part over `width`.  dense_head: a second classifier on
    all tokens (LV-ViT), whose largest score of each class counts half, at inference too.
    """

    image: int
    patch: int
    width: int
    depth: int
    heads: int
    ratio: float = 4
    qkv_bias: bool = True
    four_convolutions: bool = False
    dense_head: bool = False
    classes: int = 1000
    colours: int = 3

    @property
    def patches(self) -> int:
        """Tokens without the class token."""
        return (self.image // self.patch) ** 2


def deit(width: int, image: int = 224) -> Shape:
    """DeiT with 12 layers and heads of 64: 192 is tiny, 384 small, 768 base."""
    return Shape(image, 16, width, 12, width // 64)


VIT_LARGE = Shape(224, 16, 1024, 24, 16)
LV_VIT_S = Shape(224, 16, 384, 16, 6, 3, False, True, True)
LV_VIT_M = Shape(224, 16, 512, 20, 8, 3, False, True, True)


@dataclass(frozen=True)
class Seen:
    """What a reducer may look at.

    attention: (batch, tokens), from the class token, mean over heads.
    keys: (batch, tokens, head width), mean over heads.
    """

    attention: Tensor
    keys: Tensor


class Attention(nn.Module):
    """softmax(q k' / sqrt(d) + log size) v; `size` counts the patches a merged token stands for."""

    def __init__(self, width: int, heads: int, bias: bool) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width, bias=bias)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor, size: Tensor | None) -> tuple[Tensor, Seen]:
        """x: (batch, tokens, width); size: (batch, tokens) or None when nothing was merged."""
        qkv = self.qkv(x).unflatten(-1, (3, self.heads, -1))
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # (batch, heads, tokens, head width)
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
        if size is not None:
            scores = scores + size.log()[:, None, None]
        weights = scores.softmax(-1)  # (batch, heads, tokens, tokens)
        y = (weights @ v).transpose(1, 2).flatten(2)
        return self.out(y), Seen(attention=weights[:, :, 0].mean(1), keys=k.mean(1))


class KeepPredicted(nn.Module):
    """DynamicViT (Rao et al. 2021, Eq. 2-5): a small network scores tokens, the best ones stay.

    Each token's own features stand beside the mean over tokens.  In training the choice is
    Gumbel-softmax and masks attention; here, as at inference, tokens are really dropped.
    """

    def __init__(self, width: int, keep: int) -> None:
        super().__init__()
        self.keep = keep
        self.own = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width), nn.GELU())
        self.score = nn.Sequential(
            nn.Linear(width, width // 2),
            nn.GELU(),
            nn.Linear(width // 2, width // 4),
            nn.GELU(),
            nn.Linear(width // 4, 2),
            nn.LogSoftmax(dim=-1),
        )

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, 1 + tokens, width).  Returns (batch, 1 + keep, width)."""
        patches = x[:, 1:]
        own = self.own(patches)
        local, everyone = own.chunk(2, dim=-1)
        beside = everyone.mean(1, keepdim=True).expand(-1, patches.shape[1], -1)
        scores = self.score(torch.cat([local, beside], dim=-1))[..., 0]  # (batch, tokens)
        kept = scores.topk(self.keep, dim=1).indices
        return torch.cat([x[:, :1], select(patches, kept)], dim=1)


class KeepAttended(nn.Module):
    """EViT (Liang et al. 2022, section 3.2): stay with what the class token attends to.

    ceil(rate * tokens) patches stay; with `fuse` the others become one token, their sum weighted by
    attention, x_fused = sum_i a_i x_i (Eq. 3).  The weights are not scaled to add up to one.
    """

    def __init__(self, rate: float, fuse: bool) -> None:
        super().__init__()
        self.rate, self.fuse = rate, fuse

    def forward(self, x: Tensor, size: Tensor | None, seen: Seen) -> tuple[Tensor, Tensor | None]:
        attention = seen.attention[:, 1:]  # (batch, tokens)
        keep = math.ceil(self.rate * attention.shape[1])
        order = attention.argsort(dim=1, descending=True)
        kept, dropped = order[:, :keep], order[:, keep:]
        parts = [x[:, :1], select(x[:, 1:], kept)]
        if self.fuse and dropped.shape[1]:
            weights = attention.gather(1, dropped).unsqueeze(-1)
            parts.append((weights * select(x[:, 1:], dropped)).sum(1, keepdim=True))
        return torch.cat(parts, dim=1), size


class KeepRandom(nn.Module):
    """As KeepAttended without fusion, but by chance: what attention must beat."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor, size: Tensor | None, seen: Seen) -> tuple[Tensor, Tensor | None]:
        tokens = x.shape[1] - 1
        order = torch.rand(x.shape[0], tokens, device=x.device).argsort(dim=1)
        kept = order[:, : math.ceil(self.rate * tokens)]
        return torch.cat([x[:, :1], select(x[:, 1:], kept)], dim=1), size


class MergeSimilar(nn.Module):
    """ToMe (Bolya et al. 2023, section 3): merge the `count` most similar pairs of tokens.

    Every second token looks for its most similar key among the others; the closest pairs become
    their mean, weighted by the patches they already stand for.
    """

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def forward(self, x: Tensor, size: Tensor | None, seen: Seen) -> tuple[Tensor, Tensor | None]:
        count = min(self.count, (x.shape[1] - 1) // 2)
        size = torch.ones_like(x[..., 0]) if size is None else size
        keys = F.normalize(seen.keys, dim=-1)
        similarity = keys[:, ::2] @ keys[:, 1::2].transpose(1, 2)  # (batch, sources, targets)
        # The class token is a source and must not be merged.
        protected = torch.zeros_like(similarity[:, :, 0])
        protected[:, 0] = float("-inf")
        best, target = (similarity + protected.unsqueeze(-1)).max(-1)  # (batch, sources)
        order = best.argsort(dim=1, descending=True)
        merged, kept = order[:, :count], order[:, count:].sort(dim=1).values
        weighted = x * size.unsqueeze(-1)
        sources, targets = weighted[:, ::2], weighted[:, 1::2]
        into = target.gather(1, merged)  # (batch, count)
        index = into.unsqueeze(-1).expand(-1, -1, x.shape[-1])
        targets = targets.scatter_add(1, index, select(sources, merged))
        target_size = size[:, 1::2].scatter_add(1, into, size[:, ::2].gather(1, merged))
        sums = torch.cat([select(sources, kept), targets], dim=1)
        size = torch.cat([size[:, ::2].gather(1, kept), target_size], dim=1)
        return sums / size.unsqueeze(-1), size


def select(x: Tensor, index: Tensor) -> Tensor:
    """x: (batch, tokens, width), index: (batch, k).  Returns (batch, k, width)."""
    return x.gather(1, index.unsqueeze(-1).expand(-1, -1, x.shape[-1]))


class Block(nn.Module):
    """Attention, the reducer if there is one, feed-forward."""

    def __init__(self, shape: Shape, reducer: nn.Module | None = None) -> None:
        super().__init__()
        hidden = int(shape.ratio * shape.width)
        self.norms = nn.ModuleList([nn.LayerNorm(shape.width), nn.LayerNorm(shape.width)])
        self.attention = Attention(shape.width, shape.heads, shape.qkv_bias)
        self.reducer = reducer
        self.feed = nn.Sequential(
            nn.Linear(shape.width, hidden), nn.GELU(), nn.Linear(hidden, shape.width)
        )

    def forward(self, x: Tensor, size: Tensor | None) -> tuple[Tensor, Tensor | None]:
        y, seen = self.attention(self.norms[0](x), size)
        x = x + y
        if self.reducer is not None:
            x, size = self.reducer(x, size, seen)
        return x + self.feed(self.norms[1](x)), size


class FourConvolutions(nn.Module):
    """The stem of LV-ViT: three convolutions at half resolution, then patches of 8x8 of those."""

    def __init__(self, width: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for ins, kernel, stride in ((3, 7, 2), (64, 3, 1), (64, 3, 1)):
            layers += [
                nn.Conv2d(ins, 64, kernel, stride, kernel // 2, bias=False),
                nn.BatchNorm2d(64),
                nn.ReLU(inplace=True),
            ]
        self.layers = nn.Sequential(*layers, nn.Conv2d(64, width, 8, 8))

    def forward(self, images: Tensor) -> Tensor:
        return self.layers(images)


class VisionTransformer(nn.Module):
    """before, inside: reducers by the number of the block, from 0."""

    def __init__(
        self,
        shape: Shape,
        before: Mapping[int, nn.Module] | None = None,
        inside: Mapping[int, nn.Module] | None = None,
    ) -> None:
        super().__init__()
        self.patches = (
            FourConvolutions(shape.width)
            if shape.four_convolutions
            else nn.Conv2d(shape.colours, shape.width, shape.patch, shape.patch)
        )
        self.class_token = nn.Parameter(torch.zeros(1, 1, shape.width))
        self.positions = nn.Parameter(0.02 * torch.randn(1, 1 + shape.patches, shape.width))
        self.before = nn.ModuleDict({str(number): one for number, one in (before or {}).items()})
        self.blocks = nn.ModuleList(
            Block(shape, (inside or {}).get(number)) for number in range(shape.depth)
        )
        self.norm = nn.LayerNorm(shape.width)
        self.head = nn.Linear(shape.width, shape.classes)
        self.dense_head = nn.Linear(shape.width, shape.classes) if shape.dense_head else None

    def reduce_by(self, reducer: nn.Module | None) -> None:
        """Put one reducer into every block but the first, or take it out again."""
        for number, block in enumerate(self.blocks):
            if isinstance(block, Block):
                block.reducer = reducer if number else None

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, colours, height, width).  Returns logits (batch, classes)."""
        x = self.patches(images).flatten(2).transpose(1, 2)  # (batch, tokens, width)
        x = torch.cat([self.class_token.expand(x.shape[0], -1, -1), x], dim=1) + self.positions
        size: Tensor | None = None
        for number, block in enumerate(self.blocks):
            if str(number) in self.before:
                x = self.before[str(number)](x)
            x, size = block(x, size)
        x = self.norm(x)
        logits = self.head(x[:, 0])
        if self.dense_head is not None:
            logits = logits + 0.5 * self.dense_head(x[:, 1:]).amax(1)
        return logits


def dynamic_vit(shape: Shape, rho: float) -> VisionTransformer:
    """Predictors after each quarter of the layers keep int(N rho^k) of the first N patches."""
    step = shape.depth // 4
    before = {
        stage * step: KeepPredicted(shape.width, int(shape.patches * rho**stage))
        for stage in (1, 2, 3)
    }
    return VisionTransformer(shape, before=before)


def evit(shape: Shape, rate: float, fuse: bool) -> VisionTransformer:
    """Tokens are dropped in layers 4, 7 and 10."""
    return VisionTransformer(shape, inside={n: KeepAttended(rate, fuse) for n in (3, 6, 9)})


def tome(shape: Shape, count: int) -> VisionTransformer:
    """`count` tokens are merged in every layer."""
    return VisionTransformer(shape, inside={n: MergeSimilar(count) for n in range(shape.depth)})
