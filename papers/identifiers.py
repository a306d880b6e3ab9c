"""Identifiers of papers: recognised in what people paste, and brought to one form. Pure.

arXiv ids (old and new, with version), DOIs, OpenReview forum ids and ACL Anthology ids, bare, with
a prefix ("arXiv:…", "doi:…") or inside an address. Normal forms: arXiv without version and without
subject class, DOI in lower case, OpenReview as given, ACL in the Anthology's own case.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs, quote, unquote, urlsplit


class Scheme(StrEnum):
    """Who gave the identifier; the values are the names of the columns of Paper."""

    ARXIV = "arxiv"
    DOI = "doi"
    OPENREVIEW = "openreview"
    ACL = "acl"


@dataclass(frozen=True)
class Identifier:
    """A recognised identifier. `certain` is False where an ordinary word has the same shape."""

    scheme: Scheme
    value: str
    version: int | None = None
    certain: bool = True

    def __str__(self) -> str:
        """As people write it: arXiv:1703.09844v2, doi:10.1145/3698767."""
        prefix = "arXiv" if self.scheme is Scheme.ARXIV else self.scheme.value
        return f"{prefix}:{self.value}" + (f"v{self.version}" if self.version else "")

    @property
    def url(self) -> str:
        """Where the identifier leads."""
        version = f"v{self.version}" if self.version else ""
        return {
            Scheme.ARXIV: f"https://arxiv.org/abs/{self.value}{version}",
            Scheme.DOI: f"https://doi.org/{quote(self.value, safe='/:;()._-')}",
            Scheme.OPENREVIEW: f"https://openreview.net/forum?id={self.value}",
            Scheme.ACL: f"https://aclanthology.org/{self.value}/",
        }[self.scheme]


_ARXIV_NEW = re.compile(
    r"(?:[a-z]+(?:-[a-z]+)?(?:\.[a-z]{2})?/)?"  # a class before a new id is a common slip
    r"((\d{2}(?:0[1-9]|1[0-2]))\.(\d{4,5}))(?:v([1-9]\d?))?",
    re.ASCII | re.IGNORECASE,
)
_ARXIV_OLD = re.compile(
    r"([a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2})?(/\d{2}(?:0[1-9]|1[0-2])\d{3})(?:v([1-9]\d?))?",
    re.ASCII | re.IGNORECASE,
)
_FIRST_NEW, _FIRST_OF_FIVE = 704, 1501
"""April 2007: arXiv's ids without class. January 2015: five digits a month instead of four."""
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"“”]+", re.ASCII)
_SICI = re.compile(r"<[^<>\s]{1,40}>")
"""Angle brackets belong to the DOIs of old serials: …36:6<637::AID-TEA4>3.0.CO;2-9."""
_ARXIV_DOI = "10.48550/arxiv."
_OPENREVIEW = re.compile(r"[A-Za-z0-9_-]{8,16}", re.ASCII)
_ACL_NEW = re.compile(r"(\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+)(?:v[1-9])?", re.ASCII | re.IGNORECASE)
_ACL_OLD = re.compile(r"([A-Z]\d{2}-\d{4,5})(?:v[1-9])?", re.ASCII | re.IGNORECASE)
_PREFIX = re.compile(
    r"(?:urn\s*:\s*|info\s*:\s*)?(arxiv|doi|openreview|acl)\s*(?:[:：/]|\s(?=\d))\s*(\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_BARE_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}/\S", re.ASCII | re.IGNORECASE)
_WRAPPING = " \t\r\n<>\"'“”‘’,;.。，；()[]{}（）【】†‡*"
_HYPHENS = str.maketrans(
    "\u2010\u2011\u2012\u2013", "----"
)  # typesetting; registered DOIs have "-"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")

_ARXIV_HOSTS = (
    "arxiv.org", "alphaxiv.org", "huggingface.co", "ar5iv.org", "ar5iv.labs.arxiv.org",
    "xxx.lanl.gov", "arxiv-vanity.com", "scholar.archive.org", "catalyzex.com",
)  # fmt: skip
_ARXIV_PAGES = {
    "abs", "pdf", "html", "ps", "format", "src", "e-print", "papers", "overview", "list", "a",
}  # fmt: skip
_ACL_HOSTS = ("aclanthology.org", "aclanthology.info", "aclweb.org", "acl-arc.comp.nus.edu.sg")
_DOI_HOSTS = ("doi.org", "dx.doi.org", "doi.acm.org", "doi.ieeecomputersociety.org", "dl.doi.org")


