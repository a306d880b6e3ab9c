"""A listed program on disk: its manifest, its code, and the digests that tell it from others.

Neither Django nor a database: the site asks here, and so does a runner on a machine of others.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from reproductions.judging import manifest as manifests
from reproductions.judging.manifest import Manifest

REFERENCE = "reproductions.reference"
CODE_SUFFIXES = (".py", ".toml", ".md")


class UnknownProgram(LookupError):
    """No program of that name is listed."""


@dataclass(frozen=True)
class Program:
    """One listed program: a folder with a manifest that can be read.

    package: dotted name of the package that its folder lies in.
    """

    slug: str
    folder: Path
    manifest: Manifest
    package: str = REFERENCE

    @property
    def module(self) -> str:
        """What `python -m` starts."""
        return f"{self.package}.{self.slug}"

    @property
    def depth(self) -> int:
        """Folders between its own and the one that Python imports from."""
        return self.package.count(".") + 1

    @property
    def readme(self) -> str:
        """README.md as text, "" if there is none."""
        path = self.folder / "README.md"
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    @property
    def files(self) -> list[Path]:
        """Code, manifest and README, in reading order: the idea first, what only starts it last."""
        place = {"README.md": 0, "model.py": 1, "experiment.py": 3, "claims.toml": 4}
        last = {"__main__.py": 5, "__init__.py": 6}
        code = (path for path in self.folder.iterdir() if path.suffix in CODE_SUFFIXES)
        return sorted(
            (path for path in code if path.stat().st_size),
            key=lambda path: ((place | last).get(path.name, 2), path.name),
        )

    def file(self, name: str) -> Path:
        """The listed file of that name; UnknownProgram if there is none."""
        for path in self.files:
            if path.name == name:
                return path
        raise UnknownProgram(f"{self.slug} has no file {name}")


def folder_of(package: str) -> Path:
    """The folder of a package of programs.  Raises UnknownProgram."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise UnknownProgram(f"{package} is not a package")
    return Path(next(iter(spec.submodule_search_locations)))


def slugs_in(package: str) -> list[str]:
    """Names of the programs listed in a package, sorted."""
    return manifests.slugs(folder_of(package))


def program_in(package: str, slug: str) -> Program:
    """The program of that name in a package.

    Raises UnknownProgram, and ManifestError when its manifest cannot be used.
    """
    home = folder_of(package)
    if not (slug.isidentifier() and (home / slug / "claims.toml").is_file()):
        names = ", ".join(manifests.slugs(home)) or "none"
        raise UnknownProgram(f"no program {slug!r}; there are {names}")
    stamp = (home / slug / "claims.toml").stat()
    read = _manifest(home, slug, stamp.st_mtime_ns, stamp.st_size)
    return Program(slug, home / slug, read, package)


@lru_cache(maxsize=256)
def _manifest(home: Path, slug: str, changed_at: int, size: int) -> Manifest:
    return manifests.load_manifest(slug, home)


SHARED = {"protocol_sha256": "protocol", "datasets_sha256": "datasets"}
"""Names of digests, and the packages beside this file that programs share."""


def hashes(program: Program) -> dict[str, str]:
    """SHA-256 of the program's folder, of the shared code it stands on, and of its manifest.

    The data sets' code counts for those programs that import it.
    """
    ours = Path(__file__).parent
    code = b"".join(path.read_bytes() for path in sorted(program.folder.rglob("*.py")))
    shared = {
        name: folder_sha256(ours / folder)
        for name, folder in SHARED.items()
        if folder == "protocol" or f"reproductions.{folder}".encode() in code
    }
    return {
        "program_sha256": folder_sha256(program.folder),
        **shared,
        "manifest_sha256": program.manifest.sha256,
    }


def folder_sha256(place: Path) -> str:
    """One digest over the names and contents of the Python files below a folder."""
    return files_sha256(
        (path.relative_to(place).as_posix(), path.read_bytes()) for path in place.rglob("*.py")
    )


def files_sha256(files: Iterable[tuple[str, bytes]]) -> str:
    """One digest over names and contents."""
    whole = hashlib.sha256()
    for name, content in sorted(files, key=lambda file: PurePosixPath(file[0])):
        whole.update(f"{name}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()
