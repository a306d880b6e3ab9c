"""What stands before and behind a title, taken apart: marks, venue and year, people. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from community.list_files.dates import looks_like_venue, venue_and_year, year_in
from community.list_files.shapes import Entry, Kind
from papers.pdf.reference_names import read_names
from papers.pdf.reference_parsing import parse_reference

_CHECKBOX = re.compile(r"^\s*\[[ xX✓✔]\]\s+")
_SHORTCODES = re.compile(r"(?<![\w:]):[a-z0-9_+-]{2,40}:(?![\w:])")
"""Emoji by name, ":fire:"."""
_IN_FRONT = re.compile(r"^\W*?[\[(（【]([^\[\]()（）【】]{3,60})[\])）】]\s*(?=\S|$)")
_EDGES = " \t.,;:|·•—–-：，。；｜、&"
_CUTS = re.compile(
    r"\s*[,;，；、。|｜]\s*|\.\s+|\s+[-–—|]\s+|\s*[:：]\s+|[:：]|\s*(?=[(（\[])|\s+(?=(?:19|20)\d\d\b)"
)
_BEHIND_YEAR = re.compile(
    r"^(?P<venue>.*?(?:(?:19|20)\d\d|['’]\d\d))(?P<rest>(?:\W*(?:oral|spotlight|poster|highlight|"
    r"(?:best|outstanding) (?:student )?papers?(?: award)?|award|presentation|notable top.*|"
    r"口头报告|最佳论文(?:奖)?))+\W*|[^\w\s]*[^\x00-\u2fff].*|\W*)$",
    re.IGNORECASE,
)
_PRESENTATION = re.compile(
    r"[\s,;，·(（]+((?:oral|spotlight|poster|highlight|best paper|口头报告|最佳论文).*)$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"[A-Z][A-Za-z]*[A-Z]\w*(?: (?:Workshops?|Findings))?['’ ,]*(?:\d\d|(?:19|20)\d\d)"
)
_ACRONYM = re.compile(r"[A-Z][A-Za-z]*[A-Z][\w-]*(?: (?:Workshops?|Findings|[A-Z][A-Z]+))?")
_ET_AL = re.compile(r",?\s*(?:\bet\.? al\b\.?|等人?)\s*$")
_HAN_NAME = re.compile(r"[\u4e00-\u9fff·]{2,4}")
_NAME = re.compile(
    r"(?:(?:[^\W\d_a-z]\.-?){1,4}|[^\W\d_a-z][\w'’-]*|(?:van|von|de|der|den|del|della|di|da|dos|la|le|el|al|bin|ten|ter))"
)
_WORDS_OF_VENUES = """
    accepted access acm advances ai arxiv artificial available award best blog citations code
    computer computing conference data discovery elsevier findings github google ieee
    implementation information institute intelligence international journal keras knowledge lab
    language learning letters list machine mining model models multimedia nature network networks
    neural official open oral outstanding page paper papers pattern poster preprint press
    proceedings processing project pytorch recognition report research review robotics science
    signal speech spotlight springer stars supplementary survey systems team technical tensorflow
    thesis transactions tutorial under university video vision web website workshop workshops
    attention exits inference routing training
