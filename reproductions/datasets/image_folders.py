"""ImageNet and its like: a folder of training and of validation pictures, in each a folder a class.

<name>/train/<class>/<picture>        <name>/val/<class>/<picture>
"""

from pathlib import Path

from reproductions.protocol import DataMissing

from .files import named
from .pictures import SUFFIXES

Labelled = list[tuple[Path, int]]


def image_folders(
    name: str, folder: Path | None, *, classes: int | None = None
) -> dict[str, Labelled]:
    """Paths and labels of the parts "train" and "val"; labels follow the sorted class folders.

    classes: how many there are, where that is known (ImageNet: 1000).  Pictures are read one by one
    with :func:`reproductions.datasets.read_picture`.  Raises DataMissing.
    """
    wanted = f"{name}/train/<class>/ and {name}/val/<class>/ with pictures"
    for place in named(name, folder):
        parts = {part: _labelled(place / part) for part in ("train", "val")}
        if not all(parts.values()):
            continue
        names = {part: [path.parent.name for path, _ in parts[part]] for part in parts}
        if set(names["train"]) != set(names["val"]):
            raise DataMissing(f"{name}: train and val have different classes")
        if classes is not None and len(set(names["train"])) != classes:
            raise DataMissing(
                f"{name}: {classes} classes expected, {len(set(names['train']))} there"
            )
        return parts
    raise DataMissing(wanted)


def _labelled(part: Path) -> Labelled:
    kinds = sorted(place for place in part.iterdir() if place.is_dir()) if part.is_dir() else []
    return [
        (picture, label)
        for label, kind in enumerate(kinds)
        for picture in sorted(kind.iterdir())
        if picture.suffix.lower() in SUFFIXES
    ]
