"""Speech Commands (Warden 2018, CC BY 4.0): one folder a word, one second of speech a file."""

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from reproductions.protocol import DataMissing

from .files import named

FILES = {"validation_list.txt": 9981, "testing_list.txt": 11_005}
"""Lines of the two lists of version 2, by which the data set is known."""


@dataclass(frozen=True)
class Utterance:
    """path: of the recording.  word: what is said."""

    path: Path
    word: str

    def samples(self) -> Tensor:
        """(16000,) in [-1, 1), zeros after the end of a short recording; raises DataMissing."""
        with wave.open(str(self.path)) as recording:
            if (recording.getframerate(), recording.getsampwidth()) != (16_000, 2):
                raise DataMissing(
                    f"{self.path.name}: 16 000 samples a second of two bytes expected"
                )
            content = recording.readframes(16_000)
        samples = torch.zeros(16_000)
        values = np.frombuffer(content, "<i2").astype(np.float32) / 2**15
        samples[: len(values)] = torch.from_numpy(values)
        return samples


def speech_commands(folder: Path | None) -> dict[str, list[Utterance]]:
    """Version 2: "train", "validation" and "test" by the two lists.  Raises DataMissing."""
    for place in named("speech_commands_v0.02", folder):
        lists = {name: _lines(place / name) for name in FILES}
        for name, count in FILES.items():
            if len(lists[name]) != count:
                raise DataMissing(
                    f"Speech Commands: {count} lines in {name}, not {len(lists[name])}"
                )
        kept = {"validation": lists["validation_list.txt"], "test": lists["testing_list.txt"]}
        everything = {
            path.relative_to(place).as_posix()
            for path in place.glob("*/*.wav")
            if not path.parent.name.startswith("_")
        }
        kept["train"] = sorted(everything - {*kept["validation"], *kept["test"]})
        return {
            part: [Utterance(place / name, name.split("/")[0]) for name in names]
            for part, names in kept.items()
        }
    raise DataMissing("Speech Commands: speech_commands_v0.02/ as distributed")


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split() if path.is_file() else []
