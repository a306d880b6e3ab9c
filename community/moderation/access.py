"""Who may see and decide what about a contribution: the one place that says it.

It knows four things: whose the contribution is, who wrote the paper that it is about (confirmed, or
claimed later), who declared a conflict of interest, and the role. Whoever has a conflict is an
ordinary reader of that paper: the queue, the log, versions and counts hold nothing of it for them.
Names of the anonymous are told to nobody unasked; `read_name` tells one, and puts on record who
looked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext

from accounts.models import Visitor
from accounts.roles import is_moderator, key_of
from accounts.words import Words
from community.models import Act, Moderated, Report, Review, moderated_models
from community.models.authorship import once_authors_of, papers_not_to_judge

ITS_AUTHOR = "its author"
READ_NAME = "Read who wrote it."
OWN = Words("Another moderator has to decide about your own contribution.")
CONFLICT = Words(
    "Another moderator has to decide: you have a conflict of interest with this paper."
)
NOT_ALLOWED = Words("You may not do this.")


@dataclass(frozen=True)
class Access:
    """What a reader is to a contribution."""

    own: bool
    moderates: bool
    conflict: bool

    @property
    def sees_inside(self) -> bool:
        """Whether texts that are not public, decisions and versions are theirs to read."""
        return self.own or self.decides

    @property
    def decides(self) -> bool:
        return self.moderates and not self.own and not self.conflict

    @property
    def refusal(self) -> str:
        """Why they do not decide, for them to read; empty when they do."""
        if self.decides:
            return ""
        if not self.moderates:
            return NOT_ALLOWED
        return OWN if self.own else CONFLICT


def access(contribution: Moderated, user: Visitor) -> Access:
    """What `user` is to `contribution`."""
    own = contribution.author_id == key_of(user)
    moderates = is_moderator(user)
    judged = contribution.paper_judged() if moderates and not own else None
    conflict = judged is not None and judged in papers_not_to_judge(user)
    return Access(own, moderates, conflict)


def decidable(rows: QuerySet[Any], user: Visitor, papers: set[int] | None = None) -> QuerySet[Any]:
    """Rows of any kind of the queue, or of its log, without those that `user` must not judge.

    One's own stay: that they wait is no secret to their author. papers: those of
    `papers_not_to_judge`, where they are known already.
    """
    model: type[Model] = rows.model
    papers = papers_not_to_judge(user) if papers is None else papers
    if issubclass(model, Moderated):
        if not (papers and model.PAPER):
            return rows
        return rows.filter(~Q(**{f"{model.PAPER}__in": papers}) | Q(author=key_of(user)))
    if model in (Act, Report):
        return rows.exclude(_about(papers, user, own=model is Report))
    return rows


def _about(papers: set[int], user: Visitor, *, own: bool) -> Q:
    """Acts and reports about contributions to these papers; own: and about those of `user`."""
    unfit = Q(pk__in=[])
    types = ContentType.objects.get_for_models(*moderated_models())
    for model, kind in types.items():
        which = Q(pk__in=[])
        if papers and model.PAPER:  # type: ignore[attr-defined]
            others = Q(**{f"{model.PAPER}__in": papers}) & ~Q(author=key_of(user))  # type: ignore[attr-defined]
            which |= others
        if own:
            which |= Q(author=key_of(user))
        if which != Q(pk__in=[]):
            rows = model._default_manager.filter(which).values("pk")
            unfit |= Q(kind=kind, object_id__in=rows)
    return unfit


def barred(contribution: Moderated) -> str:
    """Why it cannot become public, whoever decides; empty when it can."""
    if isinstance(contribution, Review) and contribution.author_id in once_authors_of(
        contribution.paper
    ):
        return gettext(
            "Its author was confirmed to be an author of this paper: it is no review of it."
        )
    return ""


def name_of(act: Act, contribution: Moderated | None) -> str:
    """Who acted, for a history: the anonymous author of a contribution stays “its author”."""
    if act.by is None:
        return ""
    is_hidden = contribution is not None and contribution.is_unnamed
    if is_hidden and contribution is not None and act.by_id == contribution.author_id:  # type: ignore[attr-defined]
        return ITS_AUTHOR
    return act.by.get_username()
