"""A global network sees whole frames, a policy picks a patch of each, a local network sees that.

AdaFocusV2: Wang et al. 2022, Section 3 and Fig. 2.  Uni-AdaFocus: Wang et al. 2025, which also
picks the frames.  Patches are cut bilinearly, so that the policy learns by back-propagation.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .backbones import X3D, MobileNetV2, ResNet50


def patches(frames: Tensor, centres: Tensor, size: int) -> Tensor:
    """The patch of each frame with its corner at `centres` (count, 2), x and y in 0 to 1.

    frames: (count, channels, side, side).  Bilinear between pixels (Eq. 4 to 6 of AdaFocusV2).
    """
    side = frames.shape[-1]
    corner = centres * (side - size)
    steps = torch.arange(size, device=frames.device, dtype=frames.dtype)
    x = corner[:, :1] + steps  # pixel positions, (count, size)
    y = corner[:, 1:] + steps
    grid = torch.stack(
        [x.unsqueeze(1).expand(-1, size, -1), y.unsqueeze(2).expand(-1, -1, size)], dim=-1
    )
    grid = 2 * grid / (side - 1) - 1
    return F.grid_sample(frames, grid, align_corners=True)


class GRU(nn.Module):
    """A gated recurrent unit over a sequence, its three gates from input and state."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width
        self.from_input = nn.Linear(width, 3 * width)
        self.from_state = nn.Linear(width, 3 * width)

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, time, width), and so is the result."""
        state, states = torch.zeros_like(x[:, 0]), []
        for step in x.unbind(1):
            reset, update, new = self.from_input(step).chunk(3, -1)
            state_reset, state_update, state_new = self.from_state(state).chunk(3, -1)
            gate = torch.sigmoid(update + state_update)
            new = torch.tanh(new + torch.sigmoid(reset + state_reset) * state_new)
            state = (1 - gate) * new + gate * state
            states.append(state)
        return torch.stack(states, dim=1)


class RecurrentPolicy(nn.Module):
    """AdaFocusV2: features of a frame, squeezed, through a GRU to two coordinates."""

    def __init__(self, channels: int, side: int, hidden: int = 2048) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(channels, 64, 1, bias=False)
        self.flat = nn.Linear(64 * side * side, hidden)
        self.gru = GRU(hidden)
        self.coordinates = nn.Linear(hidden, 2)

    def forward(self, features: Tensor) -> Tensor:
        """features: (frames, channels, side, side) of one video.  Returns (frames, 2) in 0 to 1."""
        squeezed = torch.tanh(self.squeeze(features)).flatten(1)
        states = self.gru(torch.tanh(self.flat(squeezed)).unsqueeze(0))
        return torch.sigmoid(self.coordinates(states[0]))


class JointPolicy(nn.Module):
    """AdaFocusV2 on TSM: the features of all frames side by side give one patch for the video."""

    def __init__(self, channels: int, frames: int, side: int = 7) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(channels * frames, 64, 1, bias=False)
        self.layers = nn.ModuleList(
            [nn.Linear(64 * side * side, 1024), nn.Linear(1024, 512), nn.Linear(512, 2)]
        )

    def forward(self, features: Tensor) -> Tensor:
        """features: (frames, channels, side, side) of one video.  Returns (1, 2) in 0 to 1."""
        x = self.squeeze(features.flatten(0, 1).unsqueeze(0)).flatten(1)
        for layer in self.layers:
            x = layer(torch.tanh(x))
        return torch.sigmoid(x)


class SpatialPolicy(nn.Module):
    """Uni-AdaFocus: 3-D convolutions over all feature maps; a place and a scale.

    per_frame: four values for every frame, or four for the whole video.
    """

    def __init__(self, channels: int, hidden: int, frames: int, side: int, per_frame: bool) -> None:
        super().__init__()
        window = (1 if per_frame else frames, side, side)
        self.layers = nn.ModuleList(
            [
                nn.Conv3d(channels, hidden, 1, bias=False),
                nn.Conv3d(hidden, hidden, 3, padding=1, bias=False),
                nn.Conv3d(hidden, hidden, 3, padding=1, bias=False),
            ]
        )
        self.last = nn.Conv3d(hidden, 4, window, bias=False)

    def forward(self, features: Tensor) -> Tensor:
        """features: (frames, channels, side, side).  Returns (frames or 1, 4) in 0 to 1."""
        x = features.transpose(0, 1).unsqueeze(0)
        for layer in self.layers:
            x = F.relu(layer(x))
        return torch.sigmoid(self.last(x)).flatten(2)[0].t()


class TemporalPolicy(nn.Module):
    """Uni-AdaFocus: how much each frame weighs, by convolutions along time."""

    def __init__(self, channels: int, hidden: int = 64) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            [
                nn.Conv1d(channels, hidden, 3, padding=1, bias=False),
                nn.Conv1d(hidden, hidden, 3, padding=1, bias=False),
            ]
        )
        self.last = nn.Conv1d(hidden, 1, 1, bias=False)

    def forward(self, pooled: Tensor) -> Tensor:
        """pooled: (frames, channels).  Returns weights (frames,) that sum to 1."""
        x = pooled.t().unsqueeze(0)
        for layer in self.layers:
            x = F.relu(layer(x))
        return self.last(x)[0, 0].softmax(-1)


class MaxPooledClassifiers(nn.Module):
    """A prediction after every frame, from the largest of what the frames so far have said."""

    def __init__(self, width: int, carried: int, frames: int, classes: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(width, 4096)
        self.heads = nn.ModuleList(nn.Linear(4096 + carried, classes) for _ in range(frames))

    def forward(self, features: Tensor, carried: Sequence[Tensor] = ()) -> tuple[Tensor, Tensor]:
        """features: (frames, width).  Returns logits (frames, classes) and the last maximum."""
        spoken = F.relu(self.hidden(features))
        largest, logits = spoken[:1], []
        for index, head in enumerate(self.heads):
            largest = torch.maximum(largest, spoken[index : index + 1])
            logits.append(head(torch.cat([largest, *carried], dim=-1)))
        return torch.cat(logits), largest


class AdaFocusV2(nn.Module):
    """One video of 16 frames; `glance` is the side at which the global network sees them."""

    def __init__(
        self, network: MobileNetV2 | ResNet50, glance: int, patch: int, classes: int
    ) -> None:
        super().__init__()
        self.glance, self.patch = glance, patch
        self.global_network, self.local_network = network, ResNet50()
        width = network.WIDTH
        self.policy = RecurrentPolicy(width, glance // 32)
        self.global_classifier = nn.Linear(width, classes)
        self.local_classifier = nn.Linear(ResNet50.WIDTH, classes)
        self.classifiers = MaxPooledClassifiers(width + ResNet50.WIDTH, 0, 16, classes)

    def forward(self, frames: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """frames: (16, 3, 224, 224).  Logits by frame: of both, global alone, local alone."""
        seen = self.global_network(F.adaptive_avg_pool2d(frames, self.glance))
        cut = patches(frames, self.policy(seen), self.patch)
        coarse, fine = seen.mean((2, 3)), self.local_network(cut).mean((2, 3))
        logits, _ = self.classifiers(torch.cat([coarse, fine], dim=-1))
        return logits, self.global_classifier(coarse), self.local_classifier(fine)


class AdaFocusTSM(nn.Module):
    """AdaFocusV2 on shifted features: 8 glanced frames, 12 focused, one patch a video.

    A temporal shift moves channels between frames and computes nothing, so it is left out.
    Each network has two linear classifiers, one of which trains the features.
    """

    def __init__(self, patch: int, classes: int) -> None:
        super().__init__()
        self.patch = patch
        self.global_network, self.local_network = MobileNetV2(), ResNet50()
        self.policy = JointPolicy(MobileNetV2.WIDTH, 8)
        self.global_classifiers = classifiers(MobileNetV2.WIDTH, classes)
        self.local_classifiers = classifiers(ResNet50.WIDTH, classes)

    def forward(self, glanced: Tensor, focused: Tensor) -> Tensor:
        """glanced: (8, 3, 224, 224), focused: (12, 3, 224, 224).  Returns logits (classes,)."""
        seen = self.global_network(glanced)
        corner = self.policy(seen).expand(len(focused), 2)
        fine = self.local_network(patches(focused, corner, self.patch)).mean((2, 3))
        return voted(self.global_classifiers, seen.mean((2, 3))) + voted(
            self.local_classifiers, fine
        )


class UniAdaFocus(nn.Module):
    """16 glanced frames, 16 focused of 48; classifiers that may stop after any of the 32."""

    def __init__(self, patch: int, classes: int) -> None:
        super().__init__()
        self.patch = patch
        self.global_network, self.local_network = MobileNetV2(), ResNet50()
        self.spatial = SpatialPolicy(MobileNetV2.WIDTH, 128, 16, 7, per_frame=True)
        self.temporal = TemporalPolicy(MobileNetV2.WIDTH)
        self.global_classifiers = MaxPooledClassifiers(MobileNetV2.WIDTH, 0, 16, classes)
        self.local_classifiers = MaxPooledClassifiers(ResNet50.WIDTH, 4096, 16, classes)

    def forward(self, glanced: Tensor, cut: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """glanced: (16, 3, 224, 224); cut: (16, 3, patch, patch), the patches of chosen frames.

        Returns logits (32, classes), places and scales (16, 4), weights of frames (16,).
        """
        seen = self.global_network(glanced)
        places, weights = self.spatial(seen), self.temporal(seen.mean((2, 3)))
        first, coarse = self.global_classifiers(seen.mean((2, 3)))
        second, _ = self.local_classifiers(self.local_network(cut).mean((2, 3)), [coarse])
        return torch.cat([first, second]), places, weights


class UniAdaFocusTSM(nn.Module):
    """8 glanced frames and `focused` others, of which one patch, on shifted features."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.global_network, self.local_network = MobileNetV2(), ResNet50()
        self.spatial = SpatialPolicy(MobileNetV2.WIDTH, 128, 8, 7, per_frame=False)
        self.temporal = TemporalPolicy(MobileNetV2.WIDTH)
        self.global_classifiers = classifiers(MobileNetV2.WIDTH, classes)
        self.local_classifiers = classifiers(ResNet50.WIDTH, classes)

    def forward(self, glanced: Tensor, cut: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """glanced: (8, 3, 224, 224); cut: (focused, 3, patch, patch).  Logits, place, weights."""
        seen = self.global_network(glanced)
        pooled = seen.mean((2, 3))
        places, weights = self.spatial(seen), self.temporal(pooled)
        fine = self.local_network(cut).mean((2, 3))
        logits = voted(self.global_classifiers, pooled) + voted(self.local_classifiers, fine)
        return logits, places, weights


class UniAdaFocusX3D(nn.Module):
    """X3D-S glances at 16 frames of 160x160, X3D-L focuses on 32 patches of 128x128."""

    def __init__(self, classes: int = 400) -> None:
        super().__init__()
        self.global_network, self.local_network = X3D(2.2, classes), X3D(5.0, classes)
        self.spatial = SpatialPolicy(X3D.WIDTH, 128, 16, 5, per_frame=False)
        self.temporal = TemporalPolicy(X3D.WIDTH)

    def forward(self, glanced: Tensor, cut: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """glanced: (1, 3, 16, 160, 160); cut: (1, 3, 32, 128, 128).  Logits, place, weights."""
        seen = self.global_network.features(glanced)
        by_frame = seen[0].transpose(0, 1)  # (frames, channels, side, side)
        places, weights = self.spatial(by_frame), self.temporal(by_frame.mean((2, 3)))
        fine = self.local_network.features(cut).mean((2, 3, 4))
        coarse = self.global_network.classify(seen.mean((2, 3, 4)))
        return coarse + self.local_network.classify(fine), places, weights


def classifiers(width: int, classes: int) -> nn.ModuleList:
    """The two linear classifiers of a shifted network."""
    return nn.ModuleList(nn.Linear(width, classes) for _ in range(2))


def voted(layers: nn.ModuleList, features: Tensor) -> Tensor:
    """Mean over frames of what all layers say: (frames, width) to (classes,)."""
    return torch.stack([layer(features).mean(0) for layer in layers]).mean(0)
