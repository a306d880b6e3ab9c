"""Texts of topics, words of the glossary, reading paths: read from and written to rows."""

from __future__ import annotations

from typing import Any

from papers.data_files.kinds import OneByOne
from papers.models import Lecture, Paper, PathStep, ReadingPath, Term
from papers.persons import Spellings
from taxonomy.models import Topic

Fields = dict[str, Any]
_PROSE = (
    *("paragraphs", "read_five", "misconceptions", "open_questions", "hardware"),
    *("figure", "by", "unconfirmed"),
)
_TERM = (
    *("slug", "en", "zh", "meaning_en", "meaning_zh", "variants_zh", "note"),
    *("usage_varies", "unconfirmed"),
)
_PATH = ("slug", "title", "title_zh", "audience", "outcome", "by", "position")


class Lectures(OneByOne):
    """The text of a topic, under the topic's slug."""

    def __init__(self, spellings: Spellings) -> None:
        pass

    def known(self) -> set[str]:
        return set(Lecture.objects.values_list("topic__slug", flat=True))

    def read(self, key: str) -> Fields | None:
        lecture = Lecture.objects.filter(topic__slug=key).first()
        if lecture is None:
            return None
        return {name: getattr(lecture, name) for name in _PROSE} | {"topic": key}

    def write(self, key: str, fields: Fields) -> None:
        lecture = Lecture.objects.filter(topic__slug=key).first()
        lecture = lecture or Lecture(topic=Topic.objects.get(slug=key))
        for name in set(fields) & set(_PROSE):
            setattr(lecture, name, fields[name])
        lecture.save()


class Terms(OneByOne):
    """A word of the glossary."""

    def __init__(self, spellings: Spellings) -> None:
        pass

    def known(self) -> set[str]:
        return set(Term.objects.values_list("slug", flat=True))

    def read(self, key: str) -> Fields | None:
        term = Term.objects.filter(slug=key).first()
        return {name: getattr(term, name) for name in _TERM} if term else None

    def write(self, key: str, fields: Fields) -> None:
        term = Term.objects.filter(slug=key).first() or Term(slug=key)
        for name in fields:
            setattr(term, name, fields[name])
        term.save()


class Paths(OneByOne):
    """A reading path with its steps. A step keeps its row, so that progress survives changes."""

    def __init__(self, spellings: Spellings) -> None:
        pass

    def known(self) -> set[str]:
        return set(ReadingPath.objects.values_list("slug", flat=True))

    def read(self, key: str) -> Fields | None:
        path = ReadingPath.objects.filter(slug=key).first()
        if path is None:
            return None
        steps = path.steps.select_related("paper", "topic")
        return {name: getattr(path, name) for name in _PATH} | {
            "steps": [_step_fields(step) for step in steps]
        }

    def write(self, key: str, fields: Fields) -> None:
        path = ReadingPath.objects.filter(slug=key).first() or ReadingPath(slug=key)
        for name in set(fields) & set(_PATH):
            setattr(path, name, fields[name])
        path.save()
        if "steps" not in fields:
            return
        for place, step in enumerate(fields["steps"]):
            PathStep.objects.update_or_create(
                path=path, slug=step["slug"], defaults=_step_columns(step, place)
            )
        kept = [step["slug"] for step in fields["steps"]]
        path.steps.exclude(slug__in=kept).delete()


def _step_fields(step: PathStep) -> Fields:
    """A step as a file states it: what is empty is left out."""
    stated = {
        "slug": step.slug,
        "title": step.title,
        "why": step.why,
        "minutes": step.minutes,
        "paper": step.paper.key if step.paper else "",
        "topic": step.topic.slug if step.topic else "",
        "address": step.address,
        "optional": step.optional,
    }
    return {name: value for name, value in stated.items() if value}


def _step_columns(step: Fields, place: int) -> Fields:
    paper, topic = step.get("paper"), step.get("topic")
    return {
        "position": place,
        "title": step.get("title") or "",
        "why": step["why"],
        "minutes": step["minutes"],
        "paper": Paper.objects.filter(key=paper).first() if paper else None,
        "topic": Topic.objects.get(slug=topic) if topic else None,
        "address": step.get("address") or "",
        "optional": bool(step.get("optional")),
    }
