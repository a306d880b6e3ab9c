"""Lines such as "Authors: Anna Erste" below a title, which say one thing of it each. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from community.list_files.beside_titles import acronym_alone, are_people, printed_venue
from community.list_files.links import is_short_label
from community.list_files.spans import Span, plain
from papers.names import fold

_LABELS = {
    "authors": ("author", "authors", "by", "作者"),
    "venue": (
        *("venue", "conference", "journal", "published in", "publication", "published", "source"),
        *(
            "publish",
            "published at",
            "presented at",
            "proceedings",
            "会议",
            "期刊",
            "发表",
            "来源",
            "出处",
        ),
    ),
    "year": ("year", "date", "published on", "年份", "年", "时间", "日期"),
    "title": ("title", "paper title", "标题", "题目", "论文题目"),
    "links": (
        *("paper", "pdf", "code", "link", "links", "url", "arxiv", "github", "project", "slides"),
        *("video", "website", "project page", "doi", "openreview", "resources", "论文", "链接"),
        *("代码", "项目", "地址", "原文"),
    ),
    "notes": (
        *("note", "notes", "summary", "tldr", "tl dr", "abstract", "keywords", "idea", "remark"),
        *("摘要", "备注", "总结", "笔记", "关键词", "简介"),
    ),
}
_BY_LABEL = {fold(label): field for field, labels in _LABELS.items() for label in labels}
_YEAR_ALONE = re.compile(r"[(（]?(?:19[5-9]|20[0-4])\d(?:[-./年]\d{1,2}月?)?[)）]?")
_LABEL = re.compile(r"^\W*?([^\W\d_][\w ;/-]{0,20}?)\s*[:：]\s*")


@dataclass(frozen=True)
class Said:
    """field: "authors", "venue", "year", "title", "links" or "notes". label: as it is printed."""

    field: str
    label: str
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        return plain(self.spans)


def said_in(spans: Sequence[Span]) -> Said | None:
    """What a line with a label says; None for a line without a known one."""
    match = _LABEL.match("".join(span.text for span in spans if not span.is_break))
    field = _BY_LABEL.get(fold(match[1])) if match else None
    if match is None or field is None:
        return None
    left, rest = match.end(), []
    for span in spans:
        cut = min(left, len(span.text))
        left -= cut
        kept = replace(span, text=span.text[cut:])
        rest += [kept] if kept.text or kept.url is not None else []
    return Said(field, match[1].strip(), tuple(rest))


def said_in_all(items: Sequence[Sequence[Span]]) -> list[Said]:
    """What lines below a title say of it; empty if one of them may be an entry of its own.

    Besides labels: links with a short word or none, and, where a venue or a year stands alone in a
    line, that and a line of people.
    """
    read = [said_in(spans) or _links_in(spans) for spans in items]
    if any(one is not None and one.label for one in read) and all(read):
        return [one for one in read if one is not None]
    read = [one or _place_in(spans) for one, spans in zip(read, items, strict=True)]
    is_placed = any(one is not None and one.field in ("venue", "year") for one in read)
    people = [spans for one, spans in zip(read, items, strict=True) if one is None]
    if not is_placed or len(people) > 1 or not all(are_people(plain(spans)) for spans in people):
        return []
    return [
        one or Said("authors", "", tuple(spans)) for one, spans in zip(read, items, strict=True)
    ]


def _links_in(spans: Sequence[Span]) -> Said | None:
    """A line of nothing but links: "[paper](…) [code](…)", or bare addresses."""
    linked = [span for span in spans if span.url is not None]
    words = plain([span for span in spans if span.url is None])
    are_short = all(is_short_label(span.text) or span.text == span.url for span in linked)
    is_bare = not any(letter.isalnum() for letter in words)
    return Said("links", "", tuple(spans)) if linked and are_short and is_bare else None


def _place_in(spans: Sequence[Span]) -> Said | None:
    """A line that is a year, or a venue with or without one: "2021", "ICLR", "ICML 2021"."""
    text = plain(spans).strip()
    if any(span.url is not None for span in spans):
        return None
    if _YEAR_ALONE.fullmatch(text):
        return Said("year", "", tuple(spans))
    is_venue = acronym_alone(text) is not None or printed_venue(text) is not None
    return Said("venue", "", tuple(spans)) if is_venue else None
