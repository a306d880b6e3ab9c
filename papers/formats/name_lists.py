"""Author lists as people and programs write them, taken apart into persons. Pure.

BibTeX joins names by "and"; exporters and people also write semicolons, commas, "AND", Chinese
marks, "Family, Given" in pairs, and end with "et al.". What cannot be told apart by its form is
read as BibTeX would.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from papers.formats.citation import EASTERN, SUFFIXES, Author, author_of, is_degree
from papers.names import tidy

_AND = r"\s+(?:and|AND|And|\\?&)(?=\s|$)"
_OXFORD = re.compile(r",\s*$")
_TRAILING = re.compile(r"\s+et\.? ?al\.?$", re.IGNORECASE)
_OTHERS = re.compile(
    r"(?:(?:\d+ )?(?:others?|more)\.?|et\.? ?al\.?|等|ほか|外|…|\.\.\.)", re.IGNORECASE
)
_EASTERN_OTHERS = re.compile(r"[\s,，、;；]*(?:等|ほか)\s*$")
_HAN = re.compile(rf"[{EASTERN}·\s]+")
_COMMA = r"(?<!\\),"  # "\," is a thin space
_OTHER_JOINTS = r"\s+(?:und|et(?!\.? ?al)|with|og|och)(?=\s)|\s*[•|]\s*|\s+·\s+"
_MEDIAL_JOINTS = r"\s+(?:y|e|i)(?=\s)|\s*/\s*"
"""Joints that occur inside names as well ("Ortega y Gasset")."""
_MARKS = re.compile(
    r"\s*(?:[*∗†‡§¶#⁰¹²³⁴-⁹]|\^\{?[\w,*†‡]{1,6}\}?|(?<=[^\W\d_])\d{1,2}(?:,\s?\d{1,2})*)+$"
)
"""Marks of footnotes behind a name, with which lists are copied from first pages."""
_TAIL = 30  # characters at the end of a name in which its marks stand
_RAISED = re.compile(
    r"(?<=[\w.}])(?:\$\s*\^\s*(?:\{[^{}$]{1,30}\}|[^{}$]{1,3})\s*\$|\\textsuperscript\s*\{[^{}]{1,30}\})"
)
_TITLE = re.compile(r"^(?:(?:Prof(?:essor)?|Dr|Mr|Mrs|Ms|PD|Ing)\b\.?(?:-Ing\.)?\s+)+")
_ASIDE = re.compile(rf"\s*(?:\((?:[^()]*[\s@][^()]*|[A-Z]{{2,}}|[{EASTERN}·]+)\)|<[^<>]*>)")
"""An affiliation, an address or the name in another script; not a name of use, "(Bob)"."""
_NAMESAKE = re.compile(r"\s+(0\d{3})$")
_EXTENDED = re.compile(r"(given|family|prefix|suffix)(-i)?\s*=\s*", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[A-Z]\.?[ -]?){1,4}")
_ENDS_IN_INITIALS = re.compile(r"[^\W\d_][\w'’ -]*[^\W\d_A-Z] (?:[A-Z]\.?[ -]?){1,3}")

Decode = Callable[[str], str]


def is_others(name: str) -> bool:
    """Whether what stands for a name says that more follow: "et al.", "others", "等"."""
    return bool(_OTHERS.fullmatch(name.strip(" {}")))


def authors_of(field: str, decode: Decode = tidy) -> tuple[tuple[Author, ...], bool]:
    """The authors of a field in their order, and whether it ends in "and others".

    decode: turns the markup of one name (TeX, HTML) into text; separators are looked for outside
    braces, before decoding.
    """
    field = _with_usual_marks(_RAISED.sub("", field.replace("\n", " ")))
    and_others = bool(_EASTERN_OTHERS.search(field)) and _all_han(field)
    field = _EASTERN_OTHERS.sub("", field) if and_others else field
    parts = [part.strip(" \t\n,;") for part in _names_in(field)]
    parts = [part for part in parts if part and part.lower() != "and"]
    and_others = and_others or (bool(parts) and bool(_TRAILING.search(parts[-1])))
    parts = [_TRAILING.sub("", part) for part in parts]
    named = [part for part in parts if not is_others(decode(part))]
    authors = (_author(part, decode) for part in named)
    listed = tuple(author for author in authors if author.family)
    return listed, and_others or len(named) < len(parts)


def _with_usual_marks(field: str) -> str:
    """Full-width marks between names in Latin letters as their usual ones; "Li Wei，Bo Zweite" is
    a list, since such commas stand in no "Family, Given"."""
    if _all_han(field) or not re.search("[，、；]", field):
        return field
    names = [name.strip() for name in re.split("[，、]", field)]
    are_whole = all(" " in name or _HAN.fullmatch(name) for name in names if name)
    field = re.sub(r"\s*、\s*", " and ", field).replace("；", "; ")
    return re.sub(r"\s*，\s*", " and " if are_whole else ", ", field)


def _names_in(field: str) -> list[str]:
    by_and = split_outside_braces(field, _AND)
    if _all_han(field):
        return [name for part in by_and for name in _han_names(part)]
    if _EXTENDED.match(field.strip(" {")):
        return by_and
    if any(";" in _unbraced(part) for part in by_and):
        return [name for part in by_and for name in split_outside_braces(part, r";")]
    if len(by_and) == 1:
        by_and = _by_other_joints(field)
    if len(by_and) > 1 and any(_is_given_first(part) or _OXFORD.search(part) for part in by_and):
        return [name for part in by_and for name in _given_first_names(part)]
    return [name for part in by_and for name in _by_commas(part)]


def _by_other_joints(field: str) -> list[str]:
    """Names joined by "und", "et", "•" …; by those that names contain only where whole names
    stand on both sides."""
    parts = split_outside_braces(field, _OTHER_JOINTS)
    if len(parts) == 1:
        parts = split_outside_braces(field, _MEDIAL_JOINTS)
        if any(len(part.split()) < 2 for part in parts):
            return [field]
    return parts


def _is_given_first(part: str) -> bool:
    """Whether a name of several words has no comma: "Li Wei" beside "Anna Erste, Bo Zweite"."""
    return "," not in part and len(part.split()) > 1 and "{" not in part


def _given_first_names(text: str) -> list[str]:
    """Names between commas where the list writes given names first; suffixes stay with theirs."""
    parts = [part.strip() for part in split_outside_braces(text, _COMMA) if part.strip()]
    is_list = all(len(part.split()) > 1 and not _INITIALS.fullmatch(part) for part in parts)
    return parts if is_list else [text]


def _han_names(text: str) -> list[str]:
    """Chinese names; "黄, 高" is one name in two parts, "王小明, 李华" are two.

    Two words may be a Japanese family and given name; more are a list."""
    names = []
    words = text.split()
    if len(words) > 2 and all(re.fullmatch(rf"[{EASTERN}]{{2,4}}", word) for word in words):
        return words
    for part in re.split(r"[;；、]", text):
        by_comma = [name.strip() for name in re.split(r"[,，]", part)]
        alone = any(len(name) == 1 for name in by_comma)
        names += [part] if alone else by_comma
    return names


def _by_commas(text: str) -> list[str]:
    """One name, unless its commas can only stand between names.

    "Anna Erste, Bo Zweite, Li Wei" has three parts of several words; "Erste, A., Zweite, B." an
    even number of parts, every second one initials or a single given name.
    """
    parts = [part.strip() for part in split_outside_braces(text, _COMMA)]
    parts = [part for part in parts if part]
    if len(parts) > 1 and all(_MARKS.search(part[-_TAIL:]) and " " in part for part in parts):
        return parts
    if len(parts) > 1 and all(_ENDS_IN_INITIALS.fullmatch(part) for part in parts):
        return parts  # "Huang G., Chen D."
    if len(parts) < 3 or any(is_suffix(part) for part in parts[1:3] if len(parts) == 3):
        return [text]
    if all(len(part.split()) > 1 and not _INITIALS.fullmatch(part) for part in parts):
        return parts
    if len(parts) % 2 == 0:
        pairs = zip(parts[::2], parts[1::2], strict=True)
        return [f"{family}, {given}" for family, given in pairs]
    return [text]


def _author(name: str, decode: Decode) -> Author:
    if _EXTENDED.match(name):
        return _extended(name, decode)
    mark = _NAMESAKE.search(name.rstrip("}"))
    if name.startswith("{") and closing_brace(name) == len(name) - 1:
        if not mark:
            return Author(decode(name))
        name = name[1:-1]
    plain = _NAMESAKE.sub("", name) if mark else name
    parts = [_bare(decode(part)) for part in split_outside_braces(plain, _COMMA)]
    if len(parts) == 1:
        parts = [parts[0][:-_TAIL] + _MARKS.sub("", parts[0][-_TAIL:])]
    parts = [part for part in parts if part and not (len(parts) > 1 and is_degree(part))]
    if not parts:
        return Author("")
    if len(parts) == 1:
        author = author_of(parts[0])
    elif len(parts) > 2 and is_suffix(parts[1]):  # BibTeX: "Family, Jr., Given"
        author = Author(parts[0], " ".join(parts[2:]), _suffix(parts[1]))
    elif len(parts) > 2 and is_suffix(parts[2]):
        author = Author(parts[0], parts[1], _suffix(parts[2]))
    elif is_suffix(parts[1]):  # "Anna Erste, Jr."
        author = replace(author_of(parts[0]), suffix=_suffix(parts[1]))
    else:
        author = Author(parts[0], " ".join(parts[1:]))
    author = _in_usual_letters(author)
    return replace(author, namesake=mark[1]) if mark else author


def _bare(part: str) -> str:
    """Without titles, and without affiliations or addresses in brackets."""
    return _TITLE.sub("", _ASIDE.sub("", part).strip()).strip()


def _in_usual_letters(author: Author) -> Author:
    """ "ERSTE, Anna" marks the family by capitals; initials without a space get one."""
    given = re.sub(r"(?<=[^\W\d_a-z]\.)(?=[^\W\d_a-z]\.)", " ", author.given)
    is_marked = author.family.isupper() and len(author.family) > 2 and not given.isupper()
    family = author.family.title() if is_marked and given else author.family
    return replace(author, family=family, given=given)


def _extended(name: str, decode: Decode) -> Author:
    """biblatex's extended form: `given=Anna, prefix=von, family=Erste`."""
    given = {}
    for part in split_outside_braces(name, _COMMA):
        if (match := _EXTENDED.match(part.strip())) and not match[2]:
            given[match[1].lower()] = decode(part.strip()[match.end() :])
    family = " ".join(part for part in (given.get("prefix"), given.get("family")) if part)
    return Author(family, given.get("given", ""), _suffix(given.get("suffix", "")))


