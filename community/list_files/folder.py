"""A file or a folder of files as one reading list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext

from community.list_files.conflicts import marked
from community.list_files.data_yaml import read_yaml
from community.list_files.markdown import read_markdown
from community.list_files.shapes import Left, ListFile, Section
from papers.importers.decoding import UnknownEncoding, decode

LARGEST = 5_000_000
"""Bytes of one file; the largest list that was seen has an eighth of that."""
MOST_FILES = 500
_MARKDOWN = {".md", ".markdown", ".mkd", ".txt"}
_YAML = {".yaml", ".yml"}


class NotAList(ValueError):
    """There is nothing to read; the message says what was looked for."""


def read_path(path: Path) -> ListFile:
    """The list of a file, or of all Markdown files (or the `data.yaml`) under a folder.

    Raises NotAList.
    """
    if not path.exists():
        raise NotAList(gettext("There is no {path}.").format(path=path))
    if path.is_file():
        return read_bytes(path.read_bytes(), name=path.name)
    sources = {str(file.relative_to(path)): file for file in _files(path)}
    if not sources:
        raise NotAList(gettext("{path} holds no Markdown file and no data.yaml.").format(path=path))
    return read_files({name: file.read_bytes() for name, file in sources.items()})


def read_files(files: dict[str, bytes]) -> ListFile:
    """The list that some files make together, by their names under the folder.

    Where a `data.yaml` with works stands in a folder, the README beside it was made from it.
    """
    lists = {name: read_bytes(content, name=name) for name, content in sorted(files.items())}
    made = {
        str(Path(name).parent / "README.md").removeprefix("./")
        for name, read in lists.items()
        if Path(name).suffix in _YAML and read.entries
    }
    whole = ListFile()
    for name, read in lists.items():
        if any(name.lower() == other.lower() for other in made) and read.entries:
            why = "made from the data.yaml beside it"
            whole.left.append(Left(1, name, why, name))
            whole.title = whole.title or read.title
            continue
        _add(whole, read, name)
    whole.entries = marked([replace(entry, warnings=()) for entry in whole.entries])
    return whole


def read_bytes(content: bytes, *, name: str) -> ListFile:
    """The list of one file; what is no text or too large is told. Pure."""
    if len(content) > LARGEST:
        return ListFile(left=[Left(0, name, f"more than {LARGEST // 1_000_000} MB", name)])
    try:
        text = decode(content).text
    except UnknownEncoding as problem:
        return ListFile(left=[Left(0, name, str(problem), name)])
    read = read_yaml if Path(name).suffix.lower() in _YAML else read_markdown
    return read(text, name=name)


# No piece runs over line ends or may be divided in several ways: time grows with the text alone.
_TABLE = re.compile(r"^[^\n|]*+\|[^\n]*+\n[ \t|:]*+---[- \t|:]*+$", re.MULTILINE)
_LINKED_ITEM = re.compile(r"^[ \t]*+(?:[-*+]|\d{1,6}[.)])[ \t][^\n]*(?:\]\(|\*\*)", re.MULTILINE)
_TOPIC = re.compile(r"^[ \t]++list:[ \t]*+$\s++-[ \t]+title:", re.MULTILINE)


def is_list(text: str) -> bool:
    """Whether a text is a reading list and no bibliography: its papers stand in tables of Markdown,
    in bullets with links or bold titles, or in a `data.yaml`."""
    if _TOPIC.search(text):
        return bool(read_yaml(text).papers)
    if not _TABLE.search(text) and len(_LINKED_ITEM.findall(text)) < 2:
        return False
    return bool(read_markdown(text).papers)


def is_of_list(name: str) -> bool:
    """Whether a file of this name may hold a list."""
    return Path(name).suffix.lower() in _MARKDOWN | _YAML


def _files(folder: Path) -> Iterator[Path]:
    wanted = (
        path
        for path in sorted(folder.rglob("*"))
        if is_of_list(path.name)
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    for _, path in zip(range(MOST_FILES), wanted, strict=False):
        yield path


def _add(whole: ListFile, read: ListFile, name: str) -> None:
    """Put a file's list behind the others; files in folders are sections named after the folder."""
    folder = Path(name).parent.name
    under: tuple[str, ...] = ()
    if folder and read.entries:
        under = (_in_words(folder),)
        whole.sections.append(Section(under))
    whole.title = whole.title or read.title
    for section in read.sections:
        whole.sections.append(replace(section, path=(*under, *section.path)))
    whole.entries += [replace(entry, section=(*under, *entry.section)) for entry in read.entries]
    whole.left += read.left
    whole.classification += read.classification


def _in_words(folder: str) -> str:
    words = folder.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]
