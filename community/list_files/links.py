"""Links of an entry: addresses without tracking, and what stands behind them."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from community.list_files.shapes import Link
from papers.identifiers import recognise

_TRACKING = re.compile(
    r"(?:utm_\w+|casa_token|spm|fbclid|gclid|mc_[ce]id|igshid|scm|share_token|si)", re.IGNORECASE
)
_JUNK = re.compile(r"(?:%22|%3E|[>\"\s]).*$", re.IGNORECASE)
_PAPER_HOSTS = (
    *("arxiv.org", "openreview.net", "aclanthology.org", "aclweb.org", "doi.org", "ieee.org"),
    *(
        "acm.org",
        "springer.com",
        "sciencedirect.com",
        "thecvf.com",
        "cv-foundation.org",
        "mlr.press",
    ),
    *("neurips.cc", "nips.cc", "jmlr.org", "aaai.org", "nature.com", "science.org", "biorxiv.org"),
    *("semanticscholar.org", "ecva.net", "usenix.org", "isca-speech.org", "ijcai.org", "wiley.com"),
    *("mdpi.com", "elsevier.com", "tandfonline.com", "oup.com", "frontiersin.org", "mitpress.edu"),
    *(
        "mlsys.org",
        "bmva.org",
        "bmvc2018.org",
        "roboticsproceedings.org",
        "vldb.org",
        "hal.science",
    ),
    *("proceedings.com", "worldscientific.com", "pnas.org", "plos.org", "ssrn.com", "techrxiv.org"),
    *("papers.cool", "paperswithcode.com/paper", "huggingface.co/papers"),
)
_CODE_HOSTS = ("github.com", "gitlab.com", "gitee.com", "bitbucket.org", "codeberg.org")
_VIDEO_HOSTS = ("youtube.com", "youtu.be", "bilibili.com", "vimeo.com", "slideslive.com")
_LABELS = (
    (
        "paper",
        r"pdf\d*|papers?|arxiv|page|html|abs|doi|link to paper|preprint|openreview|论文|原文",
    ),
    ("slides", r"slides?|ppt|幻灯片"),
    ("poster", r"posters?"),
    ("video", r"videos?|talk|recording|youtube|bilibili|视频|录像"),
    (
        "code",
        r"(?:official |unofficial |project |source )*(?:jax |pytorch )?code|代码|源码|"
        r"git(?:hub|lab)?|"
        r"(?:official |unofficial )?(?:py)?torch(?: lua| code)?|(?:unofficial )?tensorflow|tf|"
        r"keras|chainer|theano|caffe\d?|mxnet|matlab|jax|paddle\w*|octocat|implementation|repo(?:sitory)?|"
        r"github no code|mindspore|unofficial pytorch|code & models?|models? & code",
    ),
    ("model", r"models?|weights?|checkpoints?|模型"),
    ("website", r"web ?sites?|homepage|project(?: page)?|site|主页|项目"),
    ("blog", r"blogs?(?: \(.*\))?|post|explainer|pytorch blog|博客"),
    (
        "link",
        r"supp(?:l(?:ement(?:ary)?)?)?|appendix|data(?:set)?|demo|bibtex|cite|news|reviews?|link",
    ),
)
_BY_LABEL = [(kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _LABELS]


def is_short_label(label: str) -> bool:
    """Whether a link's text says what stands behind it, and is no title: "pdf", "PyTorch"."""
    return bool(_kind_of_label(label)) or not any(letter.isalpha() for letter in label)


def link_of(label: str, url: str) -> tuple[Link | None, str]:
    """The link, and what was left out of it in words; None for what is no address."""
    address, left = tidy_address(url)
    if not address:
        return None, left
    shown = label.strip(" []:")
    return Link(_kind(shown, address), shown[:80].strip(), address), left


def tidy_address(url: str) -> tuple[str, str]:
    """An http(s) address without tracking and without what was glued on; empty when it is none."""
    cut = _JUNK.sub("", url.strip())
    parts = urlsplit(cut) if _is_splittable(cut) else None
    if parts is None or parts.scheme not in ("http", "https") or "." not in parts.netloc:
        return "", f"“{url[:60]}” is no address" if url.strip() not in ("", "#") else ""
    query = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in query if not _TRACKING.fullmatch(name)]
    tidied = cut
    if len(kept) < len(query):
        tidied = urlunsplit(parts._replace(query=urlencode(kept, safe=":/")))
        return tidied, "tracking parameters of an address"
    return tidied, "what was glued to an address" if cut != url.strip() else ""


def is_of_paper(link: Link) -> bool:
    """Whether a paper stands behind it, by its label or its address."""
    return link.kind == "paper"


def _is_splittable(url: str) -> bool:
    try:
        urlsplit(url)
    except ValueError:  # a broken bracket in the host
        return False
    return True


def _kind_of_label(label: str) -> str:
    words = re.sub(r"[\[\]():.,!*_`]", " ", label)
    words = " ".join(words.split())
    return next((kind for kind, pattern in _BY_LABEL if pattern.fullmatch(words)), "")


def _kind(label: str, url: str) -> str:
    by_label = _kind_of_label(label)
    host_path = url.split("://", 1)[1].lower()
    host = host_path.split("/", 1)[0].removeprefix("www.")
    if by_label and by_label != "link":
        return by_label
    if _under(host, _CODE_HOSTS) or host.endswith("github.io"):
        is_file = host_path.endswith(".pdf")
        return "paper" if is_file else ("website" if host.endswith("github.io") else "code")
    if _under(host, _VIDEO_HOSTS):
        return "video"
    is_group = "openreview.net/group" in host_path
    if not is_group and (_under(host, _PAPER_HOSTS) or host_path.split("?")[0].endswith(".pdf")):
        return "paper"
    return "paper" if not is_group and recognise(url) else "link"


def _under(host: str, known: tuple[str, ...]) -> bool:
    return any(host == name or host.endswith("." + name) for name in known)
