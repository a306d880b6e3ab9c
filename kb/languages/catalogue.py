"""The texts of the interface, gathered from templates and programs, beside what catalogues hold.

By Python alone: templates are read as `kb.languages.marking` marks them, programs through their
syntax tree. Catalogues (`locale/<language>/LC_MESSAGES/django.po`) are read and written by polib.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import polib
import yaml
from django.conf import settings
from django.utils.translation import override

from kb.figures import FIGURES
from kb.figures.drawing import CONTEXT, is_said
from kb.languages.marking import Message, marked
from kb.languages.offered import SOURCES
from kb.site.data_dir import BASE_DIR
from kb.site.templates import UNSPOKEN, compact

PROGRAMS = ("accounts", "community", "kb", "papers", "reproductions", "taxonomy")
# Names under which programs look texts up, and what their arguments are.
_CALLS = {
    "_": ("text",),
    "gettext": ("text",),
    "gettext_lazy": ("text",),
    "gettext_noop": ("text",),
    "Words": ("text",),
    "ngettext": ("text", "plural"),
    "ngettext_lazy": ("text", "plural"),
    "pgettext": ("context", "text"),
    "pgettext_lazy": ("context", "text"),
}
_DATE = re.compile(r"\|date:\"([^\"]+)\"")
_TRANSLATE = re.compile(r"\{%\s*translate\s+\"([^\"]+)\"")
_BLOCK = re.compile(r"\{% blocktranslate[^%]*%\}(.*?)\{% endblocktranslate %\}", re.DOTALL)
_PLACE = re.compile(r"\{[a-z_][a-z0-9_]*\}|</?[a-z]+\d*>|%\([a-z_]+\)[sd]|%[sd]")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")

Key = tuple[str, str]  # context, text


@dataclass
class Found:
    """A text: its plural ("" without) and the files it stands in."""

    plural: str = ""
    files: list[str] = field(default_factory=list)


def texts() -> dict[Key, Found]:
    """All texts of templates and programs, in the order of their files."""
    places: dict[Key, Found] = {}
    for name, context, text, plural in (
        *_of_templates(),
        *_of_programs(),
        *_of_forms(),
        *_of_figures(),
    ):
        place = places.setdefault((context, text), Found())
        place.plural = place.plural or plural
        if name not in place.files:
            place.files.append(name)
    return places


def _of_templates() -> Iterator[tuple[str, str, str, str]]:
    root = BASE_DIR / "templates"
    for path in sorted(root.rglob("*")):
        if path.suffix not in {".html", ".txt"} or str(path.relative_to(root)).startswith(UNSPOKEN):
            continue
        source, name = path.read_text(), str(path.relative_to(BASE_DIR))
        for pattern in _DATE.findall(source):
            yield name, "date", pattern, ""
        for text in _TRANSLATE.findall(source):
            yield name, "", text, ""
        for text in _BLOCK.findall(source):
            yield name, "", re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", text), ""
        if path.suffix == ".html":
            messages: list[Message] = []
            marked(compact(source), messages.append)
            yield from ((name, "", message.text, message.plural) for message in messages)


def _of_programs() -> Iterator[tuple[str, str, str, str]]:
    for package in PROGRAMS:
        for path in sorted((BASE_DIR / package).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and (given := _given(node)):
                    name = str(path.relative_to(BASE_DIR))
                    yield name, given.get("context", ""), given["text"], given.get("plural", "")


def _of_forms() -> Iterator[tuple[str, str, str, str]]:
    """Texts of review forms: what they are and what they ask; of our own also help and scales."""
    folder = BASE_DIR / "community" / "reviews"
    for path in sorted((folder / "forms").glob("*.yaml")):
        form, name = yaml.safe_load(path.read_text()), str(path.relative_to(BASE_DIR))
        texts = [form["about"], *(field["label"] for field in form["fields"])]
        if path.stem in ("house", "other"):
            texts += [form["title"], *(field.get("help", "") for field in form["fields"])]
            scales = [f["scale"] for f in form["fields"] if isinstance(f.get("scale"), list)]
            texts += [words for scale in scales for _, words in scale]
        yield from ((name, "", text, "") for text in texts if text)
    shared = yaml.safe_load((folder / "scales.yaml").read_text())
    for _, words in shared["yes-no"]:
        yield "community/reviews/scales.yaml", "", str(words), ""


def _of_figures() -> Iterator[tuple[str, str, str, str]]:
    """What figures say, found by drawing them."""
    for figure in FIGURES.values():
        name = f"kb/figures/{figure.draw.__module__.rpartition('.')[2]}.py"
        with override(settings.LANGUAGE_CODE):
            labels = re.findall(r"<text[^>]*>([^<]*)<", figure.parts())
        for words in (*figure.words, *map(unescape, labels)):
            if is_said(words):
                yield name, CONTEXT, words, ""


def _given(call: ast.Call) -> dict[str, str]:
    """What a call looks up, by what each argument is; {} for calls that look nothing up."""
    function = call.func
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    wanted = _CALLS.get(name, ())
    words = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
    texts = [word for word in words if isinstance(word, str)]
    return dict(zip(wanted, texts, strict=False)) if wanted and len(texts) >= len(wanted) else {}


def catalogues() -> list[Path]:
    """The catalogue of every language but English."""
    return sorted(SOURCES.glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> polib.POFile:
    """A catalogue, with its order and comments."""
    return polib.pofile(str(path), wrapwidth=98)


def bring_level(path: Path) -> tuple[int, int]:
    """Give a catalogue the texts there are, in their order; returns how many came and went.

    What is new stands without a translation; what is gone is dropped, the repository remembers it.
    """
    old = read(path)
    known = {(entry.msgctxt or "", entry.msgid): entry for entry in old}
    new = polib.POFile(wrapwidth=98)
    new.metadata, new.header = old.metadata, old.header
    places = texts()
    for (context, text), place in places.items():
        entry = known.get((context, text)) or polib.POEntry(msgctxt=context or None, msgid=text)
        entry.occurrences = [(name, "") for name in place.files]
        if bool(place.plural) != bool(entry.msgid_plural):
            translation = entry.msgstr or entry.msgstr_plural.get(0, "")
            entry.msgstr = "" if place.plural else translation
            entry.msgstr_plural = {0: translation} if place.plural else {}
        entry.msgid_plural = place.plural
        new.append(entry)
    new.save(str(path))
    return len(places.keys() - known.keys()), len(known.keys() - places.keys())


def mistakes(path: Path) -> list[str]:
    """What is wrong with a catalogue, one line each; empty when it is whole."""
    entries = {(entry.msgctxt or "", entry.msgid): entry for entry in read(path)}
    places = texts()
    lines = []
    for key, place in places.items():
        entry = entries.get(key)
        if entry is None or bool(entry.msgid_plural) != bool(place.plural):
            lines.append(f"{place.files[0]}: not in the catalogue: {key[1]}")
            continue
        translations = list(entry.msgstr_plural.values()) if place.plural else [entry.msgstr]
        if entry.fuzzy or not translations or not all(translations):
            lines.append(f"{place.files[0]}: without translation: {key[1]}")
        elif wrong := _wrong_places(key[1] + place.plural, "".join(translations)):
            lines.append(f"{place.files[0]}: {' '.join(wrong)} in the translation of: {key[1]}")
    lines += [f"{path.name}: nothing says: {key[1]}" for key in entries.keys() - places.keys()]
    return lines


def _wrong_places(text: str, translation: str) -> list[str]:
    """Places that a translation has and its text has not, and elements opened and not closed."""
    there, used = set(_PLACE.findall(text)), set(_PLACE.findall(translation))
    alone = [name for name in used if name[0] == "<" and name[1] != "/" and name in there]
    open_only = [n for n in alone if n.replace("<", "</") in there - used]
    missing = {name for name in there - used if name[0] == "<" and name[1] != "/"}
    return sorted((used - there) | set(open_only) | missing)
