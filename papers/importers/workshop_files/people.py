"""People as workshops print them: lines with affiliations, and the author strings of CMT."""

from __future__ import annotations

import re

from papers.importers.workshop_files.shapes import Fields, address_of, prose_of, text_of

_TITLE = re.compile(r"^(?:prof(?:essor)?|dr|mr|mrs|ms|assoc|asst)\.?\s+(?=[A-Z])", re.IGNORECASE)
_LINKS = (
    "url",
    "website",
    "homepage",
    "link",
    "webpage",
    "scholar_link",
    "scholar",
    "linkedin_link",
)
_PLACES = ("affiliation", "aff", "affil", "institution", "company", "organization", "organisation")
_PHOTOS = ("img", "image", "photo", "picture")


def person_of(entry: Fields, role: str, *, key: str = "") -> Fields | None:
    """A person of a mapping, whatever it calls its fields; None without a name."""
    name = text_of(entry.get("name") or entry.get("speaker") or entry.get("fullname"))
    if not name:
        return None
    place = next((text_of(entry[word]) for word in _PLACES if text_of(entry.get(word))), "")
    url = next((address_of(entry[word]) for word in _LINKS if address_of(entry.get(word))), "")
    photo = next((text_of(entry[word]) for word in _PHOTOS if text_of(entry.get(word))), "")
    person = {"name": _TITLE.sub("", name), "role": role, "affiliation": place, "url": url}
    optional = {"photo": photo, "biography": prose_of(entry.get("bio")), "key": key}
    return person | {word: value for word, value in optional.items() if value}


def person_in(line: str, role: str) -> Fields | None:
    """A person of a line: "Name (Affiliation)", "Name, Affiliation" or the name alone."""
    line = text_of(re.sub(r"^\s*[-*+•·\d.)]+\s+", "", line)).strip(" ,;")
    name, place = _bracketed(line)
    if not place and "," in line:
        name, place = line.split(",", 1)
    elif not place and (dashed := re.split(r"\s+[-–—|]\s+", line, maxsplit=1))[1:]:
        name, place = dashed
    name = _TITLE.sub("", name.strip())
    is_name = 1 <= len(name.split()) <= 6 and not re.search(r"[:?!@/]|\d{2}", name)
    if not name or not is_name:
        return None
    return {"name": name, "role": role, "affiliation": place.strip(), "url": ""}


def authors_in(text: str) -> tuple[list[str], list[str], list[str]]:
    """Names, affiliations (as many) and corresponding authors of an author string.

    "A (X)*; B (Y (Z)); C" as CMT writes it, "A; B", "A|B", "A · B", or names between commas.
    """
    text = text_of(text)
    for mark in (";", "|", "·", "•"):
        if mark in text:
            parts = _split(text, mark)
            break
    else:
        parts = _split(re.sub(r",?\s+and\s+(?=[A-Z])", ", ", text), ",")
    names, places, starred = [], [], []
    for part in parts:
        name, place = _bracketed(part)
        is_starred = part.rstrip().endswith("*") or name.endswith("*")
        name = name.strip(" *,.†‡")
        if not name:
            continue
        names.append(name)
        places.append(place)
        starred += [name] if is_starred else []
    return names, places, starred


def _split(text: str, mark: str) -> list[str]:
    """Parts between marks outside brackets."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        if letter == mark and depth <= 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


def _bracketed(text: str) -> tuple[str, str]:
    """Name and what stands in the last pair of outer brackets: "Bang Liu (Montreal (UdM))"."""
    text = text.strip().rstrip("*").strip()
    if not text.endswith((")", "）")):
        return text, ""
    text = text.replace("（", "(").replace("）", ")")
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += (text[place] == ")") - (text[place] == "(")
        if depth == 0:
            return text[:place].strip(), text[place + 1 : -1].strip()
    return text, ""
