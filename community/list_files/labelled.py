"""Lines such as "Authors: Anna Erste" below a title, which say one thing of it each. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from community.list_files.spans import Span, plain
from papers.names import fold

_LABELS = {
    "authors": ("author", "authors", "by", "作者"),
    "venue": (
        *("venue", "conference", "journal", "published in", "publication", "published", "source"),
        *(
            "year",
            "date",
            "publish",
            "会议",
            "期刊",
            "发表",
            "来源",
            "出处",
            "年份",
            "时间",
            "日期",
        ),
    ),
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
_LABEL = re.compile(r"^\W*?([^\W\d_][\w ;/-]{0,20}?)\s*[:：]\s*")


@dataclass(frozen=True)
class Said:
    """field: "authors", "venue", "links" or "notes". label: as it is printed."""

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