"""
_NO_NAMES = frozenset(_WORDS_OF_VENUES.split())
_LONGEST = 3000  # letters of a line that lists people
_MOST_CUTS = 12  # commas behind which a venue may begin, from the end
_QUOTED = re.compile(r"[\"“”„‟«「『]")


@dataclass(frozen=True)
class Printed:
    """A venue as printed, its year, and what is said of the presentation."""

    venue: str
    year: int | None
    remark: str = ""


def without_marks(text: str) -> str:
    """The beginning of an entry without its box to tick and emoji by name."""
    return _SHORTCODES.sub(" ", _CHECKBOX.sub("", text))


def venue_in_front(text: str) -> tuple[Printed | None, str]:
    """The venue of "[ICLR 2021] Quiet Lamps", and the rest; None and all of it without one."""
    match = _IN_FRONT.match(text)
    if match is None or len(match[1].split()) > 6:
        return None, text
    printed = printed_venue(match[1])
    return (printed, text[match.end() :]) if printed and printed.venue else (None, text)


def printed_venue(text: str) -> Printed | None:
    """ "ICLR'21 🏆 Best Paper", "(NeurIPS 2022, oral)", "arXiv 2023.05"; None for what is none."""
    bare = re.sub(
        r"(?<=\d{4})[./-](?:0[1-9]|1[0-2])(?![\d.])", "", text.strip(_EDGES + "()（）[]【】")
    )
    remark = ""
    if (match := _BEHIND_YEAR.match(bare)) is not None:
        bare, remark = match["venue"], match["rest"]
    elif (match := _PRESENTATION.search(bare)) is not None and year_in(bare[: match.start()]):
        bare, remark = bare[: match.start()], match[1]
    if not looks_like_venue(bare):
        return None
    venue, year = venue_and_year(bare)
    return Printed(venue.strip(_EDGES), year, remark.strip(_EDGES + "()（）!⭐✨🏆🌟🔥 "))


def said_of_talk(venue: str) -> tuple[str, str]:
    """ "ICML（口头报告）" as how it was shown and where: "口头报告", "ICML"."""
    match = _PRESENTATION.search(venue)
    if match is None or not venue[: match.start()].strip():
        return "", venue
    return match[1].strip(_EDGES + "()（）"), venue[: match.start()]


def acronym_alone(text: str) -> Printed | None:
    """A venue without its year: "ICLR", "(ICML, oral)"; the heading above may name the year."""
    words, _, remark = text.strip(_EDGES + "()（）").partition(",")
    said = _PRESENTATION.search(f" {remark}") if remark else None
    if _ACRONYM.fullmatch(words) is None or (remark and not said):
        return None
    return Printed(words, None, remark.strip())


def venue_of_label(label: str) -> str:
    """A link's text that is a venue with its year, "[[ICLR 2021](…)]"; else ""."""
    bare = label.strip(" []()")
    return bare if _LABEL.fullmatch(bare) and looks_like_venue(bare) else ""


def are_people(text: str) -> bool:
    """Whether a line is a list of people: short parts, most words with a capital."""
    text = re.sub(r"[*†‡\\]", "", text).strip(" .")
    if not text or len(text) > 3000 or year_in(text) or ":" in text:
        return False
    names = re.split(r",\s*|\s+and\s+|\s*&\s*|;\s*|、", re.sub(r"\bet al\.?$", "", text))
    names = [name.strip() for name in names if name.strip(" .")]
    if not names or any(len(name.split()) > 5 for name in names):
        return False
    words = [word for name in names for word in name.split()]
    capitals = sum(word[0].isupper() or word[0] in "’'" or ord(word[0]) > 0x2E80 for word in words)
    is_several = len(names) > 1 or text.endswith("et al")
    return capitals * 10 >= len(words) * 7 and (is_several or 2 <= len(words) <= 4)


def people_and_rest(text: str) -> tuple[str, str]:
    """ "Anna Erste, Bo Zweite, ICLR 2021" as people and venue; "" and all of it without people.

    One name alone counts before a venue or with "et al."; a venue's own words are no names.
    """
    whole = _SHORTCODES.sub(" ", text).strip(_EDGES)
    if len(whole) > _LONGEST:
        return "", text
    for match in list(_CUTS.finditer(whole))[: -_MOST_CUTS - 1 : -1]:
        left, right = whole[: match.start()], whole[match.end() :]
        printed = printed_venue(right)
        if printed and (printed.venue or match[0].strip()) and _are_people(left, least=1):
            return left, right
    return (whole, "") if _are_people(whole, least=2) else ("", text)


def _are_people(text: str, *, least: int) -> bool:
    text = re.sub(r"[*†‡\\]", "", text).strip(_EDGES + "()（）")
    has_others = bool(_ET_AL.search(text))
    bare = _ET_AL.sub("", text)
    names = [name.strip(" .") for name in re.split(r"\s*[,;，；、]\s*|\s+(?:and|&)\s+", bare)]
    names = [re.sub(r"^(?:and|&)\s+", "", name) for name in names if name]
    if not names or len(bare) > 3000 or (len(names) < least and not has_others):
        return False
    return all(_is_name(name, may_be_short=has_others) for name in names)


