"""The moderators' queue: one list of everything that waits, whatever kind of contribution it is.

A kind of contribution joins with one call, made when the site starts (`kinds.py` beside, which
`CommunityConfig.ready` imports):

    queue.register(
        Video,                                  # a model that is `Moderated`
        name="video",                           # in addresses: /moderation/video/7/
        title="Talk",                           # above each entry
        summary=lambda video: str(video),       # one line: what it is about
        url=lambda video: video.get_absolute_url(),
        rows=lambda: Video.objects.select_related("paper"),
        texts=lambda videos: {video.pk: video.note for video in videos},
    )

That is all: its pending rows stand in the queue, the longest waiting first; `p` publishes and `d`
declines with a reason through `transitions`; appeals (what was declined or hidden and is handed in
again) are marked with their reason; every act is on record; nobody decides about their own; members
can report it at /report/<name>/<pk>/ (it must have `visible_to`); its rows count for the trust and
the limits of accounts. Hand a contribution in with `transitions.submit`.

Texts given as `str` are escaped; HTML must be a SafeString. Kinds that are decided in another way
(reports, changes of what is public) give their own `waiting`, `decisions` and `decide`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from accounts.models import User
from community.models import Act, Moderated, State
from community.models.authorship import papers_not_to_judge
from community.moderation import limits, transitions
from community.moderation.access import decidable, name_of

PAGE_LENGTH = 20
# Where an entry stands: since when it waits, its number, its kind.
Place = tuple[datetime, int, str]


class Unclear(transitions.NotPossible):
    """The decision lacks something; `field` names the part that does."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True)
class Decision:
    """What a moderator may do with an entry. key: on the keyboard, in the queue."""

    name: str
    label: str
    key: str
    needs_reason: bool = False
    done: str = ""


PUBLISH = Decision("publish", "Publish", "p", done="Published")
DECLINE = Decision("decline", "Decline", "d", needs_reason=True, done="Declined")
_STATES = {"publish": State.PUBLISHED, "decline": State.DECLINED}

Texts = Callable[[Sequence[Any]], Mapping[int, str]]


def by_moving(contribution: Moderated, decision: str, by: User, reason: str) -> None:
    """The usual way to decide: publish or decline by a conditional update."""
    contribution.state = (
        State.PENDING
    )  # as whoever decides saw it; an update of anything else fails
    transitions.move(contribution, _STATES[decision], by=by, reason=reason)


@dataclass(frozen=True)
class Kind:
    """A kind of entry; see the module's docstring for what each part is for.

    rows: all contributions of the kind, with what summary, url and texts read.
    waiting: those of them that wait. Both must hold `author`, `state_since` and `revision`.
    """

    name: str
    title: str
    model: type[Model]
    summary: Callable[[Any], str]
    url: Callable[[Any], str]
    rows: Callable[[], QuerySet[Any]]
    waiting: Callable[[QuerySet[Any]], QuerySet[Any]]
    texts: Texts
    decisions: tuple[Decision, ...] = (PUBLISH, DECLINE)
    decide: Callable[[Any, str, Any, str], None] = by_moving

    def decision(self, name: str) -> Decision | None:
        return next((decision for decision in self.decisions if decision.name == name), None)


@dataclass(frozen=True)
class Step:
    """One act as a moderator reads it. who: "" for the site itself."""

    at: datetime
    who: str
    before: str
    after: str
    reason: str

    @classmethod
    def of(cls, act: Act, contribution: object) -> Step:
        about = contribution if isinstance(contribution, Moderated) else None
        return cls(act.at, name_of(act, about), act.before, act.after, act.reason)


