"""Static files as collected into the data folder: served, missed, noticed, collected again.

They are derived: whatever becomes of the folder, pages are answered, and `up` makes it anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import mimetypes
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousFileOperation
from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

from kb.site.data_dir import BASE_DIR

LOOK_EVERY_SECONDS = 5.0
FOLLOW_EVERY_SECONDS = 1.0
AFTER_A_FAILURE_SECONDS = 10.0
MANIFEST = "staticfiles.json"
# Files of packages that no page of ours asks for; to compress them takes longer than all others.
NOT_SERVED = ("rest_framework", "htmx-4*", "htmax*", "*.map")
_HASH = re.compile(r"\.[0-9a-f]{12}(?=\.[^./]+$)")


class PatientStorage(CompressedManifestStaticFilesStorage):
    """Without its list of names, or with one that cannot be read, it gives plain names: a page
    without its style is better than none."""

    def load_manifest(self) -> tuple[dict[str, str], str]:
        try:
            return super().load_manifest()  # type: ignore[no-any-return]
        except ValueError:
            return {}, ""

    def read_again(self) -> None:
        """Know the files as they were collected last."""
        self.hashed_files, self.manifest_hash = self.load_manifest()

    def stored_name(self, name: str) -> str:
        """The name with the hash. Never raises for a file that is not there."""
        try:
            return str(super().stored_name(name))
        except (ValueError, OSError):
            return name


class StaticFiles(WhiteNoiseMiddleware):
    """Answers from the sources what the collected folder lacks: a page is never bare meanwhile.
    Files that are collected while it runs are known a moment later, in every process."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._look_at, self._known = 0.0, self._stamped_at()

    def _stamped_at(self) -> int:
        """When the files were collected last, in ns; 0 while they are not."""
        try:
            return Collected(Path(settings.STATIC_ROOT).parent).stamp.stat().st_mtime_ns
        except OSError:
            return 0

    def _follow(self) -> None:
        if time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + FOLLOW_EVERY_SECONDS
        stamped = self._stamped_at()
        if stamped in (0, self._known):
            return
        self._known = stamped
        self.add_files(self.static_root, prefix=self.static_prefix)
        if isinstance(staticfiles_storage, PatientStorage):
            staticfiles_storage.read_again()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self._follow()
        name = request.path_info.removeprefix(self.static_prefix)
        if name == request.path_info:
            return super().__call__(request)  # type: ignore[no-any-return]
        try:
            response: HttpResponse = super().__call__(request)
        except FileNotFoundError:  # it was there at the start
            return _from_sources(name) or _awaited()
        return (response.status_code == 404 and _from_sources(name)) or response


def _from_sources(name: str) -> HttpResponse | None:
    """The file that a name with a hash is made from; for this moment alone, since its bytes may
    differ from what the name promises."""
    source = _HASH.sub("", name)
    try:
        path = finders.find(source) if source != name else None
    except SuspiciousFileOperation:  # a name that leads out of the sources
        return None
    if not isinstance(path, str):
        return None
    kind = mimetypes.guess_type(source)[0] or "application/octet-stream"
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(Path(path).read_bytes(), content_type=kind, headers=headers)


def _awaited() -> HttpResponse:
    return HttpResponse(
        "This file is being made again. Try again in a minute.",
        status=503,
        headers={"Retry-After": "30", "Cache-Control": "no-store"},
        content_type="text/plain; charset=utf-8",
    )


class Collected:
    """The folder of collected files, and the stamp beside it that says of what and what came."""

    def __init__(self, home: Path) -> None:
        self.folder, self.stamp = home / "static", home / "static.stamp"

    def is_whole(self) -> bool:
        """Whether every file is as it was when it was collected, and from what is there now."""
        return self._stamped(0) == _sources() and self.is_undamaged()

    def is_undamaged(self) -> bool:
        """Whether every file is as it was when it was collected."""
        try:
            return self._stamped(1) == self._contents()
        except OSError:
            return False

    def _stamped(self, line: int) -> str:
        with contextlib.suppress(OSError, UnicodeDecodeError, IndexError):
            return self.stamp.read_text().splitlines()[line]
        return ""

    def clear(self) -> None:
        """Remove what was collected; an empty folder stays: WhiteNoise warns without one."""
        self.stamp.unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)

    def note(self) -> None:
        """Write the stamp, after collecting."""
        part = self.stamp.with_suffix(".part")
        part.write_text(f"{_sources()}\n{self._contents()}\n")
        part.replace(self.stamp)

    def _contents(self) -> str:
        """Changes when a file comes, goes, or is written to."""
        digest = hashlib.sha256()
        for path in sorted(self.folder.rglob("*")):
            status = path.stat()
            if path.is_file():
                digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
        return digest.hexdigest()


def _sources() -> str:
    """Changes when our static files or the installed packages change."""
    digest = hashlib.sha256((BASE_DIR / "constraints.txt").read_bytes())
    for path in sorted((BASE_DIR / "static").rglob("*")):
        if path.is_file():
            digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()


class Work(Protocol):
    """Something that is done beside us: started, and asked later what came of it."""

    def start(self) -> None: ...

    @property
    def is_at_work(self) -> bool: ...

    def result(self) -> int | None: ...


class Keeper:
    """Has the files collected when they are damaged, beside everything else.

    collecting: makes them anew; 0 when it could. Who serves them follows the stamp.
    """

    def __init__(self, collected: Collected, collecting: Work, say: Callable[[str], None]) -> None:
        self.collected, self.collecting, self.say = collected, collecting, say
        self._look_at = time.monotonic() + LOOK_EVERY_SECONDS

    def begin(self, after: float = 0.0) -> None:
        """At a start: collect what is not as it should be, at once or `after` seconds. What is
        there goes, or pages would be dressed in older files until then; their sources dress them.
        """
        if self.collected.is_whole():
            return
        self.collected.clear()
        if after:
            self._look_at = time.monotonic() + after
        else:
            self.say("Static files: hashing and compressing, beside the rest …")
            self.collecting.start()

    def look(self) -> None:
        """Look now and then; to be called often."""
        if (code := self.collecting.result()) is not None:
            self._ended(code)
        if self.collecting.is_at_work or time.monotonic() < self._look_at:
            return
        if not self.collected.is_undamaged():
            self.say("The static files are damaged; collecting them again.")
            self.collecting.start()
        self._look_at = time.monotonic() + LOOK_EVERY_SECONDS

    def _ended(self, code: int) -> None:
        pause, reason = LOOK_EVERY_SECONDS, f"`collectstatic` ended with {code}" if code else ""
        try:
            if not reason:
                self.collected.note()
        except OSError as error:
            reason = str(error)
        if reason:
            pause = AFTER_A_FAILURE_SECONDS
            self.say(f"They could not be collected ({reason}); trying again in {pause:.0f} s.")
        self._look_at = time.monotonic() + pause
