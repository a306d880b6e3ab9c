"""One reference string taken apart: authors, title, venue, year, identifiers.

The string is read from the left: a list of names in one consistent style, then by the mark
that ends it (a year, a quotation mark, a colon, a full stop) the title, then the venue.
"""

from __future__ import annotations

import re

from papers.pdf.extraction import Reference
from papers.pdf.identifiers_in_text import ARXIV, DOI, find_arxiv, tidy_doi
from papers.pdf.text_cleaning import clean_text

_UPPER = "".join(chr(code) for code in range(0x41, 0x250) if chr(code).isupper())
_PARTICLES = "van von de der den del della di da dos du la le ten ter al el bin zu af st"
_PARTICLE = (
    "(?:(?:"
    + "|".join(f"[{name[0].upper()}{name[0]}]{name[1:]}" for name in re.findall(r"\w+", _PARTICLES))
    + rf"|[Ss]t\.)(?:[ -]|(?=[{_UPPER}]))|[dO]['\u2019])"
)
_AFTER_INITIALS = rf"(?:(?:{'|'.join(_PARTICLES.split())})\b ?)*"  # "Maaten, L. van der"
_CAPITALISED = rf"(?:{_PARTICLE})*[{_UPPER}][\w'\u2019\u02bc-]*[\w]"
_INITIALS = rf"(?:[{_UPPER}][a-z]?\.[ -]?)+(?:-?[{_UPPER}]\.)*"
# Without a comma before them, two letters and a full stop are an initial only where no surname is
# written so: in "H. Li. Adaptive depth" a title begins behind "Li."
_DIGRAPHS = "Ch|Dz|Kh|Ph|Sh|Th|Ts|Zh"
_FIRST_INITIALS = rf"(?:(?:[{_UPPER}]|{_DIGRAPHS}|(?<!\.[ -])Y[au])\.[ -]?)+(?:-?[{_UPPER}]\.)*"
_LAST_INITIALS = rf"(?:(?:[{_UPPER}]|{_DIGRAPHS}|(?<=\.[ -])Y[au])\.[ -]?)+(?:-?[{_UPPER}]\.)*"
_GIVEN = rf"[{_UPPER}][\w'\u2019-]+"
_SURNAME = rf"(?:{_PARTICLE}){{0,3}}{_CAPITALISED}(?:[ -]{_CAPITALISED}){{0,2}}"
_JUNIOR = r"(?:,? (?:Jr|Sr|II|III|IV)\b\.?)?"
_END = r"(?=[.,;:&(]| and\b|\s*$)"
_STYLES = {
    "surname, initials": re.compile(
        rf"{_SURNAME}{_JUNIOR},\s?{_INITIALS}{_AFTER_INITIALS}{_JUNIOR}"
    ),
    "initials surname": re.compile(rf"{_FIRST_INITIALS}\s?{_SURNAME}{_JUNIOR}"),
    "surname initials": re.compile(
        rf"{_SURNAME} (?:[{_UPPER}]-?){{1,4}}(?![\w'\u2019]|\.[\w,]| [{_UPPER}][a-z])"
    ),
    "bare initials surname": re.compile(rf"[{_UPPER}]{{1,3}} {_SURNAME}{_JUNIOR}{_END}"),
    "surname initials.": re.compile(rf"{_SURNAME} {_LAST_INITIALS}"),
    "surname, given": re.compile(
        rf"{_SURNAME},\s(?!In\b|The\b|An?\b|Proc){_GIVEN}"
        rf"(?:[ -](?:{_GIVEN}|[{_UPPER}]\.?))*{_END}"
    ),
    "given surname": re.compile(
        rf"{_GIVEN}(?:[ -](?:{_GIVEN}|[{_UPPER}]{{1,2}}(?:\.|(?=[ -]))))* {_SURNAME}{_JUNIOR}{_END}"
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
    r"\s*(?:[,;]?\s*(?:\band\b|&|\bund\b|\bet\b(?! al))\s*|[,;]\s*(?:\.{3}|\u2026)?\s*&?\s*)"
)
_ET_AL = re.compile(r"[,;]?\s*(?:and\s+)?(?:et\.? al\b\.?|and others\b|\.\.\.)")
_AND = re.compile(r"(?:\band|&)\s+$")
_LONE_SURNAME = re.compile(rf"{_CAPITALISED}(?=\.\s|,\s|\s\()")
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
        position = separator.end()
    editors = _EDITORS.match(text, end) if names else None
    return names, editors.end() if editors else end


def _next_name(text: str, position: int, style: str, before: list[str]) -> re.Match[str] | None:
    """A name at `position`: in the style of the list, or after "and" a surname alone."""
    for option in _TURNS[style] if before else (style,):
        match = _STYLES[option].match(text, position)
        if match:
            return match
    if before and _AND.search(text, max(0, position - 5), position):
        return _LONE_SURNAME.match(text, position)
    return None


def read_loose_names(text: str) -> list[str]:
    """Names before a quoted title when no style fits them all."""
    parts = re.split(r"\s*(?:,|;|\band\b|&)\s*", re.sub(r"\(?\b\d{4}[a-z]?\)?", "", text))
    return [part.strip(" .:") for part in parts if len(part.strip(" .:")) > 3][:200]


_LABEL = re.compile(
    r"^\s*(?:\[[^\]]{1,12}\]|\(\d{1,3}\)|\d{1,3}[.)](?=\s)|\d{1,3}(?=\s+[A-Z\u201c\"])"
    r"|[\u2022\u2013*-](?=\s))\s*"
)
_SAME_AUTHOR = re.compile(r"^\s*(?:[\u2014\u2013\u2012\u2015]{2,}|-{2,}|_{2,})[\s.,]*")
_URL = re.compile(r"(?:https?|ftp)\s?:\s?//\s?[^\s<>\"\u201d]+|www\.[^\s<>\"]+", re.I)
_URL_LEAD = re.compile(
    r"[\s(\[]*(?:url|doi|available (?:at|from|online)|online|retrieved (?:from|on)|accessed"
    r"|\u3008|<)?[\s:.,]*$",
    re.I,
)
_YEAR = re.compile(
    r"(?<![\d/.:\u2013-])((?:1[6-9]|20)\d\d)(?:[a-z]\b|/\d\d)?(?![\d/]|\.\d|[-\u2013]\d)"
)
_LEAD_YEAR = re.compile(
    r"\s*[.,:]?\s*[(\[]?\s*((?:1[6-9]|20)\d\d)(?:[a-z]\b)?(?:[,/ -][^)\]]{0,25})?\s*"
    r"(?:[)\]]\s*[.,:]?|[.,:])\s*"
)
_BEFORE_YEAR = re.compile(
    r"(?P<names>[^\d\u201c\"()]{3,250}?)[.,]?\s*\((?:1[6-9]|20)\d\d[a-z]?(?:,[^()]{0,25})?\)[.,:]?\s"
)
_FORTHCOMING = re.compile(
    r"\s*[.,]?\s*\(?(?:in press|forthcoming|n\.d\.|to appear|submitted)\)?[.,:]\s*", re.I
)
_QUOTED = re.compile(
    r"[\u201c\u201f\"\u2018\u00ab](?P<title>.{6,400}?)[\u201d\"\u2019\u00bb](?=[\s.,;:)]|$)"
)
_ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Z]|vs|v|al|no|nos|vol|pp|ed|eds|st|dr|jr|sr|proc|conf|int|trans|fig|ver|cf|approx"
    r"|e\.g|i\.e|ch|sec|univ|dept|mr|mrs|ms|prof|inc|ltd|co))$",
    re.I,
)
_TITLE_END = re.compile(
    r"[.?!](?:[\u201d\"'])?\s+|\s*[.,]?\s*[\[(](?:online|in [A-Z]\w+|phd|ph\.d)[^\])]*[\])]", re.I
)
_INNER_CAPITAL = re.compile(r"[a-z]{1,3}[A-Z]")  # arXiv, eLife, bioRxiv
_NUMERAL_PART = re.compile(r"[IVX]+\.\s")  # "... galaxies. IV. Systematic properties"
_AFTER_NUMERAL = re.compile(r"\.\s[IVX]+$")
_IN_VENUE = re.compile(
    r"[,.:;]?\s+(?:[Ii]n\s?:|In (?=[A-Z\u201c\"]|\d)"
    r"|in (?=Proc|Advances|Adv\b|International|IEEE|ACM))"
    r"|,\s+in (?=[A-Z])"
    r"|[,.]?\s+\(?(?:[Ee]d(?:s|ited by)?\.?|[Tt]rans(?:\.|lated by)|[Ii]ntroduction by) (?=[A-Z])"
)
_VENUE_WORD = re.compile(
    r",\s+(?=(?:[A-Z][\w.&-]*\s+){0,5}?(?:Journal|J\.|Proc|Proceedings|Transactions|Trans\.|Conference"
    r"|Symposium|Workshop|Letters|Lett\.|Review|Rev\.|Annals|Ann\.|Magazine|Bulletin|Press|Springer"
    r"|Wiley|Elsevier|Academic|University|Univ\.|arXiv|Technical|Tech\.|Ph\.?D|Nature|Science|Phys\."
    r"|IEEE|ACM|Commun|Communications|Archives|Arch\.|Acta|Int\.|International|volume|vol\.|pp\.)\b)"
)
_MONTH = "(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_VENUE_END = re.compile(
    r"[,;(.]?\s*(?:\bvol(?:ume)?\b|\bno\.|\bpp?\.|\bpages?\b|\bpublisher\b|\d+\s*[(:,]|\(\d|\b\d{1,4}\b"
    r"|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b|\beds?\b|\beditors?\b)",
    re.I,
)


