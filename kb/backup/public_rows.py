"""Which rows of which tables are public, and what of them: the one list that a dump is made of.

A row is public when its own rule says so and all rows that it leads to are. Columns that lead to an
account are emptied, or lead to somebody who bears the shown name and nothing else; the author of
each anonymous review is somebody of its own, who is nobody else. Every table of the site stands in
`RULES` or in `LEFT_OUT`; a test makes sure of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import F, ForeignKey, Model, Q, QuerySet

from community.models import Moderated, PublicList, Reply, Review, ReviewVersion, Video
from community.reviews.identities import identities
from papers.models import Method, Paper, Person, Workshop, WorkshopBlock
from reproductions.models import Attestation, PublishedNumber, Run, Runner

Row = dict[str, Any]


@dataclass(frozen=True)
class Rule:
    """What of a table is public.

    rows: its public rows; all where it is left out. loose: columns that are emptied where they lead
    to a row that is not public. blank: columns that are never told, with what stands there instead.
    account: the column that leads to whoever is shown as its author.
    """

    rows: Callable[[], QuerySet[Any]] | None = None
    loose: tuple[str, ...] = ()
    blank: Mapping[str, Any] = field(default_factory=dict)
    account: str = ""


def _of(model: type[Model]) -> Callable[[], QuerySet[Any]]:
    return lambda: model._default_manager.visible_to(None)  # type: ignore[attr-defined]


def _people() -> QuerySet[Person]:
    return Person.objects.visible_to(None)


_JOB: dict[str, Any] = {"lease": None, "lease_until": None, "worker": "", "sent_at": None}
RULES: dict[str, Rule] = {
    "taxonomy.topic": Rule(loose=("parent",)),
    "papers.venue": Rule(loose=("part_of",)),
    "papers.paper": Rule(_of(Paper), blank={"merged_into": None}),
    "papers.person": Rule(_people, blank={"merged_into": None}),
    "papers.personalias": Rule(),
    "papers.book": Rule(),
    "papers.course": Rule(),
    "papers.lab": Rule(),
    "papers.organisation": Rule(),
    "papers.timelineevent": Rule(),
    "papers.authorship": Rule(loose=("person",)),
    "papers.papertopic": Rule(),
    "papers.paperversion": Rule(loose=("venue",)),
    "papers.finding": Rule(),
    "papers.paperlink": Rule(),
    "papers.oldkey": Rule(),
    "papers.papername": Rule(),
    "papers.reported": Rule(),
    "papers.reference": Rule(loose=("cited",), blank={"document": None}),
    "papers.fieldsource": Rule(blank={"document": None}),
    "papers.lecture": Rule(),
    "papers.term": Rule(),
    "papers.readingpath": Rule(),
    "papers.pathstep": Rule(),
    "papers.method": Rule(_of(Method)),
    "papers.methodpaper": Rule(),
    "papers.workshop": Rule(
        _of(Workshop), loose=("previous_edition",), blank={"draft_content": {}}
    ),
    "papers.workshopdate": Rule(),
    "papers.workshoprole": Rule(loose=("person",)),
    "papers.acceptedpaper": Rule(loose=("paper",)),
    "papers.acceptedauthor": Rule(loose=("person",)),
    "papers.scheduleitem": Rule(),
    "papers.talk": Rule(loose=("slot", "accepted")),
    "papers.talkspeaker": Rule(),
    "papers.talk_speakers": Rule(),
    "papers.workshopblock": Rule(
        lambda: WorkshopBlock.objects.filter(state=WorkshopBlock.State.PUBLIC),
        blank={"changed_by": None, "content": None},  # what is held back until its day
    ),
    "papers.workshopnotice": Rule(),
    "reproductions.runner": Rule(
        _of(Runner), blank={"decided_by": None, "lacks": []}, account="owner"
    ),
    "reproductions.run": Rule(
        _of(Run),
        loose=("again_of", "runner"),
        blank={**_JOB, "requested_by": None, "cancelled_by": None},
    ),
    "reproductions.attestation": Rule(
        _of(Attestation), loose=("runner",), blank={"decided_by": None}, account="member"
    ),
    "reproductions.run_judged_with": Rule(),
    "reproductions.runline": Rule(),
    "reproductions.measurement": Rule(),
    "reproductions.curvepoint": Rule(),
    "reproductions.publishednumber": Rule(_of(PublishedNumber), loose=("judgement",)),
    "reproductions.claim": Rule(),
    "reproductions.judgement": Rule(),
    "reproductions.disagreement": Rule(),
    "reproductions.disagreementpart": Rule(),
    "reproductions.surveytable": Rule(),
    "community.publiclist": Rule(_of(PublicList), account="author"),
    "community.listsection": Rule(loose=("parent",)),
    "community.listplacement": Rule(blank={"suggested_by": None}),
    "community.review": Rule(_of(Review), account="author"),
    "community.reviewversion": Rule(
        lambda: ReviewVersion.objects.filter(number=F("review__public"))
    ),
    "community.reply": Rule(_of(Reply), loose=("parent",), account="author"),
    "community.video": Rule(_of(Video), loose=("workshop", "talk", "speaker"), account="author"),
}
LEFT_OUT = frozenset(
    {
        # Accounts, and what they keep or send.
        "accounts.user", "accounts.apitoken", "accounts.idempotencykey", "accounts.mail",
        "community.profile", "community.personclaim", "community.readinglist",
        "community.listentry", "community.mark", "community.follow", "community.subscription",
        "community.digestmail", "community.webhook", "community.delivery",
        "community.stepdone", "community.reviewdraft",
        "community.helpfulmark", "community.readingsession", "community.listimport",
        "community.listkeeper", "community.schedulestar",
        "community.listsuggestion", "community.listchange", "community.replyversion",
        "papers.workshoporganiser", "papers.upload", "papers.importbatch", "papers.waitingwork",
        # Decisions and what waits for them.
        "community.act", "community.alarm", "community.correction", "community.report",
        "community.workshoprequest", "papers.conflict", "papers.topicsuggestion",
        # Files, and what was read of them.
        "papers.document", "papers.reading",
        "papers.workshopfile",
        # Of workshops: links with secrets, ways in, what was taken in, earlier programmes.
        "papers.attendlink", "papers.authorlink", "papers.workshopimport",
        "papers.programmeversion", "papers.workshoppaper",
        # Answers of tables as they once were: with titles of papers that were hidden since.
        "reproductions.surveytableversion",
        # What is watched outside, and what it brought before a curator looked.
        "papers.source", "papers.sourceanswer", "papers.find", "papers.refreshed",
        "papers.outsidelink",
        # What each site makes for itself.
        "papers.paperchange", "papers.fixturerecord", "papers.sourcevisit",
        "papers.listedperson", "papers.listingchange",
        "papers.paperembedding", "community.appearance",
    }
)  # fmt: skip
# What of a contribution is nobody's to know: hours, and the ways of moderators.
HOURS = ("state_since", "created_at", "published_at", "at", "saved_at", "edited_at")


def model_of(label: str) -> type[Model]:
    return apps.get_model(label)


def foreign_keys(model: type[Model]) -> list[ForeignKey[Any, Any]]:
    return [column for column in model._meta.concrete_fields if isinstance(column, ForeignKey)]


def _target(column: ForeignKey[Any, Any]) -> str:
    related: type[Model] = column.related_model  # type: ignore[assignment]
    return related._meta.label_lower


def public_rows(label: str, depth: int = 6) -> QuerySet[Any]:
    """The public rows of a table: its own rule, and what its columns lead to."""
    rule, model = RULES[label], model_of(label)
    rows = rule.rows() if rule.rows else model._default_manager.all()
    for column in foreign_keys(model):
        name, target = column.name, _target(column)
        if name in rule.blank or name in rule.loose or name == rule.account:
            continue
        if target not in RULES:
            raise LookupError(f"{label}.{name} leads to {target}, which is not public.")
        if target == label or not depth:
            continue
        fits = Q(**{f"{name}__in": public_rows(target, depth - 1).values("pk")})
        rows = rows.filter(fits | Q(**{name: None}) if column.null else fits)
    return rows.order_by("pk")


@dataclass
class People:
    """Stand-ins for the accounts behind public contributions, by the number in the dump."""

    named: dict[int, int] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    def stand_in(self, contribution: Moderated) -> int | None:
        """Whoever the dump names as the author of a contribution; None for lists of data files."""
        if contribution.is_unnamed:
            review = getattr(contribution, "review_id", contribution.pk)
            return self._nobody(review)
        author: int | None = contribution.author_id
        return None if author is None else self.named_as(author)

    def named_as(self, author: int) -> int:
        """Who stands in for an account, under the name that it shows."""
        if author not in self.named:
            shown = identities([author])[author]
            self.named[author] = self._add(f"contributor-{len(self.named) + 1}", shown.name)
        return self.named[author]

    def _nobody(self, review: int) -> int:
        """The author of one anonymous review, and of their answers below it."""
        key = -review
        if key not in self.named:
            self.named[key] = self._add(f"reviewer-{review}", "")
        return self.named[key]

    def _add(self, username: str, name: str) -> int:
        number = len(self.rows) + 1
        self.rows.append({"number": number, "username": username, "name": name})
        return number


def told(label: str, people: People) -> Iterator[Row]:
    """The rows of a table as JSON values by column."""
    rule, model = RULES[label], model_of(label)
    targets = {
        column.name: set(public_rows(_target(column)).values_list("pk", flat=True))
        for column in foreign_keys(model)
        if column.name in rule.loose
    }
    rows = public_rows(label)
    rows = rows.select_related("review") if label == "community.reply" else rows
    contributed = label.startswith("community.")
    for row in rows.iterator(chunk_size=500):
        values = {column.name: column.value_from_object(row) for column in _columns(model)}
        values |= rule.blank
        for name, public in targets.items():
            values[name] = values[name] if values[name] in public else None
        if rule.account and isinstance(row, Moderated):
            values[rule.account] = people.stand_in(row)
        elif rule.account and values[rule.account] is not None:
            values[rule.account] = people.named_as(values[rule.account])
        if contributed:
            values |= _without_hours(row, values)
        yield values


def _columns(model: type[Model]) -> Iterable[Any]:
    return [column for column in model._meta.concrete_fields if not column.generated]


def _without_hours(row: Model, values: Row) -> Row:
    """Of what people said only the day of its publication is told; moderators' ways not at all."""
    day = getattr(row, "published_on", None) or getattr(row, "state_since", None)
    changed: Row = {}
    for name in HOURS:
        if values.get(name) is not None:
            moment = day or values[name]
            changed[name] = f"{moment:%Y-%m-%d}T00:00:00Z"
    plain = {"revision": 1, "refused": 0, "is_kept": False}
    return changed | {name: value for name, value in plain.items() if name in values}
