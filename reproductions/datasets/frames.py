"""Videos as folders of frames, as UCF-101 and ActivityNet are usually unpacked.

<name>/<class>/<clip>/<frame>         and lists  <name>/train.txt, <name>/test.txt
                                      with one "<class>/<clip>" a line
"""

from dataclasses import dataclass
from pathlib import Path

from reproductions.protocol import DataMissing

from .files import named
from .pictures import SUFFIXES


@dataclass(frozen=True)
class Clip:
    """frames: in order of their names.  label: of the sorted class folders."""

    frames: tuple[Path, ...]
    label: int


def frame_folders(name: str, folder: Path | None) -> dict[str, list[Clip]]:
    """The clips of the parts "train" and "test".  Raises DataMissing."""
    for place in named(name, folder):
        if (place / "train.txt").is_file() and (place / "test.txt").is_file():
            kinds = sorted(kind.name for kind in place.iterdir() if kind.is_dir())
            return {part: _clips(place, part, kinds) for part in ("train", "test")}
    raise DataMissing(f"{name}/<class>/<clip>/<frame>, with lists {name}/train.txt and test.txt")


def _clips(place: Path, part: str, kinds: list[str]) -> list[Clip]:
    clips = []
    for line in (place / f"{part}.txt").read_text(encoding="utf-8").split():
        kind, _, clip = line.partition("/")
        where = place / kind / clip
        if kind not in kinds or ".." in clip or not where.is_dir():
            raise DataMissing(f"{place.name}/{part}.txt names {line}, which is no folder of frames")
        frames = tuple(sorted(each for each in where.iterdir() if each.suffix.lower() in SUFFIXES))
        clips.append(Clip(frames, kinds.index(kind)))
    return clips