def _plain(text: str) -> str:
    """Without invisible characters, and with the signs that HTML escapes."""
    text = re.sub(r"&(?:amp|lt|gt|quot|#\d{1,6});", lambda sign: html.unescape(sign[0]), text)
    return _INVISIBLE.sub("", text)


def recognise(text: str) -> Identifier | None:
    """The identifier that `text` as a whole is, bare, prefixed or as an address; else None.

    A bare word in the shape of an OpenReview id comes back with certain=False.
    """
    text = _plain(text).strip(" \t\r\n")
    if not text or len(text) > 500:
        return None
    if _DOI.fullmatch(text):  # before brackets at its end are taken off
        return doi(text)
    text = _unwrapped(text)
    if re.match(r"https?://", text, re.IGNORECASE):
        return _from_address(text)
    if prefixed := _PREFIX.fullmatch(text):
        return _of_scheme(Scheme(prefixed[1].lower()), prefixed[2].strip())
    bare = arxiv(text) or doi(text) or acl(text)
    if bare is None and _BARE_HOST.match(text):
        bare = _from_address("https://" + text)
    return bare or _possible_openreview(text)


def _unwrapped(text: str) -> str:
    """Without quotes, brackets and the punctuation of the sentence around it.

    A bracket at the end stays where it was opened inside: 10.1016/0004-3702(94)90002-7.
    """
    text = text.lstrip(_WRAPPING)
    while text and text[-1] in _WRAPPING:
        opening = {")": "(", "]": "[", "}": "{", ">": "<"}.get(text[-1])
        if opening and text.count(opening) >= text.count(text[-1]):
            break
        text = text[:-1]
    return text


def arxiv(text: str) -> Identifier | None:
    """ "1703.09844v2" or "cs.LG/9901001", with nothing around it."""
    if (match := _ARXIV_NEW.fullmatch(text)) and _was_given(match[2], match[3]):
        return Identifier(Scheme.ARXIV, match[1], int(match[4]) if match[4] else None)
    if match := _ARXIV_OLD.fullmatch(text):
        value = match[1].lower() + match[2]
        return Identifier(Scheme.ARXIV, value, int(match[3]) if match[3] else None)
    return None


def _was_given(month: str, number: str) -> bool:
    """Whether arXiv gave ids of this length in that month ("1703.9844" never was one)."""
    since = int(month)
    return since >= _FIRST_NEW and len(number) == (5 if since >= _FIRST_OF_FIVE else 4)


def doi(text: str) -> Identifier | None:
    """A DOI with nothing around it; the DOIs that arXiv gives lead to the arXiv id."""
    value = tidy_doi(text)
    if not _DOI.fullmatch(value):
        return None
    if value.startswith(_ARXIV_DOI):
        return arxiv(re.sub(r"v\d+$", "", value.removeprefix(_ARXIV_DOI)))
    return Identifier(Scheme.DOI, value)


def tidy_doi(text: str) -> str:
    """A DOI as it is registered: lower case, decoded, no punctuation of the sentence around it."""
    value = _plain(text).strip().translate(_HYPHENS)
    if re.search(r"%(?:2f|3[ac-e]|28|29|5b|5d)", value, re.IGNORECASE):
        value = unquote(value)
    value = re.sub(r"(?:\?\w+=\S*|#\w*)$", "", value)  # what an address carries behind the DOI
    if not _SICI.search(value):
        value = re.split(r"[<>]", value)[0]
    while value:
        before = value
        value = value.rstrip(" .,;:。，；、'’\"”*†‡/|\\")
        opening = {")": "(", "]": "[", "}": "{", ">": "<"}.get(value[-1:])
        if opening and value.count(value[-1]) > value.count(opening):
            value = value[:-1]
        for tail in ("/pdf", ".pdf", "/full", "/abstract", "/epdf", "/meta"):
            value = value.removesuffix(tail)
        if value == before:
            break
    return value.lower()


