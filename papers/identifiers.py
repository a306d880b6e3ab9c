"""Identifiers of papers: recognised in what people paste, and brought to one form. Pure.

arXiv ids (old and new, with version), DOIs, OpenReview forum ids and ACL Anthology ids, bare, with
a prefix ("arXiv:…", "doi:…") or inside an address. Normal forms: arXiv without version and without
subject class, DOI in lower case, OpenReview as given, ACL in the Anthology's own case.
"""

from __future__ import annotations

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


_ARXIV_NEW = re.compile(r"(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})(?:v([1-9]\d?))?", re.ASCII)
_ARXIV_OLD = re.compile(
    r"([a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2})?(/\d{2}(?:0[1-9]|1[0-2])\d{3})(?:v([1-9]\d?))?",
    re.ASCII | re.IGNORECASE,
)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"<>]+", re.ASCII)
_ARXIV_DOI = "10.48550/arxiv."
_OPENREVIEW = re.compile(r"[A-Za-z0-9_-]{8,16}", re.ASCII)
_ACL_NEW = re.compile(r"\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+", re.ASCII | re.IGNORECASE)
_ACL_OLD = re.compile(r"[A-Z]\d{2}-\d{4,5}", re.ASCII | re.IGNORECASE)
_PREFIX = re.compile(r"(arxiv|doi|openreview|acl)\s*[:：]\s*(\S.*)", re.IGNORECASE | re.DOTALL)
_BARE_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}/\S", re.ASCII | re.IGNORECASE)
_STAMP = re.compile(  # as arXiv prints it on the first page, and as people shorten that
    r"arxiv\s*[:：]?\s*(?P<id>\S+?)(?:\s*\[[a-z.-]+\])?(?:\s+\d{1,2}\s+[a-z]{3}\s+\d{4})?", re.I
)
_WRAPPING = " \t\r\n<>\"'“”,;。，；"

_ARXIV_HOSTS = ("arxiv.org", "alphaxiv.org", "huggingface.co", "ar5iv.org", "ar5iv.labs.arxiv.org")
_ARXIV_PAGES = {"abs", "pdf", "html", "ps", "format", "src", "e-print", "papers", "overview"}
_ACL_HOSTS = ("aclanthology.org", "aclanthology.info", "aclweb.org", "acl-arc.comp.nus.edu.sg")


def recognise(text: str) -> Identifier | None:
    """The identifier that `text` as a whole is, bare, prefixed or as an address; else None.

    A bare word in the shape of an OpenReview id comes back with certain=False.
    """
    text = _unwrapped(text)
    if not text or len(text) > 500:
        return None
    if (stamp := _STAMP.fullmatch(text)) and (stamped := arxiv(stamp["id"])):
        return stamped
    if re.match(r"https?://", text, re.IGNORECASE):
        return _from_address(text)
    if prefixed := _PREFIX.fullmatch(text):
        return _of_scheme(Scheme(prefixed[1].lower()), prefixed[2].strip())
    bare = arxiv(text) or doi(text) or acl(text)
    if bare is None and _BARE_HOST.match(text):
        bare = _from_address("https://" + text)
    return bare or _possible_openreview(text)


def _unwrapped(text: str) -> str:
    """Without quotation marks, brackets around all of it, and what ends a sentence."""
    text = text.strip(_WRAPPING).rstrip(".")
    for opening, closing in ("()", "[]", "{}", "（）", "【】"):
        if text.startswith(opening) and text.endswith(closing):
            text = text[1:-1].strip(_WRAPPING).rstrip(".")
    return text


def arxiv(text: str) -> Identifier | None:
    """ "1703.09844v2" or "cs.LG/9901001", with nothing around it."""
    if match := _ARXIV_NEW.fullmatch(text):
        return Identifier(Scheme.ARXIV, match[1], int(match[2]) if match[2] else None)
    if match := _ARXIV_OLD.fullmatch(text):
        value = match[1].lower() + match[2]
        return Identifier(Scheme.ARXIV, value, int(match[3]) if match[3] else None)
    return None


def doi(text: str) -> Identifier | None:
    """A DOI with nothing around it; the DOIs that arXiv gives lead to the arXiv id."""
    match = _DOI.fullmatch(text.rstrip(".,;:。，；"))
    if not match:
        return None
    value = match[0].lower()
    if value.count(")") > value.count("("):
        value = value.removesuffix(")")
    if value.startswith(_ARXIV_DOI):
        return arxiv(value.removeprefix(_ARXIV_DOI))
    return Identifier(Scheme.DOI, value)


def openreview(text: str) -> Identifier | None:
    """A forum id with nothing around it; any word of 8 to 16 letters, digits, - and _ passes."""
    return Identifier(Scheme.OPENREVIEW, text) if _OPENREVIEW.fullmatch(text) else None


def acl(text: str) -> Identifier | None:
    """ "2022.acl-long.503" or "N19-1423", with nothing around it."""
    if _ACL_NEW.fullmatch(text):
        return Identifier(Scheme.ACL, text.lower())
    if _ACL_OLD.fullmatch(text):
        return Identifier(Scheme.ACL, text.upper())
    return None


_READERS = {
    Scheme.ARXIV: arxiv,
    Scheme.DOI: doi,
    Scheme.OPENREVIEW: openreview,
    Scheme.ACL: acl,
}


def _of_scheme(scheme: Scheme, text: str) -> Identifier | None:
    """After a prefix: "doi:https://doi.org/10…" and "arXiv:1703.09844 [cs.LG]" occur too."""
    if re.match(r"https?://", text, re.IGNORECASE):
        return _from_address(text)
    if scheme is Scheme.ARXIV:
        text = re.sub(r"\s*\[[a-zA-Z.-]+\]$", "", text)
    return _READERS[scheme](text)


def _possible_openreview(text: str) -> Identifier | None:
    """Forum ids are random: 9 to 12 characters in which upper and lower case are mixed."""
    shaped = _OPENREVIEW.fullmatch(text) and 9 <= len(text) <= 12
    if not shaped or not re.search(r"[a-z].*[A-Z]", text):
        return None
    return Identifier(Scheme.OPENREVIEW, text, certain=False)


def _from_address(address: str) -> Identifier | None:
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    path = unquote(parts.path).strip("/")
    if host in ("doi.org", "dx.doi.org"):
        return doi(path)
    if _is_or_under(host, _ARXIV_HOSTS):
        page, _, rest = path.partition("/")
        return arxiv(_without_suffix(rest)) if page in _ARXIV_PAGES else None
    if host in ("openreview.net", "api.openreview.net", "api2.openreview.net"):
        named = parse_qs(parts.query)
        return openreview((named.get("id") or named.get("forum") or [""])[0])
    if _is_or_under(host, _ACL_HOSTS):
        last = path.split("/")[-1]
        return acl(_without_suffix(last))
    return _doi_inside(path)


def _doi_inside(path: str) -> Identifier | None:
    """Publishers put the DOI into their addresses: dl.acm.org/doi/pdf/10.1145/3698767."""
    match = _DOI.search(path)
    return doi(_without_suffix(match[0].removesuffix("/full"))) if match else None


def _is_or_under(host: str, known: tuple[str, ...]) -> bool:
    return any(host == name or host.endswith("." + name) for name in known)


def _without_suffix(text: str) -> str:
    return re.sub(r"\.(pdf|bib|xml|endf|ps|html?)$", "", text.strip("/"), flags=re.IGNORECASE)
