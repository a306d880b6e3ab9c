"""Names at the start of a reference: lists in one consistent style, of which there are seven."""

from __future__ import annotations

import re

UPPER = "".join(chr(code) for code in range(0x41, 0x530) if chr(code).isupper())
"""Latin, Greek and Cyrillic."""
_PARTICLES = "van von de der den del della di da dos du la le ten ter al el bin zu af st"
_PARTICLE = (
    "(?:(?:"
    + "|".join(f"[{name[0].upper()}{name[0]}]{name[1:]}" for name in re.findall(r"\w+", _PARTICLES))
    + rf"|[Ss]t\.)(?:[ -]|(?=[{UPPER}]))|[dO]['\u2019])"
)
_AFTER_INITIALS = rf"(?:(?:{'|'.join(_PARTICLES.split())})\b ?){{0,3}}"  # "Maaten, L. van der"
# Every repetition has a bound that no name reaches: input made to be slow stays cheap.
CAPITALISED = rf"(?:{_PARTICLE}){{0,3}}[{UPPER}](?>(?:\w|['\u2019\u02bc-](?=\w)){{1,40}})"
_INITIALS = rf"(?:[{UPPER}][a-z]?\.[ -]?){{1,8}}(?:-?[{UPPER}]\.){{0,3}}"
# Without a comma before them, two letters and a full stop are an initial only where no surname is
# written so: in "H. Li. Adaptive depth" a title begins behind "Li."
_DIGRAPHS = "Ch|Dz|Kh|Ph|Sh|Th|Ts|Zh"
_FIRST_INITIALS = (
    rf"(?:(?:[{UPPER}]|{_DIGRAPHS}|(?<!\.[ -])Y[au])\.[ -]?){{1,8}}(?:-?[{UPPER}]\.){{0,3}}"
)
_LAST_INITIALS = (
    rf"(?:(?:[{UPPER}]|{_DIGRAPHS}|(?<=\.[ -])Y[au])\.[ -]?){{1,8}}(?:-?[{UPPER}]\.){{0,3}}"
)
GIVEN = rf"[{UPPER}](?>(?:\w|['\u2019-](?=\w)){{1,40}})"
_SURNAME = rf"{CAPITALISED}(?:[ -](?!(?:Jr|Sr|II|III|IV)\b){CAPITALISED}){{0,2}}"
_JUNIOR = r"(?:,? (?:Jr|Sr|II|III|IV)\b\.?)?"
_END = r"(?=[.,;:&(]| and\b|\s*$)"
_STYLES = {
    "surname, initials": re.compile(
        rf"{_SURNAME}{_JUNIOR},\s?{_INITIALS}{_AFTER_INITIALS}{_JUNIOR}"
    ),
    "initials surname": re.compile(rf"{_FIRST_INITIALS}\s?{_SURNAME}{_JUNIOR}"),
    "surname initials": re.compile(
        rf"{_SURNAME} (?:[{UPPER}]-?){{1,4}}(?: (?:Jr|Sr|II|III)\b)?"
        rf"(?![\w'\u2019]|\.[\w,]| [{UPPER}][a-z])"
    ),
    "bare initials surname": re.compile(rf"[{UPPER}]{{1,3}} {_SURNAME}{_JUNIOR}{_END}"),
    "surname initials.": re.compile(rf"{_SURNAME} {_LAST_INITIALS}"),
    "surname, given": re.compile(
        rf"{_SURNAME},\s(?!In\b|The\b|An?\b|Proc){GIVEN}"
        rf"(?:[ -](?:{GIVEN}|[{UPPER}]\.?)){{0,5}}{_END}"
    ),
    "given surname": re.compile(
        rf"{GIVEN}(?:[ -](?:{GIVEN}|[{UPPER}]{{1,2}}(?:\.|(?=[ -])))){{0,5}} "
        rf"{_SURNAME}{_JUNIOR}{_END}"
    ),
}
_TURNS = {  # what a later name may look like, by the style of the first
    "surname, initials": ("surname, initials", "initials surname"),
    "surname, given": ("surname, given", "given surname", "surname, initials"),
    "surname initials": ("surname initials",),
    "bare initials surname": ("bare initials surname",),
    "surname initials.": ("surname initials.",),
    "initials surname": ("initials surname", "given surname"),
    "given surname": ("given surname", "initials surname"),
}
_SEPARATOR = re.compile(
    r"\s*(?:[,;]?\s*(?:\b(?:and|und|et(?! al)|y|e|og|och|en|и)\b|&)\s*"
    r"|[,;]\s*(?:\.{3}|\u2026)?\s*&?\s*)"
)
_ET_AL = re.compile(r"[,;]?\s*(?:and\s+)?(?:et\.? al\b\.?|and others\b|\.\.\.)")
_WORD_AND = re.compile(r"and|&|und|\b(?:et|y|e|og|och|en|и)\b")
_AND = re.compile(r"(?:\band|&)\s+$")
_LONE_SURNAME = re.compile(rf"{CAPITALISED}(?=\.\s|,\s|\s\()")
_EDITORS = re.compile(r"\s*[,.]?\s*\(?\b(?:eds?|editors?|hrsg)\b\.?\)?[.,:]?", re.I)
# Longer lists (physics collaborations) are cut; nobody reads on.
_MOST_NAMES = 400


def read_names(text: str) -> tuple[list[str], int]:
    """Names at the start of a text, and where they end. One style holds for all but the first.

    "Surname, I., and I. Surname" is a usual mix: names after the first may turn around.
    """
    best: tuple[list[str], int] = ([], 0)
    for style in _STYLES:
        names = _read_style(text, style)
        if (names[1], len(names[0])) > (best[1], len(best[0])):
            best = names
    return best


def _read_style(text: str, style: str) -> tuple[list[str], int]:
    names: list[str] = []
    position = end = 0
    after_and = False
    while len(names) < _MOST_NAMES:
        match = _next_name(text, position, style, names)
        if not match:
            break
        names.append(match.group().strip(" ,;"))
        end = match.end()
        et_al = _ET_AL.match(text, end)
        if et_al:
            end = et_al.end()
            break
        separator = _SEPARATOR.match(text, end)
        if not separator or not separator.group():
            break
        joined = bool(_WORD_AND.search(separator.group()))
        # "A and B, Something": a list ends with the name behind its "and".
        if after_and and not joined:
            break
        after_and = joined
        position = separator.end()
    editors = _EDITORS.match(text, end) if names else None
    return names, editors.end() if editors else end


def _next_name(text: str, position: int, style: str, before: list[str]) -> re.Match[str] | None:
    """A name at `position`: in the style of the list, or after "and" a surname alone."""
    for option in _TURNS[style] if before else (style,):
        match = _STYLES[option].match(text, position)
        # A name in another style than the list's that a colon follows begins a title.
        if match and not (option != style and text[match.end() : match.end() + 1] == ":"):
            return match
    if before and _AND.search(text, max(0, position - 5), position):
        return _LONE_SURNAME.match(text, position)
    return None


def read_loose_names(text: str) -> list[str]:
    """Names before a quoted title when no style fits them all."""
    parts = re.split(r"\s*(?:,|;|\band\b|&)\s*", re.sub(r"\(?\b\d{4}[a-z]?\)?", "", text))
    return [part.strip(" .:") for part in parts if len(part.strip(" .:")) > 3][:200]
