"""Every address of the site, filled with every object of the world."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.urls import URLPattern, URLResolver, get_resolver

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
# Other people's code with pages of its own for one's own account; sign-in by an outside service.
LEFT_OUT = re.compile(
    r"^(accounts/(github|orcid|oidc|3rdparty|social)|accounts/password/reset/key|"
    r"accounts/confirm-email/|admin/jsi18n|static)"
)


@dataclass
class Examples:
    """Values for the parameters of addresses, by the beginning of the address.

    `("papers/", "key")` is asked before `("", "key")`: the longest beginning wins.
    """

    values: dict[tuple[str, str], list[object]] = field(default_factory=dict)

    def give(self, beginning: str, name: str, *values: object) -> None:
        self.values.setdefault((beginning, name), []).extend(values)

    def of(self, route: str, name: str) -> list[object]:
        fitting = [key for key in self.values if key[1] == name and route.startswith(key[0])]
        return self.values[max(fitting, key=lambda key: len(key[0]))] if fitting else []


def routes() -> list[str]:
    """Every pattern of the site as text, in the order in which they are tried."""
    return list(dict.fromkeys(_walk(get_resolver(), "")))


def _walk(resolver: URLResolver, before: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        route = before + _plain(str(entry.pattern))
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from _walk(entry, route)


def _plain(pattern: str) -> str:
    return pattern.replace("^", "").replace("\\Z", "").replace("$", "").replace("/?", "/")


def parameters(route: str) -> list[str]:
    return [first or second for first, second in _PARAMETER.findall(route)]


def fill(route: str, examples: Examples) -> list[str]:
    """The addresses of a route: one for each value, the first values where there are several.

    Empty when a parameter has no example.
    """
    names = parameters(route)
    choices = [examples.of(route, name) for name in names]
    if not all(choices):
        return []
    longest = max((len(values) for values in choices), default=1)
    addresses = [
        filled(route, [values[min(place, len(values) - 1)] for values in choices])
        for place in range(longest)
    ]
    return list(dict.fromkeys(addresses))


def filled(route: str, values: Sequence[object]) -> str:
    """The address of a route with these values for its parameters, in their order."""
    remaining = iter(values)
    path = _PARAMETER.sub(lambda match: str(next(remaining)), route)
    return "/" + path.replace("\\.", ".").replace(".+?", "")
