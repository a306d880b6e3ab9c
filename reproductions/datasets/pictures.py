"""One picture file as a tensor: portable pixmaps by ourselves, anything else by Pillow."""

import re
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from reproductions.protocol import DataMissing

SUFFIXES = (".jpg", ".jpeg", ".png", ".ppm", ".pgm", ".webp", ".bmp")

_PIXMAP = re.compile(rb"(P[56])\s+(?:#[^\n]*\s+)*(\d+)\s+(\d+)\s+(\d+)\s")


def read_picture(path: Path) -> Tensor:
    """(3, height, width) in [0, 1]; grey pictures have three equal planes.

    Raises DataMissing for a file that is no picture, and where Pillow is needed and missing.
    """
    if path.suffix in (".ppm", ".pgm"):
        return _pixmap(path.read_bytes(), path.name)
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        raise DataMissing(f"{path.suffix} pictures need the package Pillow") from None
    try:
        with Image.open(path) as picture:
            pixels = np.asarray(picture.convert("RGB"))
    except (UnidentifiedImageError, OSError) as error:
        raise DataMissing(f"{path.name} is no picture: {error}") from None
    return torch.from_numpy(pixels.copy()).permute(2, 0, 1).float() / 255


def _pixmap(content: bytes, name: str) -> Tensor:
    """Binary PGM (P5) and PPM (P6) with up to 255 levels."""
    head = _PIXMAP.match(content)
    if head is None or not 0 < int(head[4]) < 256:
        raise DataMissing(f"{name}: a pixmap begins with P5 or P6, two sizes and up to 255 levels")
    planes = 3 if head[1] == b"P6" else 1
    width, height, levels = (int(part) for part in head.groups()[1:])
    values = np.frombuffer(content, np.uint8, offset=head.end())
    if values.size != width * height * planes:
        raise DataMissing(f"{name}: {width}x{height} promised, {values.size} values there")
    pixels = torch.from_numpy(values.copy()).view(height, width, planes).permute(2, 0, 1)
    return (pixels.float() / levels).expand(3, -1, -1).contiguous()
