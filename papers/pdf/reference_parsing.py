"""One reference string taken apart: authors, title, venue, year, identifiers.

The string is read from the left: a list of names in one consistent style, then by the mark
that ends it (a year, a quotation mark, a colon, a full stop) the title, then the venue.
"""

from __future__ import annotations

import re

from papers.pdf.extraction import Reference
from papers.pdf.identifiers_in_text import ARXIV, DOI, find_arxiv, tidy_doi
from papers.pdf.quoted_titles import quoted_title
from papers.pdf.reference_names import CAPITALISED, GIVEN, UPPER, read_loose_names, read_names
from papers.pdf.text_cleaning import clean_text

_PAIRS = (('"', '"'), ("\u201c", "\u201d"), ("\u2018", "\u2019"))  # opening and closing marks
_LABEL = re.compile(
    r"^\s*(?:\[[^\]]{1,12}\]|\([A-Z][^()]{2,40},? (?:19|20)\d\d[a-z]?\)"
    r"|\(\d{1,3}\)|\d{1,3}[.)](?=\s)|\d{1,3}(?=\s+[A-Z\u201c\"])"
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
_MONTH_WHOLE = (
    "(?:[Jj]an(?:uary)?|[Ff]eb(?:ruary)?|[Mm]ar(?:ch)?|[Aa]pr(?:il)?|[Mm]ay|[Jj]une?|[Jj]uly?"
    "|[Aa]ug(?:ust)?|[Ss]ept?(?:ember)?|[Oo]ct(?:ober)?|[Nn]ov(?:ember)?|[Dd]ec(?:ember)?)"
)
# When somebody looked at an address, which is no date of the work: "[cited 2024 Jan 3]",
# "Accessed: 03-Jan-2024", and the second date of GB/T 7714 in "(2020-03-01)[2024-01-03]".
_LOOKED_AT = re.compile(
    r"[\[(]\s*(?:cited|accessed|retrieved|visited|viewed|last \w+)\b[^\])]{0,40}[\])]"
    r"|\[(?:19|20)\d\d-\d\d?-\d\d?\]"
    r"|\b(?:date )?(?:last )?(?:accessed|visited|retrieved|viewed)\b(?: on)?:?\s[\w ,.-]{0,18}?"
    r"\b(?:19|20)\d\d\b(?:-\d\d-\d\d)?",
    re.I,
)
_PAGES = re.compile(r"\b(?:pp?|pages?|S)\.? ?\d{1,5}(?: ?[-\u2013]{1,2} ?\d{1,5})?", re.I)
_LEAD_YEAR = re.compile(
    r"\s*[.,:]?\s*"
    r"(?:[(\[]\s*((?:1[6-9]|20)\d\d)(?:[a-z]\b)?(?:[,/ -][^)\]]{0,25})?\s*[)\]]\s*[.,:]?"
    r"|((?:1[6-9]|20)\d\d)(?:[a-z]\b)?"
    rf"(?:,\s+{_MONTH_WHOLE}(?:\s+\d{{1,2}})?(?=[.:])|[/ -][^)\],.:]{{0,25}})?\s*[.,:])\s*"
)
_BEFORE_YEAR = re.compile(
    r"(?P<names>[^\d\u201c\"()]{3,250}?)[.,]?\s*\((?:1[6-9]|20)\d\d[a-z]?(?:,[^()]{0,25})?\)[.,:]?\s"
)
# Words in lower case between the names and a year are a title, and the year its journal's.
_SENTENCE = re.compile(r"[A-Z][\w-]{0,40}(?: [a-z][\w-]{1,40}){2}")
_FORTHCOMING = re.compile(
    r"\s*[.,]?\s*\(?(?:in press|forthcoming|n\.d\.|to appear|submitted)\)?[.,:]\s*", re.I
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
    r"|[,.]\s+in (?=[A-Z])"
    r"|\s(?=(?:19|20)\d\d [A-Z][a-z])"
    r"|[,.]?\s+\(?(?:[Ee]d(?:s|ited by)?\.?|[Tt]rans(?:\.|lated by)|[Ii]ntroduction by) (?=[A-Z])"
)
_LOOK_BACK = 16  # characters before a full stop that may be an abbreviation or a numeral
_SENTENCE_STOP = re.compile(
    r"[a-z]{4}(?: (?:of|and|the|in|[A-Z][\w-]*)){0,6} [A-Z]\w{3,}\. \S|[a-z]{9}\. \S"
)
_ARXIV_ALONE = re.compile(
    r"(?:e-?print,? )?arxiv:\S{6,20}(?: \[[\w.-]{2,20}\])?[\s,.]*(?:\(?\d{4}\)?)?[\s.]*", re.I
)
_EDITED = re.compile(r"\b(?:eds?|editors?)\b\.?[)\]]?[.,:]?$", re.I)
# "Phys. Rev. Lett. 77, 3865 (1996)": capitals, then at least a volume and a page. No title.
_JOURNAL_ALONE = re.compile(
    r"(?P<journal>(?!In\b|.{0,120}\sIn\s)[A-Z][\w&-]{0,30}\.?"
    r"(?: (?:[A-Z][\w&-]{0,30}\.?|of|and|the|in|&)){0,7}?(?: \([A-Z]\w{2,20}\))?)[,:]?\s*"
    r"(?:(?:1[6-9]|20)\d\d[,;:]\s*)?(?:vol\. ?)?[A-Z]?\d{1,4}"
    r"(?:(?:\s?\(\d{1,4}(?:[-/]\d{1,4})?\))?[,:.]\s*|\s?\((?:1[6-9]|20)\d\d[a-z]?\)\s)"
    r"(?:pp?\.? ?|no\. ?\d+, ?)?[A-Z]?\d{1,6}(?:\s?[-\u2013]{1,2}\s?[A-Z]?\d{1,6})?[\s.,;]*"
    r"(?:\(?(?:1[6-9]|20)\d\d[a-z]?\)?)?[\s.,;]*"
)
# What stands where a title would: how far a work is, what it was written for, how it was told.
_NO_TITLE = re.compile(
    r"in (?:preparation|press)|to (?:appear|be published)|submitted(?: for publication)?"
    r"|forthcoming|unpublished(?: (?:work|manuscript|results|data|notes?|thesis))?"
    r"|(?:private|personal) communications?|manuscript(?: in preparation)?|preprint"
    r"|(?:(?:ph\.? ?d\.?|doctoral|master['\u2019]?s?|m\.? ?sc\.?|diploma|bachelor['\u2019]?s?) )?"
    r"(?:thesis|dissertation)",
    re.I,
)
_VENUE_WORD = re.compile(
    r",\s+(?=(?:[A-Z][\w.&-]*\s+){0,5}?(?:Journal|J\.|Proc|Proceedings|Transactions|Trans\.|Conference"
    r"|Symposium|Workshop|Letters|Lett\.|Review|Rev\.|Annals|Ann\.|Magazine|Bulletin|Press|Springer"
    r"|Wiley|Elsevier|Academic|University|Univ\.|arXiv|Technical|Tech\.|Ph\.?D|Nature|Science|Phys\."
    r"|IEEE|ACM|Commun|Communications|Archives|Arch\.|Acta|Int\.|International|volume|vol\.|pp\.)\b)"
)
_MONTH = "(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_VENUE_END = re.compile(
    r"[,;(.]?\s*(?:\bvol(?:ume)?\b|\bno\.|\bpp?\.|\bpages?\b|\bpublisher\b|\d+\s*[(:,]|\(\d|\b\d{1,4}\b|\d{4}\u5e74"
    r"|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b|\beds?\b|\beditors?\b)",
    re.I,
)


