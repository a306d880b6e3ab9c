"""Rows for tests, stating only what matters to the test at hand."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from community.models import Review, State
from community.reviews import forms, writing
from community.reviews.content import Content
from papers.models import (
    Authorship,
    Lecture,
    Paper,
    PaperLink,
    PaperTopic,
    PathStep,
    Person,
    PersonAlias,
    ReadingPath,
    ScheduleItem,
    Talk,
    Term,
    Venue,
    Workshop,
)
from papers.names import fold, slug
from papers.versions import refresh_versions
from reproductions.models import PublishedNumber
from taxonomy.models import AXIS_OF_ROOT, Topic

_numbers = count(1)


def topic(
    name: str = "Early exiting", *, parent: Topic | None = None, zh: str = "", **fields: Any
) -> Topic:
    """A topic; a root of the instance-wise axis when no parent is given and it is named so."""
    own = fields.pop("slug", slug(name))
    path = f"{parent.path}/{own}" if parent else own
    axis = AXIS_OF_ROOT.get(path.split("/")[0], Topic.Axis.FACET)
    return Topic.objects.create(
        slug=own,
        name=name,
        name_zh=zh,
        parent=parent,
        path=path,
        axis=axis,
        definition=fields.pop("definition", f"What {name.lower()} means."),
        position=Topic.objects.count(),
        **fields,
    )


def venue(name: str = "ICLR", kind: str = "conference", **fields: Any) -> Venue:
    return Venue.objects.get_or_create(
        slug=slug(name), defaults={"name": name, "kind": kind, **fields}
    )[0]


def person(name: str = "Gao Huang", **fields: Any) -> Person:
    if alias := PersonAlias.objects.filter(name=name).select_related("person").first():
        return alias.person
    own = fields.pop("slug", "") or slug(name) or f"person-{next(_numbers)}"  # 黄高 has no slug
    made = Person.objects.create(name=name, slug=own, **fields)
    PersonAlias.objects.create(person=made, name=name, folded=fold(name))
    return made


def paper(
    title: str = "Skip RNN",
    *,
    authors: tuple[str, ...] | list[str] = ("Gao Huang",),
    topics: tuple[Topic, ...] | list[Topic] = (),
    code: str = "",
    **fields: Any,
) -> Paper:
    """A public paper of 2018 at ICLR, with its versions."""
    fields.setdefault("key", f"paper{next(_numbers)}")
    fields.setdefault("year", 2018)
    fields.setdefault("venue", venue())
    fields.setdefault("sources", ["a test"])
    made = Paper.objects.create(title=title, **fields)
    for place, name in enumerate(authors):
        Authorship.objects.create(
            paper=made, position=place, printed_name=name, person=person(name)
        )
    for place, one in enumerate(topics):
        PaperTopic.objects.create(paper=made, topic=one, position=place)
    if code:
        PaperLink.objects.create(paper=made, kind=PaperLink.Kind.CODE, url=code)
    refresh_versions(made)
    return made


def talk(slot: ScheduleItem, *speakers: str, **fields: Any) -> Talk:
    """What is told in a slot of a workshop's programme."""
    told = Talk.objects.create(
        workshop=slot.workshop,
        position=slot.position,
        slot=slot,
        kind=slot.kind,
        title=slot.title,
        speaker=", ".join(speakers),
        **fields,
    )
    told.speakers.set(person(name) for name in speakers)
    return told


def workshop(name: str = "Workshop on Dynamic Neural Networks", **fields: Any) -> Workshop:
    fields.setdefault("slug", f"workshop-{next(_numbers)}")
    fields.setdefault("series", "dynn")
    fields.setdefault("acronym", "DyNN")
    fields.setdefault("year", 2022)
    return Workshop.objects.create(name=name, **fields)


def learning(of: Topic, cited: Paper, words: str = "Words.") -> None:
    """A text of a topic with a figure, a word of the glossary, a path with a step: one of each."""
    text = f"{words} Early exits [@{cited.key}]."
    Lecture.objects.create(
        topic=of,
        by="machine",
        figure="early-exit",
        paragraphs=[{"title": words, "text": text, "title_zh": "问题", "zh": f"早退 {text}"}],
        read_five=[{"paper": cited.key, "why": words}],
        misconceptions=[words],
        open_questions=[words],
        hardware=words,
        unconfirmed=["hardware"],
    )
    Term.objects.create(
        slug="early-exit", en="early exit", zh="早退", meaning_en=words, meaning_zh=words
    )
    path = ReadingPath.objects.create(
        slug="newcomer", title=words, audience=words, outcome=words, by="machine"
    )
    PathStep.objects.create(path=path, slug="one", position=0, why=words, minutes=9, paper=cited)


def number(of: Paper, **fields: Any) -> PublishedNumber:
    """A published number: MAdds of Table 2."""
    own = next(_numbers)
    fields.setdefault("setting", f"setting {own}")
    fields.setdefault("table", "Table 2")
    fields.setdefault("metric", "madds")
    return PublishedNumber.objects.create(
        paper=of,
        slug=f"number-{own}",
        printed="317",
        value=317,
        unit="M",
        decimals=0,
        source="the paper",
        confidence="high",
        confirmed=True,
        needs="exact-cost",
        **fields,
    )


def member(name: str = "mia", *groups: str, **fields: Any) -> User:
    """An account, in the named groups ("moderators", "curators")."""
    made = User.objects.create_user(name, f"{name}@example.org", **fields)
    made.groups.set(Group.objects.filter(name__in=groups))
    return made


def signed_in(user: User | None) -> Client:
    """A browser in which somebody is signed in, or nobody."""
    client = Client()
    if user:
        client.force_login(user)
    return client


ANSWERS = {
    "summary": "It learns when to stop.",
    "claims": "The saving is measured on three tasks.",
    "support": "4",
    "checked": "code",
    "confidence": "3",
}


def content(signed: bool = False, **answers: str) -> Content:
    """A complete review on the house form; `answers` change single ones."""
    name = "signed" if signed else "anonymous"
    return Content(values=ANSWERS | answers, name=name, conflict="none")


def review(
    of: Paper | None = None,
    *,
    by: User | None = None,
    signed: bool = False,
    state: str = State.PUBLISHED,
    form: str = "house",
    year: int = 0,
    values: dict[str, str] | None = None,
    **answers: str,
) -> Review:
    """A handed-in review, brought to `state` as the site would (DRAFT: not handed in)."""
    by = by or member(f"member{next(_numbers)}")
    chosen = forms.form(form)
    assert chosen is not None
    written = (
        content(signed, **answers) if values is None else content(signed).changed(values=values)
    )
    made = writing.start(of or paper(), chosen, year, by=by, content=written)
    if state == State.DRAFT:
        return made
    writing.hand_in(made, written, by=by, sequence=0)
    if state != State.PENDING:
        settle(made, state)
    return made


def settle(made: Any, state: str) -> None:
    """Bring a waiting contribution to a state, by a moderator or, to withdraw it, its author."""
    from community.moderation import transitions

    if state == State.WITHDRAWN:
        transitions.move(made, state, by=made.author)
        return
    moderator = User.objects.filter(username="the-moderator").first()
    moderator = moderator or member("the-moderator", "moderators")
    transitions.move(
        made, State.PUBLISHED if state == State.HIDDEN else state, by=moderator, reason="A test."
    )
    if state == State.HIDDEN:
        transitions.move(made, state, by=moderator, reason="A test.")