# GB/T 7714 marks the kind of work after its title: "[J]. Journal", "[C]//Proceedings".
_KIND_MARK = re.compile(r"\s*\[(?:[JCDMRPSNAZGK]|EB|DB|CP)(?:/OL)?\]\s*(//)?\s*[.．]?\s*")
_FULL_NAME = rf"{_GIVEN}(?: [{_UPPER}]\.)* {_CAPITALISED}"
_TWO_NAMES = re.compile(rf"({_FULL_NAME}), ({_FULL_NAME})")
_HAN_NAME = r"[\u4e00-\u9fff·]{2,4}"
_HAN_NAMES = re.compile(
    rf"((?:{_HAN_NAME}\s*[,，、]\s*)*{_HAN_NAME})(?:\s*[,，]?\s*等)?\s*[.．。]\s*"
)


def parse_reference(raw: str) -> Reference:
    """Fields of one reference; what cannot be told stays empty. raw: one line of text."""
    raw = clean_text(raw, 4000)
    reference = Reference(raw)
    rest = _take_identifiers(_LABEL.sub("", raw, count=1), reference)
    rest = _KIND_MARK.sub(lambda mark: ". In " if mark[1] else ". ", rest)
    repeated = _SAME_AUTHOR.match(rest)
    rest = re.sub(r",(?:\s*,)+", ",", rest[repeated.end() :] if repeated else rest)
    names, position = ([], 0) if repeated else _names_at_start(rest)
    after = rest[position:]
    year, title_at = _year_first(after)
    group = _BEFORE_YEAR.match(rest) if year is None else None
    if group:  # a name no style knows, such as that of an institution
        names, position = read_loose_names(group["names"]), group.end("names")
        after = rest[position:]
        year, title_at = _year_first(after)
    reference.authors = [part for name in names for part in _one_by_one(name, names)]
    quoted = _QUOTED.search(rest)
    if quoted and quoted.start() <= max(position, 0) + 60 and _counts_as_title(quoted["title"]):
        title, after_title = quoted["title"], rest[quoted.end() :]
        if not names:
            reference.authors = read_loose_names(rest[: quoted.start()])
        year = year or _last_year(after_title) or _last_year(rest[: quoted.start()])
    else:
        title, after_title = split_title(after[title_at:])
        year = year or _last_year(after_title) or _last_year(after) or _last_year(rest)
    reference.title = tidy_title(title)
    reference.venue = _venue(after_title)
    reference.year = year
    return reference