# Google Scholar prints "InInternational conference", "InProceedings of", "InAAAI".
_GLUED_IN = re.compile(r"^In(?=[A-Z][a-z]+ |[A-Z]{3}|\d{4})")
_FULL_STOP = re.compile(r"\.\s")
_LOWER_WORD = re.compile(r"(?<![\w-])[a-z]{3,}\b")
_SMALL_WORDS = {"and", "the", "for", "from", "with", "und", "des", "der", "per"}
# GB/T 7714 marks the kind of work after its title: "[J]. Journal", "[C]//Proceedings".
_KIND_MARK = re.compile(r"\s*\[(?:[JCDMRPSNAZGK]|EB|DB|CP)(?:/OL)?\]\s*(//)?\s*[.．]?\s*")
_FULL_NAME = rf"{GIVEN}(?: [{UPPER}]\.)* {CAPITALISED}"
_TWO_NAMES = re.compile(rf"({_FULL_NAME}), ({_FULL_NAME})")
# Full-width letters, digits and brackets of Chinese print; its commas and stops are read as such.
_FULL_WIDTH = {
    code: code - 0xFEE0
    for code in range(0xFF01, 0xFF5E)
    if chr(code).isalnum() or chr(code - 0xFEE0) in "[]():;/"
}
_HAN_NAME = r"[\u4e00-\u9fff\uac00-\ud7a3·]{2,4}"  # Chinese and Korean
_HAN_NAMES = re.compile(
    rf"((?:{_HAN_NAME}\s*[,，、]\s*)*{_HAN_NAME})(?:\s*[,，]?\s*[等외])?"
    r"(?:\s*[.．。]\s*|\s*[,，]?\s*(?=[‘“「『《\"'(])|\s*[：:]\s*(?=[《「『“\"]))"
)


