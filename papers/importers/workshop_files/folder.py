"""All files of a workshop together: read one by one, then tied to each other."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path, PurePath

import yaml
from django.utils.translation import gettext

from papers.importers.decoding import UnknownEncoding, decode
from papers.importers.workshop_files.calendars import read_deadlines, read_ics
from papers.importers.workshop_files.data_yaml import read_csv, read_yaml
from papers.importers.workshop_files.exports import read_json, read_xml
from papers.importers.workshop_files.pages import read_page
from papers.importers.workshop_files.pasted import read_text
from papers.importers.workshop_files.shapes import WorkshopFiles, address_of, text_of
from papers.importers.workshop_files.sheets import read_xlsx
from papers.importers.workshop_files.tying import tie

LARGEST = 20_000_000
MOST_FILES = 1_000
_PAGES = {".md", ".markdown", ".html", ".htm"}
_KNOWN = _PAGES | {".yml", ".yaml", ".csv", ".tsv", ".json", ".ics", ".xml", ".xlsx", ".txt"}


class NotAWorkshop(ValueError):
    """There is nothing to read; the message says what was looked for."""


def read_path(path: Path) -> WorkshopFiles:
    """A file, a ZIP, or a folder. Raises NotAWorkshop."""
    if not path.exists():
        raise NotAWorkshop(gettext("There is no {path}.").format(path=path))
    if path.is_file():
        return read_upload(path.name, path.read_bytes())
    files = {}
    for file in sorted(path.rglob("*"))[: MOST_FILES * 10]:
        inner = file.relative_to(path)
        is_hidden = any(part.startswith(".") for part in inner.parts)
        fits = file.is_file() and file.stat().st_size <= LARGEST
        if fits and is_known(file.name) and not is_hidden:
            files[str(inner)] = file.read_bytes()
    if not files:
        raise NotAWorkshop(
            gettext("{path} holds no file of a kind that is read here.").format(path=path)
        )
    return read_files(files)


def read_upload(name: str, content: bytes) -> WorkshopFiles:
    """One file or a ZIP of them. Raises NotAWorkshop for an archive that cannot be read."""
    if not name.lower().endswith(".zip"):
        return read_files({name: content})
    return read_files(unpacked(content))


def is_known(name: str) -> bool:
    """Whether files of this kind are read here."""
    return PurePath(name).suffix.lower() in _KNOWN


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of a ZIP that are read here. Raises NotAWorkshop."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _unpacked(archive)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise NotAWorkshop(
            gettext("The archive cannot be read: {error}.").format(error=error)
        ) from error


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Files of known kinds, without what would unpack to more than is read."""
    files: dict[str, bytes] = {}
    total = 0
    for member in archive.infolist()[: MOST_FILES * 10]:
        if member.is_dir() or not is_known(member.filename) or member.file_size > LARGEST:
            continue
        total += member.file_size
        if total > 5 * LARGEST or len(files) >= MOST_FILES:
            raise NotAWorkshop(gettext("The archive unpacks to more than is read at once."))
        files[member.filename] = archive.read(member)
    if not files:
        raise NotAWorkshop(gettext("The archive holds no file of a kind that is read here."))
    return files


def read_files(files: dict[str, bytes]) -> WorkshopFiles:
    """The workshop that some files tell together, by their names under its folder."""
    whole = WorkshopFiles()
    for name in sorted(files, key=_rank):
        whole.add(_read(name, files[name]))
    tie(whole)
    return whole


def _rank(name: str) -> tuple[int, str]:
    """Data files are the fullest and are read first."""
    return (0 if "_data" in name or "sitedata" in name else 1, name)


def _read(name: str, content: bytes) -> WorkshopFiles:
    kind = PurePath(name).suffix.lower()
    if kind == ".xlsx":
        return read_xlsx(name, content)
    if kind == ".ics":
        return read_ics(name, content)
    if kind == ".xml":
        return read_xml(name, content)
    try:
        text = decode(content).text
    except UnknownEncoding as problem:
        read = WorkshopFiles()
        read.tell(name, "", str(problem))
        return read
    if kind in (".yml", ".yaml"):
        return _read_yaml(name, text)
    if kind in (".csv", ".tsv"):
        return read_csv(name, text)
    if kind == ".json":
        return read_json(name, text)
    return read_page(name, text) if kind in _PAGES else read_text(name, text)


def _read_yaml(name: str, text: str) -> WorkshopFiles:
    if re.match(r"_config\b", PurePath(name).name):
        return _read_config(name, text)
    return read_deadlines(name, text) or read_yaml(name, text)


def _read_config(name: str, text: str) -> WorkshopFiles:
    """Name, address and zone of a Jekyll site."""
    read = WorkshopFiles()
    try:
        config = yaml.safe_load(text.replace("\t", "  "))
    except (yaml.YAMLError, RecursionError, ValueError):
        config = None
    if not isinstance(config, dict):
        read.tell(name, "", "settings that cannot be read")
        return read
    description = text_of(config.get("description"))
    zone = text_of(config.get("timezone")).replace(" ", "_")
    read.details = {
        "name": text_of(config.get("title")),
        "website": address_of(config.get("url")),
        "timezone": zone if "/" in zone else "",
        "host_conference": _host(description),
    }
    read.details = {key: value for key, value in read.details.items() if value}
    return read


def _host(description: str) -> str:
    match = re.search(r"\bat\s+([A-Z]\w+)[\s']*((?:20)?\d\d)\b", description)
    return f"{match[1]} {match[2] if len(match[2]) == 4 else '20' + match[2]}" if match else ""