@dataclass
class Entry:
    """One contribution that waits, as a moderator sees it."""

    kind: Kind
    contribution: Any
    summary: str
    url: str
    text: str
    own: bool
    acts: list[Step] = field(default_factory=list)
    published: int = 0
    refused: int = 0

    @property
    def author(self) -> str:
        """The account that sent it; empty for the anonymous, until a moderator asks for it."""
        if isinstance(self.contribution, Moderated) and self.contribution.is_unnamed:
            return ""
        name: str = self.contribution.author.get_username()
        return name

    @property
    def place(self) -> Place:
        return _place(self.kind, self.contribution)

    @property
    def appeal(self) -> Step | None:
        """The act by which its author asked for another look, if that is why it waits."""
        moves = [act for act in self.acts if act.before != act.after]
        last = moves[-1] if moves else None
        refused = (State.DECLINED, State.HIDDEN)
        return last if last and last.before in refused and last.after == State.PENDING else None

    @property
    def html(self) -> SafeString:
        """The text for a page: escaped, unless its kind made HTML of it."""
        if isinstance(self.text, SafeString):
            return self.text
        return mark_safe(linebreaks(self.text, autoescape=True))  # noqa: S308 (escaped here)

    @property
    def is_first(self) -> bool:
        """Nothing by this account is public yet."""
        return self.published == 0


_KINDS: dict[str, Kind] = {}


def register(
    model: type[Model],
    *,
    name: str,
    title: str,
    summary: Callable[[Any], str],
    url: Callable[[Any], str],
    rows: Callable[[], QuerySet[Any]] | None = None,
    waiting: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None,
    texts: Texts | None = None,
    **ways: Any,
) -> Kind:
    """Let rows of `model` stand in the queue; see the module's docstring.

    texts: what a moderator must have read, by primary key, for a whole page in one call.
    ways: `decisions` and `decide`, for kinds that are not simply published or declined.
    """
    kind = Kind(
        name=name,
        title=title,
        model=model,
        summary=summary,
        url=url,
        rows=rows or (lambda: model._default_manager.all()),
        waiting=waiting or (lambda new: new.filter(state=State.PENDING)),
        texts=texts or (lambda contributions: {}),
        **ways,
    )
    _KINDS[name] = kind
    return kind


def kinds() -> dict[str, Kind]:
    """All kinds, by name, in the order of their registration."""
    return dict(_KINDS)


def counts(by: User) -> dict[str, int]:
    """How many entries of each kind wait, as far as `by` may know of them."""
    papers = papers_not_to_judge(by)
    waiting = {name: _waiting(kind, by, papers) for name, kind in _KINDS.items()}
    return {name: rows.order_by().count() for name, rows in waiting.items()}


def _waiting(kind: Kind, by: User, papers: set[int]) -> QuerySet[Any]:
    return decidable(kind.waiting(kind.rows()), by, papers)


def entries(
    *, by: User, only: str = "", most: int = PAGE_LENGTH, after: Place | None = None
) -> list[Entry]:
    """The `most` longest waiting contributions behind `after`; for the moderator `by`.

    Of the kind `only`, or of all. The number of queries depends on the number of kinds alone.
    """
    wanted = [_KINDS[only]] if only in _KINDS else list(_KINDS.values())
    waiting_rows: list[tuple[Kind, Any]] = []
    papers = papers_not_to_judge(by)
    for kind in wanted:
        waiting = _waiting(kind, by, papers).select_related("author")
        if after is not None:
            waiting = waiting.filter(_behind(kind, after))
        waiting_rows += [
            (kind, contribution) for contribution in waiting.order_by("state_since", "pk")[:most]
        ]
    waiting_rows.sort(key=lambda pair: _place(*pair))
    return _shown(waiting_rows[:most], by)


def _place(kind: Kind, contribution: Any) -> Place:
    return contribution.state_since, contribution.pk, kind.name


def _behind(kind: Kind, place: Place) -> Q:
    since, pk, name = place
    behind = Q(pk__gte=pk) if kind.name > name else Q(pk__gt=pk)
    return Q(state_since__gt=since) | Q(state_since=since) & behind


