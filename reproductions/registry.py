"""The programs that this site lists: what may be run here."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from reproductions.programs import (
    REFERENCE,
    SHARED,
    Program,
    UnknownProgram,
    files_sha256,
    folder_of,
    folder_sha256,
    hashes,
    program_in,
    slugs_in,
)

__all__ = [
    "SHARED",
    "Program",
    "UnknownProgram",
    "files_sha256",
    "folder",
    "folder_sha256",
    "hashes",
    "package",
    "program",
    "programs",
    "slugs",
]


def package() -> str:
    """Dotted name of the package whose folders are the listed programs."""
    return getattr(settings, "REPRODUCTIONS_PACKAGE", REFERENCE)


def folder() -> Path:
    """The folder of that package."""
    return folder_of(package())


def slugs() -> list[str]:
    """Names of the listed programs, sorted."""
    return slugs_in(package())


def program(slug: str) -> Program:
    """The listed program of that name.

    Raises UnknownProgram, and ManifestError when its manifest cannot be used.
    """
    return program_in(package(), slug)


def programs() -> list[Program]:
    """All listed programs; one whose manifest is broken raises ManifestError."""
    return [program(slug) for slug in slugs()]