def _is_name(name: str, *, may_be_short: bool) -> bool:
    if _HAN_NAME.fullmatch(name):
        return True
    words = name.split()
    if not (1 if may_be_short else 2) <= len(words) <= 5 or not name[-1].isalpha():
        return False
    if any(word.lower().strip(".") in _NO_NAMES for word in words):
        return False
    return all(_NAME.fullmatch(word) for word in words) and not all(w.isupper() for w in words)


@dataclass(frozen=True)
class Reference:
    """A reference whose authors stand in front. rest: venue and year as printed."""

    authors: str
    title: str
    rest: str


def as_reference(text: str) -> Reference | None:
    """ "A. Erste and B. Zweite, “Quiet Lamps,” ICLR, 2021", "Erste et al., Quiet Lamps, ICLR 2021";
    None where no people stand in front of a title."""
    if (
        others := re.match(r"([^\W\d_a-z][\w'’ .-]{1,40}?,? et\.? al\.?)[\s,.:;]+", text)
    ) is not None:
        names, rest = others[1], text[others.end() :]
        if not _are_people(names, least=1):
            return None
        read = parse_reference(f"A. Erste. {rest}")
        return _of_read(names, read.title, read.venue, read.year)
    printed, end = read_names(text)
    is_list = len(printed) > 1 or bool(_QUOTED.match(text[end:].lstrip(" ,.:(")))
    with_initials = any(re.search(r"\b[^\W\d_a-z]\.", name) for name in printed)
    if not is_list or not (with_initials or _are_people("; ".join(printed), least=1)):
        return None
    read = parse_reference(text)
    return _of_read("; ".join(read.authors), read.title, read.venue, read.year)


def _of_read(names: str, title: str, venue: str, year: int | None) -> Reference | None:
    if len(title.split()) < 2 or year is None:
        return None
    short = re.sub(
        r"^(?:in )?proc(?:\.|eedings)? (?:of )?(?:the )?", "", venue, flags=re.IGNORECASE
    )
    return Reference(names, title, f"{short} {year}".strip())


def words_of(title: str) -> int:
    """How many words a title has; two Chinese signs count as one."""
    han = sum("\u4e00" <= letter <= "\u9fff" for letter in title)
    return len(title.split()) + han // 2


def quoted_by_chinese_marks(text: str) -> tuple[str, str] | None:
    """Title and rest of "《动态神经网络综述》，王小明，计算机学报，2021"."""
    match = re.match(r"^\W*?《([^《》]{2,200})》(.*)$", text, re.DOTALL)
    return (match[1].strip(), match[2].strip(_EDGES)) if match else None


_YEAR_ALONE = re.compile(r"\W*(?:year\s+)?((?:19|20)\d\d)\s*(?:年|papers?)?\W*", re.IGNORECASE)


def year_alone(heading: str) -> int | None:
    """The year of a heading that says nothing else: "2021", "2021年", "Papers 2021" is none."""
    match = _YEAR_ALONE.fullmatch(heading)
    return int(match[1]) if match else None


def said_above(entry: Entry, headings: Sequence[str], years: Sequence[int]) -> Entry:
    """An entry without a year, with that of its heading ("2021", "ICLR 2021"); its own "(ICLR)"
    is the venue then. years: of the bullets around it."""
    if entry.kind is not Kind.PAPER or entry.year is not None or entry.venue:
        return entry
    innermost = headings[-1] if headings else ""
    if (label := venue_of_label(innermost)) and (printed := printed_venue(label)):
        return replace(entry, venue=printed.venue, year=printed.year)
    year = years[-1] if years else year_alone(innermost)
    venue = acronym_alone(entry.notes) if year else None
    if venue is None:
        return replace(entry, year=year)
    return replace(entry, year=year, venue=venue.venue, notes=venue.remark)