def is_suffix(part: str) -> bool:
    """Whether a part of a name is "Jr.", "Sr", "III" …"""
    return part.strip().rstrip(".").lower() in SUFFIXES


def _suffix(part: str) -> str:
    return SUFFIXES.get(part.strip().rstrip(".").lower(), part.strip())


def _all_han(field: str) -> bool:
    plain = re.sub(r"[;；、，,{}]|\band\b|\bothers\b|等", "", field)
    return bool(plain.strip()) and bool(_HAN.fullmatch(plain))


def _unbraced(text: str) -> str:
    """What stands outside braces."""
    kept, depth = [], 0
    for char in text:
        depth += char == "{"
        if depth <= 0:
            kept.append(char)
        depth -= char == "}"
    return "".join(kept)


def closing_brace(text: str) -> int:
    """Index of the brace that closes the one at the start; -1 when it stays open."""
    depth = 0
    for index, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return index
    return -1


def split_outside_braces(text: str, separator: str) -> list[str]:
    """`text` cut at each match of the pattern `separator` that no brace encloses."""
    parts, depth, start = [], 0, 0
    for match in re.finditer(rf"[{{}}]|{separator}", text):
        if match[0] in "{}":
            depth += 1 if match[0] == "{" else -1
        elif depth <= 0:
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]