def parse_reference(raw: str) -> Reference:
    """Fields of one reference; what cannot be told stays empty. raw: one line of text."""
    raw = clean_text(raw, 4000)
    reference = Reference(raw)
    plain = raw.translate(_FULL_WIDTH).replace("``", "\u201c").replace("''", "\u201d")
    rest = _take_identifiers(_LABEL.sub("", _LOOKED_AT.sub(" ", plain), count=1), reference)
    rest = _KIND_MARK.sub(lambda mark: ". In " if mark[1] else ". ", rest)
    rest = re.sub(r"\.?\s+//\s*(?=\w)", ". In ", rest)  # GOST: "Title // Journal"
    repeated = _SAME_AUTHOR.match(rest)
    rest = re.sub(r",(?:\s*,)+", ",", rest[repeated.end() :] if repeated else rest)
    names, position = ([], 0) if repeated else _names_at_start(rest)
    after = rest[position:]
    year, title_at = _year_first(after)
    group = _BEFORE_YEAR.match(rest) if year is None else None
    if group and not _SENTENCE.search(
        rest, position, group.end("names")
    ):  # a name no style knows, such as that of an institution
        names, position = read_loose_names(group["names"]), group.end("names")
        after = rest[position:]
        year, title_at = _year_first(after)
    reference.authors = [part for name in names for part in _one_by_one(name, names)]
    quoted = quoted_title(rest)
    if quoted and quoted.start <= max(position, 0) + 60 and _counts_as_title(quoted.title):
        title, after_title = quoted.title, rest[quoted.end :]
        if not names:
            reference.authors = read_loose_names(rest[: quoted.start])
        behind = after_title.lstrip(" ,.:;-\u2013\u2014")
        # "Title," then who wrote it
        if not reference.authors and not repeated and not behind.startswith("In "):
            reference.authors, end = read_names(behind)
            after_title = behind[end:]
        year = year or _last_year(after_title) or _last_year(rest[: quoted.start])
    elif journal := _journal_alone(after[title_at:].strip()):
        title, after_title = "", journal
        year = year or _last_year(after)
    else:
        title, after_title = split_title(after[title_at:])
        year = year or _last_year(after_title) or _last_year(after) or _last_year(rest)
    reference.title = _or_none(tidy_title(title))
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
        return int(match.group(1) or match.group(2)), match.end()
    match = _FORTHCOMING.match(after)
    if match:
        return None, match.end()
    lead = re.match(r"[\s.,:;]*", after)
    return None, lead.end() if lead else 0


def _last_year(text: str) -> int | None:
    bracketed = re.findall(
        r"\((?:[^()]{0,20}\s)?((?:1[6-9]|20)\d\d)(?:[a-z]|-\d\d?(?:-\d\d?)?)?\)", text
    )
    if bracketed:
        return int(bracketed[-1])
    years = list(_YEAR.finditer(_PAGES.sub(" ", ARXIV.sub(" ", text))))
    # "1987, 1903" at the end: a volume's year and its first page.
    if len(years) > 1 and re.fullmatch(
        r", ?", years[-1].string[years[-2].end() : years[-1].start()]
    ):
        return int(years[-2][1])
    return int(years[-1][1]) if years else None