def _one_by_one(name: str, names: list[str]) -> tuple[str, ...]:
    """Two names apart that were taken for an inverted one, in a list where only the first is."""
    two = _TWO_NAMES.fullmatch(name)
    reads_on = any("," not in other for other in names)
    return (two[1], two[2]) if two and reads_on else (name,)


def _names_at_start(text: str) -> tuple[list[str], int]:
    """Names before the title, and where they end."""
    if han := _HAN_NAMES.match(text):
        return re.split(r"\s*[,，、]\s*", han[1]), han.end()
    return read_names(text)


def _take_identifiers(text: str, reference: Reference) -> str:
    """Note DOI, arXiv id and URL; return the text up to the first of them plus what follows."""
    doi = DOI.search(re.sub(r"(doi\.org/|10\.\d{4,9}/)\s+", r"\1", text))
    if doi:
        reference.doi = tidy_doi(doi.group())
    reference.arxiv = find_arxiv(text)
    text = re.sub(r"(doi\.org/|10\.\d{4,9}/)\s+", r"\1", text)
    url = _URL.search(text)
    if url:
        reference.url = re.sub(r"\s", "", url.group()).rstrip(".,;)>\u3009")[:500]
        head = text[: url.start()]
        text = _URL_LEAD.sub("", head) + " " + text[url.end() :]
    text = DOI.sub(" ", text)
    text = re.sub(r"\bdoi\s*:?\s*(?=[.,\s]|$)", " ", text, flags=re.I)
    return re.sub(r"\s+", " ", text).strip()


