"""Whether a start has anything to bring up to date before it may answer pages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from kb.site.data_dir import BASE_DIR


class Prepared:
    """The stamp of the last `prepare` that ended well: of which tables and which data files.

    For an embedded database, among whose files the stamp lies, so that it goes where they go.
    """

    def __init__(self, database: Path, field: Path) -> None:
        """database: where its files lie; field: the folder of what it is filled from."""
        self.stamp, self.field = database / "prepared.stamp", field

    def is_level(self) -> bool:
        """Whether tables and data files are those that were prepared last."""
        try:
            return self.stamp.read_text() == self._state()
        except (OSError, UnicodeDecodeError):
            return False

    def note(self) -> None:
        """Say so; to be called when `prepare` has ended well."""
        self.stamp.write_text(self._state())

    def forget(self) -> None:
        """Have the next start prepare before it answers."""
        self.stamp.unlink(missing_ok=True)

    def _state(self) -> str:
        """Changes when a migration, a package or a data file does; contents of data files are
        told by size and time."""
        digest = hashlib.sha256((BASE_DIR / "constraints.txt").read_bytes())
        for path in sorted(BASE_DIR.glob("*/migrations/*.py")):
            digest.update(str(path).encode() + path.read_bytes())
        for path in self._data_files():
            status = path.stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
        return digest.hexdigest()

    def _data_files(self) -> Iterator[Path]:
        return (path for path in sorted(self.field.rglob("*")) if path.is_file())
