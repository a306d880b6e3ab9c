"""Methods: how their files are read from and written to rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from papers.models import Method, MethodPaper, Paper
from papers.persons import Spellings

Fields = dict[str, Any]
_ROLES = {
    "introduced_by": MethodPaper.Role.INTRODUCES,
    "improved_by": MethodPaper.Role.IMPROVES,
}
_PLAIN = (
    *("slug", "name", "name_zh", "aliases", "year", "adapts", "granularity", "decision"),
    *("training", "training_note", "needs_training", "needs_inference", "batching"),
    *("backbones", "tasks", "code", "extends", "answers", "compared_with"),
    *("from_memory", "unconfirmed", "sources"),
)


class Methods:
    """One file a method."""

    at_once = 500

    def __init__(self, spellings: Spellings) -> None:
        self._papers: dict[str, int] = {}

    def known(self) -> set[str]:
        return set(Method.objects.values_list("slug", flat=True))

    def read_many(self, keys: Sequence[str]) -> dict[str, Fields]:
        methods = Method.objects.filter(slug__in=keys).prefetch_related("roles__paper")
        return {method.slug: _fields_of(method) for method in methods}

    def write_new(self, records: Mapping[str, Fields]) -> None:
        methods = [_changed(Method(slug=slug), fields) for slug, fields in records.items()]
        Method.objects.bulk_create(methods)
        MethodPaper.objects.bulk_create(
            row
            for method, fields in zip(methods, records.values(), strict=True)
            for row in self._roles(method, fields)
        )

    def write_changed(self, records: Mapping[str, Fields]) -> None:
        here = {method.slug: method for method in Method.objects.filter(slug__in=list(records))}
        methods = [_changed(here[slug], fields) for slug, fields in records.items()]
        for method in methods:
            method.save()
        for name, role in _ROLES.items():
            anew = [here[slug] for slug, fields in records.items() if name in fields]
            MethodPaper.objects.filter(method__in=anew, role=role).delete()
        MethodPaper.objects.bulk_create(
            row
            for method, fields in zip(methods, records.values(), strict=True)
            for row in self._roles(method, fields)
        )

    def write(self, key: str, fields: Fields) -> None:
        is_here = Method.objects.filter(slug=key).exists()
        (self.write_changed if is_here else self.write_new)({key: fields})

    def _roles(self, method: Method, fields: Fields) -> list[MethodPaper]:
        if not self._papers:
            self._papers = dict(Paper.objects.values_list("key", "pk"))
        return [
            MethodPaper(method=method, paper_id=self._papers[key], role=role, position=place)
            for name, role in _ROLES.items()
            for place, key in enumerate(dict.fromkeys(fields.get(name, [])))
        ]


def _changed(method: Method, fields: Fields) -> Method:
    for name in set(fields) & set(_PLAIN) - {"slug"}:
        setattr(method, name, fields[name])
    return method


def _fields_of(method: Method) -> Fields:
    """What the file of a method would say, from its row and prefetched roles."""
    fields = {name: getattr(method, name) for name in _PLAIN}
    return fields | {
        name: [row.paper.key for row in method.roles.all() if row.role == role]
        for name, role in _ROLES.items()
    }
