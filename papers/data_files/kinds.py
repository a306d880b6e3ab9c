"""Topics, venues, curated people and timeline events: how each is read from and written to rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.db.models import F

from papers.models import Paper, Person, TimelineEvent, Venue
from papers.persons import Spellings, follow_spellings, person_at
from taxonomy.models import AXIS_OF_ROOT, Topic

Fields = dict[str, Any]
_OF_TOPIC = ("slug", "name", "name_zh", "aliases", "definition", "definition_zh", "in_survey")


class Kind(Protocol):
    """How one kind of record is read from the database and written to it.

    at_once: how many records are read and written together.
    """

    at_once: int

    def known(self) -> set[str]:
        """Keys of all records in the database."""

    def read_many(self, keys: Sequence[str]) -> dict[str, Fields]:
        """The fields of records as the files would state them, by key; only of those there."""

    def write_new(self, records: Mapping[str, Fields]) -> None:
        """Make records of these keys and fields."""

    def write_changed(self, records: Mapping[str, Fields]) -> None:
        """Change the given fields of records that are there."""

    def write(self, key: str, fields: Fields) -> None:
        """Make the record, or change the given fields of it."""


class OneByOne(ABC):
    """Kinds of which there are few, and whose records may depend on the one before."""

    at_once = 1

    @abstractmethod
    def read(self, key: str) -> Fields | None:
        """The record's fields; None when it is not there."""

    @abstractmethod
    def write(self, key: str, fields: Fields) -> None:
        """Make the record, or change the given fields of it."""

    def read_many(self, keys: Sequence[str]) -> dict[str, Fields]:
        fields = {key: self.read(key) for key in keys}
        return {key: own for key, own in fields.items() if own is not None}

    def write_new(self, records: Mapping[str, Fields]) -> None:
        for key, fields in records.items():
            self.write(key, fields)

    write_changed = write_new


class Topics(OneByOne):
    """Nodes of the taxonomy. Order in the files is order on the page."""

    def __init__(self, spellings: Spellings) -> None:
        self.key_before = ""

    def known(self) -> set[str]:
        return set(Topic.objects.values_list("slug", flat=True))

    def read(self, key: str) -> Fields | None:
        self.key_before = key
        topic = Topic.objects.filter(slug=key).select_related("parent").first()
        if topic is None:
            return None
        fields = {name: getattr(topic, name) for name in _OF_TOPIC}
        return fields | {"parent": topic.parent.slug if topic.parent else ""}

    def write(self, key: str, fields: Fields) -> None:
        topic = Topic.objects.filter(slug=key).first() or Topic(slug=key)
        for name in set(fields) - {"parent", "slug"}:
            setattr(topic, name, fields[name])
        if topic.in_survey is None:
            topic.in_survey = True
        if "parent" in fields:
            topic.parent = Topic.objects.get(slug=fields["parent"]) if fields["parent"] else None
        topic.path = f"{topic.parent.path}/{key}" if topic.parent else key
        topic.axis = AXIS_OF_ROOT.get(topic.root_slug, Topic.Axis.FACET)
        if not topic.pk:
            topic.position = self._make_room(topic)
        topic.save()
        self.key_before = key
        self._move_descendants(topic)

    def _make_room(self, topic: Topic) -> int:
        """Where a new topic belongs: behind the one before it in its file; a root, at the end.

        Where that one stands elsewhere in the tree, behind all that its parent holds.
        """
        if topic.parent is None:
            return Topic.objects.count()
        before = Topic.objects.filter(slug=self.key_before).first()
        if before is None or before.root_slug != topic.root_slug:
            before = Topic.objects.under(topic.parent).order_by("position").last()
        position = (before or topic.parent).position + 1
        Topic.objects.filter(position__gte=position).update(position=F("position") + 1)
        return position

    def _move_descendants(self, topic: Topic) -> None:
        for child in topic.children.all():
            if child.path != f"{topic.path}/{child.slug}" or child.axis != topic.axis:
                child.path, child.axis = f"{topic.path}/{child.slug}", topic.axis
                child.save(update_fields=["path", "axis"])
                self._move_descendants(child)


class Venues(OneByOne):
    def __init__(self, spellings: Spellings) -> None:
        self.later: dict[str, str] = {}

    def known(self) -> set[str]:
        return set(Venue.objects.values_list("slug", flat=True))

    def read(self, key: str) -> Fields | None:
        venue = Venue.objects.filter(slug=key).select_related("part_of").first()
        if venue is None:
            return None
        names = ("slug", "name", "full_name", "kind", "aliases")
        fields = {name: getattr(venue, name) for name in names}
        return fields | {"part_of": venue.part_of.slug if venue.part_of else ""}

    def write(self, key: str, fields: Fields) -> None:
        venue = Venue.objects.filter(slug=key).first() or Venue(slug=key)
        for name in set(fields) - {"part_of", "slug"}:
            setattr(venue, name, fields[name])
        if "part_of" in fields:
            whole = fields["part_of"]
            venue.part_of = Venue.objects.filter(slug=whole).first() if whole else None
            if whole and venue.part_of is None:
                self.later[key] = whole
        venue.save()
        for part, whole in list(self.later.items()):
            if whole == key:
                Venue.objects.filter(slug=part).update(part_of=venue)
                del self.later[part]


class People(OneByOne):
    """Curated people: several spellings that lead to one person."""

    def __init__(self, spellings: Spellings) -> None:
        self.spellings = spellings

    def known(self) -> set[str]:
        return set(Person.objects.filter(curated=True).values_list("slug", flat=True))

    def read(self, key: str) -> Fields | None:
        person = Person.objects.filter(slug=key).first()
        if person is None:
            return None
        plain = ("slug", "name", "name_zh", "affiliation", "url", "orcid", "sources")
        fields = {name: getattr(person, name) for name in plain}
        spelled = person.aliases.exclude(name=person.name).values_list("name", flat=True)
        return fields | {"aliases": sorted(spelled)}

    def write(self, key: str, fields: Fields) -> None:
        person = person_at(key)
        person.curated = True
        self.write_to(person, fields)

    def write_to(self, person: Person, fields: Fields) -> None:
        """Write the fields; whether a curator answers for the record stays as it is."""
        for name in set(fields) - {"aliases", "slug"}:
            setattr(person, name, fields[name])
        person.save()
        names = [person.name, *fields.get("aliases", [])]
        self.spellings.lead_to(person, names)
        follow_spellings(person, names)


class Events(OneByOne):
    """The field's timeline."""

    def __init__(self, spellings: Spellings) -> None:
        pass

    def known(self) -> set[str]:
        events = TimelineEvent.objects.values_list("year", "title")
        return {f"{year} {title}"[:160] for year, title in events}

    def _find(self, key: str) -> TimelineEvent | None:
        year, _, title = key.partition(" ")
        events = TimelineEvent.objects.filter(year=int(year), title__startswith=title)
        return events.select_related("paper").first()

    def read(self, key: str) -> Fields | None:
        event = self._find(key)
        if event is None:
            return None
        fields = {name: getattr(event, name) for name in ("year", "domain", "title", "why")}
        return fields | {"paper": event.paper.key if event.paper else ""}

    def write(self, key: str, fields: Fields) -> None:
        event = self._find(key) or TimelineEvent()
        for name in set(fields) - {"paper"}:
            setattr(event, name, fields[name])
        if "paper" in fields:
            event.paper = Paper.objects.get(key=fields["paper"]) if fields["paper"] else None
        event.save()
