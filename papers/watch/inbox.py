"""What sources name, against what is here: known papers, works that wait or were refused, new ones.

Whether two of them are one work is said by papers.same_work alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from papers.ingest.candidate import IDENTIFIERS, Candidate
from papers.ingest.match import work_in
from papers.ingest.record import one_writer
from papers.models import Find, Paper, Source
from papers.names import fold
from papers.same_work import Answer, Match, Work, find_same_of, same_work
from papers.watch.protocols.shapes import Named

MOST_ALSO = 10
AT_ONCE = 200


@dataclass
class Taken:
    """What became of the works of a page. known: those of papers here, with their papers."""

    fresh: list[Find] = field(default_factory=list)
    known: list[tuple[Named, Paper]] = field(default_factory=list)
    refused: int = 0


def take_in(works: Sequence[Named], source: Source | None) -> Taken:
    """Put what is new into the inbox. What was refused stays out; a work that waits already, or
    comes twice in `works`, is one find."""
    taken = Taken()
    works = [work for work in works if work.candidate.title]
    if not works:
        return taken
    with transaction.atomic():
        one_writer()
        described = [work_in(work.candidate) for work in works]
        matches = find_same_of(described)
        earlier = _Earlier(described)
        for work, described_work, match in zip(works, described, matches, strict=True):
            if match is not None and match.is_sure:
                taken.known.append((work, match.paper))
            elif (find := earlier.same(described_work)) is None:
                made = _made(work, source, match)
                earlier.add(made, described_work)
                taken.fresh.append(made)
            elif find.state == Find.State.REFUSED:
                taken.refused += 1
            elif find.state == Find.State.WAITING:
                _add(find, work, source)
    return taken


def settle_known() -> int:
    """Let finds go that are public papers here by now: uploaded, imported or named by another
    source since. Returns how many. Doubtful ones wait, with the paper that they may be."""
    waiting = list(Find.objects.waiting().order_by("pk").values_list("pk", flat=True))
    done = 0
    for start in range(0, len(waiting), AT_ONCE):
        finds = list(Find.objects.waiting().filter(pk__in=waiting[start : start + AT_ONCE]))
        works = [work_in(Candidate.from_json(find.candidate)) for find in finds]
        public = Paper.objects.filter(state=Paper.State.PUBLIC)
        for find, match in zip(finds, find_same_of(works, public), strict=True):
            if match is None or (not match.is_sure and find.may_be_id == match.paper.pk):
                continue
            own = Find.objects.waiting().filter(pk=find.pk)
            if match.is_sure:
                known = {"state": Find.State.KNOWN, "decided_at": timezone.now()}
                done += own.update(paper=match.paper, **known)
            elif find.may_be_id is None:
                own.update(may_be=match.paper, may_be_reason=match.by[:300])
    return done


def _made(work: Named, source: Source | None, match: Match | None) -> Find:
    candidate = work.candidate
    return Find.objects.create(
        source=source,
        candidate=candidate.to_json(),
        title=candidate.title,
        title_key=work_in(candidate).title_key,
        byline_key=fold(" ".join(candidate.authors)).replace(" ", ""),
        year=candidate.year,
        abstract_licence=work.abstract_licence[:120],
        may_be=match.paper if match else None,
        may_be_reason=match.by[:300] if match else "",
        **{name: getattr(candidate, name) for name in IDENTIFIERS},
    )


def _add(find: Find, work: Named, source: Source | None) -> None:
    """Another source, or a later answer, names what waits: gaps are filled, nothing is replaced.

    An abstract with a licence takes the place of one without.
    """
    here, there = Candidate.from_json(find.candidate), work.candidate
    gaps = {
        name: getattr(there, name)
        for name in ("authors", "year", *IDENTIFIERS)
        if getattr(there, name) and not getattr(here, name)
    }
    if "authors" in gaps:
        gaps["affiliations"] = there.affiliations
    if there.abstract and (
        not here.abstract or (work.abstract_licence and not find.abstract_licence)
    ):
        gaps["abstract"] = there.abstract
        find.abstract_licence = work.abstract_licence[:120]
        find.score = None  # read anew, with the abstract
    name = source.name if source else ""
    is_other = name and source is not None and find.source_id != source.pk
    if is_other and name not in find.also:
        find.also = [*find.also, name][:MOST_ALSO]
    elif not gaps:
        return
    find.candidate = replace(here, **gaps).to_json()
    for identifier in IDENTIFIERS:
        setattr(find, identifier, find.candidate[identifier])
    find.year = find.candidate["year"]
    find.byline_key = fold(" ".join(find.candidate["authors"])).replace(" ", "")
    find.save()


class _Earlier:
    """Finds of before that any of these works may be, and those that were just made."""

    def __init__(self, works: Iterable[Work]) -> None:
        works = list(works)
        wanted = Q(title_key__in={work.title_key for work in works if work.title_key})
        for name in IDENTIFIERS:
            values = {str(work.ids[name]) for work in works if work.ids.get(name)}
            wanted |= Q(**{f"{name}__in": values | {value.lower() for value in values}})
        self._by: dict[tuple[str, str], list[tuple[Find, Work]]] = defaultdict(list)
        for find in Find.objects.filter(wanted).order_by("pk"):
            self.add(find, work_in(Candidate.from_json(find.candidate)))

    def add(self, find: Find, work: Work) -> None:
        for key in self._keys(work):
            self._by[key].append((find, work))

    def same(self, work: Work) -> Find | None:
        """The find that is this work; one that was refused before all others."""
        same = [
            find
            for key in self._keys(work)
            for find, other in self._by.get(key, ())
            if same_work(work, other).answer == Answer.SAME
        ]
        return min(same, key=lambda find: find.state != Find.State.REFUSED, default=None)

    @staticmethod
    def _keys(work: Work) -> list[tuple[str, str]]:
        ids = [(str(name), str(value).lower()) for name, value in work.ids.items()]
        return [*ids, ("title", work.title_key)]