def openreview(text: str) -> Identifier | None:
    """A forum id with nothing around it; any word of 8 to 16 letters, digits, - and _ passes."""
    return Identifier(Scheme.OPENREVIEW, text) if _OPENREVIEW.fullmatch(text) else None


def acl(text: str) -> Identifier | None:
    """ "2022.acl-long.503" or "N19-1423", with nothing around it but the "v2" of a revision."""
    if match := _ACL_NEW.fullmatch(text):
        return Identifier(Scheme.ACL, match[1].lower())
    if match := _ACL_OLD.fullmatch(text):
        return Identifier(Scheme.ACL, match[1].upper())
    return None


# --- Inside a text ------------------------------------------------------------------------------

_DOI_INSIDE = re.compile(r"(?<![\w.])10\.\d{4,9}(?:\.\d+)*/[^\s\"“”{}|\\^`]+", re.ASCII)
_NEXT_DOI = re.compile(r"[;,|](?=10\.\d{4,9}/)")
_SPLIT_DOI = re.compile(r"((?:doi\.org/|10\.\d{4,9}/))\s+(?=\S)")
_ARXIV_ID = (
    r"(?:[a-z]+(?:-[a-z]+)?(?:\.[a-z]{2})?/)?\d{4}\.\d{4,5}|[a-z]+(?:-[a-z]+)?(?:\.[a-z]{2})?/\d{7}"
)
_ARXIV_INSIDE = re.compile(
    r"(?:arxiv(?:\.org/(?:abs|pdf|html)/|"
    r"[\s:.–-]{0,4}(?:(?:e-?prints?|preprints?|id|identifier)\b[\s:.–-]{0,4})?(?:arxiv\s*:?)?\s*)"
    rf"|\babs/)({_ARXIV_ID})(?:v\d+)?(?!\d)",
    re.IGNORECASE,
)
_BARE_ARXIV = re.compile(r"(?<![\w./-])(\d{4}\.\d{4,5})(?:v\d+)?(?![\w/-]|\.\d)")
_MAY_NAME_ONE = re.compile(r"\d|openreview|acl", re.IGNORECASE)
"""What words of OpenReview and the ACL Anthology have: a number, or the name of the place."""
_ADDRESS = re.compile(r"https?://[^\s\"<>“”，。；]+", re.IGNORECASE)


def dois_in(text: str) -> list[str]:
    """Every DOI in a text in its normal form, once each, in order; arXiv's own are left out."""
    text = _NEXT_DOI.sub(" ", _plain(text))
    if "%" in text:
        text = re.sub(r"%(?:2f|3c|3e)", lambda sign: unquote(sign[0]), text, flags=re.IGNORECASE)
    dois = (tidy_doi(match[0]) for match in _DOI_INSIDE.finditer(_SPLIT_DOI.sub(r"\1", text)))
    return list(dict.fromkeys(value for value in dois if not value.startswith(_ARXIV_DOI)))


def own_dois_in(note: str) -> list[str]:
    """DOIs of a note that begins with one, as programs without a field for it write them."""
    is_own = re.match(r"\W*(?:doi\b|https?://(?:dx\.)?doi\.org/|10\.\d{4,9}/)", note, re.IGNORECASE)
    return dois_in(note) if is_own else []


def arxiv_ids_in(text: str, *, bare: bool = False) -> list[str]:
    """Every arXiv id in a text, without version, once each, in order.

    bare: also numbers such as "1703.09844" with neither "arXiv" nor an address before them.
    """
    text = _INVISIBLE.sub("", text)
    named = [match[1] for match in _ARXIV_INSIDE.finditer(text)]
    named += [match[1] for match in re.finditer(r"10\.48550/arxiv\.(\d{4}\.\d{4,5})", text, re.I)]
    if bare:
        named += [match[1] for match in _BARE_ARXIV.finditer(text)]
    known = [arxiv(value) for value in named]
    return list(dict.fromkeys(identifier.value for identifier in known if identifier))