def _counts_as_title(text: str) -> bool:
    # Four signs of Chinese or Korean say as much as two words.
    return len(text.split()) >= 2 or len(text) > 12 or (len(text) >= 4 and not text[0].isascii())


def split_title(text: str) -> tuple[str, str]:
    """Title and what follows it, from the text after authors and year."""
    ends: list[tuple[int, int]] = []
    for match in _TITLE_END.finditer(text):
        before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
        if match.group().lstrip()[0] == "." and _ABBREVIATED.search(before):
            continue
        if _AFTER_NUMERAL.search(before):
            continue
        following = text[match.end() : match.end() + 1]
        is_lower = following.islower() and not _INNER_CAPITAL.match(text, match.end())
        if match.group()[0] in "?!" and (is_lower or _reads_on(text, match.end())):
            continue
        if match.group()[0] == "." and (is_lower or _NUMERAL_PART.match(text, match.end())):
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


def _journal_alone(text: str) -> str:
    """The journal of a reference that prints no title; "" where a title may stand."""
    if _ARXIV_ALONE.fullmatch(text):
        return "arXiv"
    match = _JOURNAL_ALONE.fullmatch(text)
    # A full stop behind words written out ends a sentence, not an abbreviation.
    if match is None or _SENTENCE_STOP.search(match["journal"]):
        return ""
    return match["journal"]


def _reads_on(text: str, position: int) -> bool:
    """Whether a title goes on behind its question mark: the next full stop ends at "In", or ends
    a sentence, which a venue is not, and a venue follows."""
    stop = _FULL_STOP.search(text, position, position + 200)
    if stop is None:
        return False
    sentence = text[position : stop.start()]
    if _IN_VENUE.match(text, stop.start()):
        return True
    if not text[stop.end() : stop.end() + 1].isalpha() or _VENUE_WORD.search(f", {sentence}"):
        return False
    return any(word not in _SMALL_WORDS for word in _LOWER_WORD.findall(sentence))


def tidy_title(title: str) -> str:
    """A title without the punctuation and notes that surround it."""
    title = re.sub(r"\s*[\[(][^\])]{3,60}[\])]\s*$", "", title)
    title = re.sub(rf",\s+(?:{_MONTH}\s+)?(?:19|20)\d\d$", "", title)
    bare = title.strip(" .,;:\u201c\u201d\"'\u2018\u2019")
    before, _, after = title.partition(bare) if bare else ("", "", "")
    for opening, closing in _PAIRS:  # marks of a quotation inside the title are its own
        if opening in before and closing in bare:
            bare = opening + bare
        elif closing in after and opening in bare:
            bare += closing
    return bare[:1000]


def _or_none(title: str) -> str:
    """The title; "" if it only says what kind of work it is that has none."""
    return "" if _NO_TITLE.fullmatch(title) else title


def _venue(text: str) -> str:
    text = re.sub(r"^[\s.,:;\u3002\u201d\"]*(?:in\s?[:]?\s+)?", "", text, flags=re.I)
    text = _GLUED_IN.sub("", text)
    text = re.sub(r"^(?:1[6-9]|20)\d\d\s+(?=[A-Z])", "", text)
    editors, end = read_names(text)
    if editors and _EDITED.search(text[:end]):
        text = text[end:].lstrip(" .,:")
    if re.match(r"(?:arxiv|corr\b)", text, re.I):
        return "CoRR" if text[:1] in "Cc" else "arXiv"
    match = _VENUE_END.search(text, 3)
    venue = text[: match.start()] if match else text
    if ". " in venue:
        head, _tail = venue.split(". ", 1)
        if len(head) > 12 and not _ABBREVIATED.search(head):
            venue = head
    venue = venue.strip(" .,;:(\uff0c\u2013\u2014\u300a\u300b")
    venue = venue if "(" in venue else venue.strip(" )")
    if re.fullmatch(r"(?:1[6-9]|20)\d\d-?", venue):  # the year of a work that names no venue
        return ""
    return re.sub(r",\s*pp?$", "", venue)[:300]