def entry(kind: Kind, pk: int, *, by: User) -> Entry | None:
    """One contribution as an entry, whether it still waits or not."""
    rows = decidable(kind.rows(), by).select_related("author")
    if issubclass(kind.model, Moderated):
        rows = rows.exclude(state=State.DRAFT)
    contribution = rows.filter(pk=pk).first()
    return _shown([(kind, contribution)], by)[0] if contribution is not None else None


def decide(
    kind: Kind, contribution: Any, decision: str, *, by: User, seen: int, reason: str = ""
) -> Decision:
    """Carry out a decision about `contribution` as it was at revision `seen`.

    Raises transitions.NotPossible with a text for the moderator: somebody was first, the
    contribution was changed since, it is their own; Unclear for an unknown decision or a
    missing reason.
    """
    chosen = kind.decision(decision)
    if chosen is None:
        names = ", ".join(offered.name for offered in kind.decisions)
        raise Unclear(gettext("decision"), f"There is no such decision. Possible: {names}.")
    if chosen.needs_reason and not reason.strip():
        raise Unclear(gettext("reason"), "Give the author a reason.")
    contribution.revision = seen
    kind.decide(contribution, chosen.name, by, reason)
    return chosen


def _shown(rows: Sequence[tuple[Kind, Any]], by: User) -> list[Entry]:
    """Entries with texts, histories and what is known of their authors, in few queries."""
    of_kind: dict[str, list[Any]] = {}
    for kind, contribution in rows:
        of_kind.setdefault(kind.name, []).append(contribution)
    texts = {name: _KINDS[name].texts(contributions) for name, contributions in of_kind.items()}
    acts = _acts(rows)
    decided = limits.past_decisions({contribution.author_id for _, contribution in rows})
    return [
        Entry(
            kind=kind,
            contribution=contribution,
            summary=kind.summary(contribution),
            url=kind.url(contribution),
            text=texts[kind.name].get(contribution.pk, ""),
            own=contribution.author_id == by.pk,
            acts=_steps(acts.get((kind.model, contribution.pk), []), contribution),
            published=decided.get(contribution.author_id, (0, 0))[0],
            refused=decided.get(contribution.author_id, (0, 0))[1],
        )
        for kind, contribution in rows
    ]


def acts_of(kind: Kind, contribution: Model) -> list[Step]:
    """The history of one contribution, oldest first."""
    acts = _acts([(kind, contribution)]).get((kind.model, contribution.pk), [])
    return _steps(acts, contribution)


def history(contribution: Moderated) -> list[Step]:
    """The same for a contribution of any kind."""
    return _steps(transitions.acts_of(contribution), contribution)


def name_behind(contribution: object, *, by: User) -> str:
    """The account that wrote it; that `by` looked is put on record. Raises NotPossible."""
    if not isinstance(contribution, Moderated):
        raise transitions.NotPossible(gettext("Its author is named already."))
    return transitions.read_name(contribution, by=by)


def _steps(acts: Iterable[Act], contribution: object) -> list[Step]:
    return [Step.of(act, contribution) for act in acts]


def _acts(rows: Iterable[tuple[Kind, Any]]) -> dict[tuple[type[Model], int], list[Act]]:
    """The histories of all the contributions, in one query."""
    wanted: dict[type[Model], list[int]] = {}
    for kind, contribution in rows:
        wanted.setdefault(kind.model, []).append(contribution.pk)
    if not wanted:
        return {}
    types = ContentType.objects.get_for_models(*wanted)
    models = {kind.pk: model for model, kind in types.items()}
    which = Q(pk__in=[])
    for model, pks in wanted.items():
        which |= Q(kind=types[model], object_id__in=pks)
    grouped: dict[tuple[type[Model], int], list[Act]] = {}
    for act in Act.objects.filter(which).select_related("by"):
        grouped.setdefault((models[act.kind_id], act.object_id), []).append(act)
    return grouped