def _year_first(after: str) -> tuple[int | None, int]:
    """A year that stands right behind the authors, and where the title starts."""
    match = _LEAD_YEAR.match(after)
    if match:
        return int(match.group(1)), match.end()
    match = _FORTHCOMING.match(after)
    if match:
        return None, match.end()
    lead = re.match(r"[\s.,:;]*", after)
    return None, lead.end() if lead else 0


def _last_year(text: str) -> int | None:
    bracketed = re.findall(r"\((?:[^()]{0,20}\s)?((?:1[6-9]|20)\d\d)[a-z]?\)", text)
    years = bracketed or _YEAR.findall(ARXIV.sub(" ", text))
    return int(years[-1]) if years else None


def _counts_as_title(text: str) -> bool:
    return len(text.split()) >= 2 or len(text) > 12


def split_title(text: str) -> tuple[str, str]:
    """Title and what follows it, from the text after authors and year."""
    ends: list[tuple[int, int]] = []
    for match in _TITLE_END.finditer(text):
        if match.group().lstrip()[0] == "." and _ABBREVIATED.search(text[: match.start()]):
            continue
        if _AFTER_NUMERAL.search(text[: match.start()]):
            continue
        following = text[match.end() : match.end() + 1]
        if following.islower() and match.group()[0] in "?!":
            continue
        if match.group()[0] == "." and (
            (following.islower() and not _INNER_CAPITAL.match(text, match.end()))
            or _NUMERAL_PART.match(text, match.end())
        ):
            continue
        ends.append((match.start() + (match.group()[0] in "?!"), match.end()))
        break
    for pattern in (_IN_VENUE, _VENUE_WORD):
        boundary = pattern.search(text)
        if boundary and boundary.start() > 8:
            ends.append((boundary.start(), boundary.end()))
    if not ends:
        comma = re.search(r",\s+(?=(?:vol|pp|\d|[A-Z][\w.]+(?: [A-Z&][\w.]*)*,? \d))", text)
        if comma and comma.start() > 8:
            return text[: comma.start()], text[comma.end() :]
        return text.rstrip(". "), ""
    start, end = min(ends)
    return text[:start], text[end:]


def tidy_title(title: str) -> str:
    """A title without the punctuation and notes that surround it."""
    title = re.sub(r"\s*[\[(][^\])]{3,60}[\])]\s*$", "", title)
    title = re.sub(rf",\s+(?:{_MONTH}\s+)?(?:19|20)\d\d$", "", title)
    return title.strip(" .,;:\u201c\u201d\"'\u2018\u2019")[:1000]


def _venue(text: str) -> str:
    text = re.sub(r"^[\s.,:;\u201d\"]*(?:in\s?[:]?\s+)?", "", text, flags=re.I)
    if re.match(r"(?:arxiv|corr\b)", text, re.I):
        return "CoRR" if text[:1] in "Cc" else "arXiv"
    match = _VENUE_END.search(text, 3)
    venue = text[: match.start()] if match else text
    if ". " in venue:
        head, _tail = venue.split(". ", 1)
        if len(head) > 12 and not _ABBREVIATED.search(head):
            venue = head
    return venue.strip(" .,;:()")[:300]