def all_in(text: str) -> list[Identifier]:
    """Every identifier in a text, once each: addresses, prefixed and bare ids, DOIs, in order."""
    addresses = [(match.start(), recognise(match[0])) for match in _ADDRESS.finditer(text)]
    placed = [(start, known) for start, known in addresses if known and known.certain]
    rest = _ADDRESS.sub(lambda match: " " * len(match[0]), text)
    placed += [(rest.lower().find(one), Identifier(Scheme.DOI, one)) for one in dois_in(rest)]
    named = arxiv_ids_in(rest) or arxiv_ids_in(rest, bare=True)
    placed += [(rest.find(one), Identifier(Scheme.ARXIV, one)) for one in named]
    for word in re.finditer(r"[^\s,;]+", rest):
        if not _MAY_NAME_ONE.search(word[0]):
            continue  # most words of a text
        known = recognise(word[0])
        if known and known.certain and known.scheme in (Scheme.OPENREVIEW, Scheme.ACL):
            placed.append((word.start(), known))
    placed.sort(key=lambda item: item[0])
    by_value = {(one.scheme, one.value): one for _, one in reversed(placed)}
    return [by_value[key] for key in dict.fromkeys((one.scheme, one.value) for _, one in placed)]


_READERS = {
    Scheme.ARXIV: arxiv,
    Scheme.DOI: doi,
    Scheme.OPENREVIEW: openreview,
    Scheme.ACL: acl,
}


def _of_scheme(scheme: Scheme, text: str) -> Identifier | None:
    """After a prefix: "doi:https://doi.org/10…" and "arXiv:1703.09844 [cs.LG] 7 Jun 2018" occur."""
    if re.match(r"https?://", text, re.IGNORECASE):
        return _from_address(text)
    if scheme is Scheme.ARXIV:
        text = re.sub(r"\s*\[[a-zA-Z.-]+\].*$", "", text)
    return _READERS[scheme](_unwrapped(text) if scheme is not Scheme.DOI else text)


def _possible_openreview(text: str) -> Identifier | None:
    """Forum ids are random: 9 to 12 characters in which cases and digits change often.

    Names of models change less: "ResNet-50" turns from small to capital once.
    """
    shaped = _OPENREVIEW.fullmatch(text) and 9 <= len(text) <= 12
    turns = len(re.findall(r"(?<=[a-z])[A-Z]|(?<=\D)\d|(?<=\d)\D", text))
    if not shaped or turns < 3 or not re.search(r"[a-z].*[A-Z]", text):
        return None
    return Identifier(Scheme.OPENREVIEW, text, certain=False)


def _from_address(address: str) -> Identifier | None:
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    path = unquote(parts.path).strip("/")
    if host in _DOI_HOSTS:
        return doi(path + (f"?{parts.query}" if "<" in path and parts.query else ""))
    if _is_or_under(host, _ARXIV_HOSTS):
        page, _, rest = path.partition("/")
        return arxiv(_without_suffix(rest)) if page in _ARXIV_PAGES else None
    if _is_or_under(host, ("openreview.net",)):
        named = parse_qs(parts.query)
        return openreview((named.get("id") or named.get("forum") or [""])[0])
    if _is_or_under(host, _ACL_HOSTS):
        last = path.split("/")[-1]
        return acl(_without_suffix(last))
    if _is_or_under(host, ("semanticscholar.org", "dblp.org", "dblp.uni-trier.de")):
        return _named_in(path)
    return _doi_inside(path) or _doi_inside(unquote(parts.query))


def _named_in(path: str) -> Identifier | None:
    """Ids in addresses of indexes: semanticscholar.org/arXiv:1703.09844, dblp's abs-1703-09844."""
    if match := re.search(r"corr/abs-(\d{4})-(\d{4,5})", path, re.IGNORECASE):
        return arxiv(f"{match[1]}.{match[2]}")
    if match := re.search(r"arxiv[:/]([^\s/]+)", path, re.IGNORECASE):
        return arxiv(match[1])
    return _doi_inside(path)


def _doi_inside(path: str) -> Identifier | None:
    """Publishers put the DOI into their addresses: dl.acm.org/doi/pdf/10.1145/3698767."""
    match = _DOI.search(path)
    return doi(_without_suffix(match[0])) if match else None


def _is_or_under(host: str, known: tuple[str, ...]) -> bool:
    return any(host == name or host.endswith("." + name) for name in known)


def _without_suffix(text: str) -> str:
    return re.sub(r"\.(pdf|bib|xml|endf|ps|html?)$", "", text.strip("/"), flags=re.IGNORECASE)
