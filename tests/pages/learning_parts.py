"""Texts of topics, words and methods, as tests make them."""

from __future__ import annotations

from typing import Any

from papers.models import Lecture, Method, Term
from tests import make


def term(en: str = "early exit", zh: str = "早退", **fields: object) -> Term:
    fields.setdefault("meaning_en", f"What {en} means.")
    fields.setdefault("meaning_zh", f"{zh}的意思。")
    return Term.objects.create(slug=en.replace(" ", "-"), en=en, zh=zh, **fields)


def method(slug: str, name: str, paper: Any) -> Method:
    made = Method.objects.create(slug=slug, name=name)
    made.roles.create(paper=paper)
    return made


def lecture(**fields: object) -> Lecture:
    fields.setdefault(
        "paragraphs",
        [
            {
                "title": "The problem",
                "text": "An early exit saves layers [@first; @gone]. It can <err>.",
                "title_zh": "问题",
                "zh": "早退节省计算 [@first]。",
            }
        ],
    )
    fields.setdefault("by", "machine")
    topic = make.topic("Early exiting", zh="早退机制")
    return Lecture.objects.create(topic=topic, **fields)
