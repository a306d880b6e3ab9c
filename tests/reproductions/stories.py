"""Answers to generated stories from their sentences alone, by rules of their own.

Nothing of the generator is used but its words: each solver reads the facts as text.
"""

import re
from collections import deque
from collections.abc import Callable, Sequence

WALK = re.compile(r"(?:went to|walked to|moved to|ran to) the (\w+)$")
TOOK = re.compile(r"^(\w+) (?:took|grabbed|picked up) the (\w+)$")
LEFT = re.compile(r"^(\w+) (?:left|put down|dropped) the (\w+)$")
GAVE = re.compile(r"^(\w+) (?:gave|handed|passed) the (\w+) to (\w+)$")
STEP = {"north": (0, 1), "south": (0, -1), "east": (1, 0), "west": (-1, 0)}
SIDE = {"above": (0, 1), "below": (0, -1), "left of": (-1, 0), "right of": (1, 0)}


def answer(facts: Sequence[str], question: str) -> str:
    """The one answer that the facts allow.  Raises LookupError when no rule reads the question."""
    for pattern, solver in RULES:
        if found := re.fullmatch(pattern, question):
            return solver(facts, *found.groups())
    raise LookupError(question)


def _journeys(facts: Sequence[str]) -> list[tuple[str, str, int]]:
    """Who is in which room from which fact on; pronouns mean those of the fact before."""
    found, before = [], []
    for number, fact in enumerate(facts):
        if not (walk := WALK.search(fact)):
            continue
        who = fact[: walk.start()].split()
        if who[0] in ("then", "afterwards", "later"):
            who = before
        before = [each for each in who if each != "and"]
        found += [(each, walk[1], number) for each in before]
    return found


def _place(facts: Sequence[str], who: str, until: int) -> str:
    return [room for each, room, number in _journeys(facts) if each == who and number <= until][-1]


def where_is(facts: Sequence[str], who: str) -> str:
    return _place(facts, who, len(facts))


def _rooms_of(facts: Sequence[str], thing: str) -> list[str]:
    """Where a thing has been, in order."""
    rooms, holder = [], ""
    for number, fact in enumerate(facts):
        if (took := TOOK.match(fact)) and took[2] == thing:
            holder = took[1]
        elif (left := LEFT.match(fact)) and left[2] == thing:
            holder = ""
        if holder and rooms[-1:] != [_place(facts, holder, number)]:
            rooms.append(_place(facts, holder, number))
    return rooms


def where_is_thing(facts: Sequence[str], thing: str) -> str:
    return _rooms_of(facts, thing)[-1]


def where_was_thing(facts: Sequence[str], thing: str, room: str) -> str:
    rooms = _rooms_of(facts, thing)
    assert rooms.count(room) == 1
    return rooms[rooms.index(room) - 1]


def where_was(facts: Sequence[str], who: str, room: str) -> str:
    hours = ["yesterday", "this morning", "this afternoon", "this evening"]
    told = [(hour, fact) for fact in facts for hour in hours if fact.startswith(f"{hour} {who} ")]
    told.sort(key=lambda each: hours.index(each[0]))
    rooms = [fact.split()[-1] for _, fact in told]
    assert rooms.count(room) == 1
    return rooms[rooms.index(room) - 1]


def is_in(facts: Sequence[str], who: str, room: str) -> str:
    last = [fact for fact in facts if fact.split()[0] == who][-1]
    named = re.findall(r"the (\w+)", last)
    if "no longer" in last or room not in named:
        return "no"
    return "maybe" if "either" in last else "yes"


def _in_hands(facts: Sequence[str], who: str) -> list[str]:
    held = set()
    for fact in facts:
        if (took := TOOK.match(fact)) and took[1] == who:
            held.add(took[2])
        if (left := LEFT.match(fact)) and left[1] == who:
            held.remove(left[2])
    return sorted(held)


def how_many(facts: Sequence[str], who: str) -> str:
    return ["none", "one", "two", "three", "four"][len(_in_hands(facts, who))]


def what_carries(facts: Sequence[str], who: str) -> str:
    return ",".join(_in_hands(facts, who)) or "nothing"


def _only(found: Sequence[str]) -> str:
    assert len(found) == 1, found
    return found[0]


def _gifts(facts: Sequence[str]) -> list[tuple[str, str, str]]:
    return [found.groups() for fact in facts if (found := GAVE.match(fact))]


def who_gave(facts: Sequence[str], thing: str, taker: str) -> str:
    return _only([one for one, what, two in _gifts(facts) if (what, two) == (thing, taker)])


def what_gave(facts: Sequence[str], giver: str, taker: str) -> str:
    return _only([what for one, what, two in _gifts(facts) if (one, two) == (giver, taker)])


def to_whom(facts: Sequence[str], giver: str, thing: str) -> str:
    return _only([two for one, what, two in _gifts(facts) if (one, what) == (giver, thing)])


def _neighbours(facts: Sequence[str]) -> dict[tuple[str, str], list[str]]:
    """What lies one way of a place, read in both directions."""
    opposite = {"north": "south", "south": "north", "east": "west", "west": "east"}
    found: dict[tuple[str, str], list[str]] = {}
    for fact in facts:
        one, way, other = re.fullmatch(r"the (\w+) is (\w+) of the (\w+)", fact).groups()
        found.setdefault((way, other), []).append(one)
        found.setdefault((opposite[way], one), []).append(other)
    return found


def what_lies(facts: Sequence[str], way: str, place: str) -> str:
    return _only(_neighbours(facts)[way, place])


def what_from(facts: Sequence[str], place: str, way: str) -> str:
    opposite = {"north": "south", "south": "north", "east": "west", "west": "east"}
    return _only(_neighbours(facts)[opposite[way], place])


def path(facts: Sequence[str], start: str, goal: str) -> str:
    near, waiting, seen = _neighbours(facts), deque([(start, [])]), {start}
    while waiting:
        place, way = waiting.popleft()
        if place == goal:
            return ",".join(way)
        for step in STEP:
            for there in near.get((step, place), []):
                if there not in seen:
                    seen.add(there)
                    waiting.append((there, [*way, step]))
    raise LookupError(goal)


def fears(facts: Sequence[str], name: str) -> str:
    plural = {"mouse": "mice", "cat": "cats", "wolf": "wolves", "sheep": "sheep", "fox": "foxes"}
    kind = _only([fact.split()[-1] for fact in facts if fact.startswith(f"{name} is a ")])
    return _only([fact.split()[-1] for fact in facts if fact.startswith(f"{plural[kind]} are ")])


def colour_of(facts: Sequence[str], name: str) -> str:
    kinds = {fact.split()[0]: fact.split()[-1] for fact in facts if " is a " in fact}
    colours = {fact.split()[0]: fact.split()[-1] for fact in facts if " is a " not in fact}
    assert name not in colours
    alike = {colours[each] for each in colours if kinds[each] == kinds[name]}
    return _only(sorted(alike))


def is_on_side(facts: Sequence[str], one: str, side: str, other: str) -> str:
    at = {other: (0, 0)}
    while one not in at:
        for fact in facts:
            a, way, b = re.fullmatch(
                r"the (\w+ \w+) is (above|below|left of|right of) the (\w+ \w+)", fact
            ).groups()
            x, y = SIDE[way]
            if b in at:
                at[a] = (at[b][0] + x, at[b][1] + y)
            elif a in at:
                at[b] = (at[a][0] - x, at[a][1] - y)
    along = sum(a * b for a, b in zip(at[one], SIDE[side], strict=True))
    return "yes" if along > 0 else "no"


def _larger(facts: Sequence[str], one: str, other: str) -> bool:
    """Whether `one` is larger, by any chain of facts."""
    direct = set()
    for fact in facts:
        a, verb, b = re.fullmatch(r"the (\w+) (fits into|is larger than) the (\w+)", fact).groups()
        direct.add((a, b) if verb == "is larger than" else (b, a))
    below = {b for a, b in direct if a == one}
    return other in below or any(_larger(facts, each, other) for each in below)


def is_larger(facts: Sequence[str], one: str, other: str) -> str:
    assert _larger(facts, one, other) != _larger(facts, other, one)
    return "yes" if _larger(facts, one, other) else "no"


def fits(facts: Sequence[str], one: str, other: str) -> str:
    return is_larger(facts, other, one)


ROOM_OF = {"hungry": "kitchen", "tired": "bedroom", "bored": "garden", "thirsty": "cellar"}
THING_OF = {"hungry": "apple", "tired": "pillow", "bored": "ball", "thirsty": "bottle"}


def _need(facts: Sequence[str], who: str) -> str:
    return _only([fact.split()[-1] for fact in facts if fact.startswith(f"{who} is ")])


def will_go(facts: Sequence[str], who: str) -> str:
    return ROOM_OF[_need(facts, who)]


def why_went(facts: Sequence[str], who: str, room: str) -> str:
    assert f"{who} went to the {room}" in facts
    assert ROOM_OF[_need(facts, who)] == room
    return _need(facts, who)


def why_took(facts: Sequence[str], who: str, thing: str) -> str:
    assert f"{who} took the {thing} there" in facts
    assert THING_OF[_need(facts, who)] == thing
    return _need(facts, who)


RULES: list[tuple[str, Callable[..., str]]] = [
    (r"where is the (\w+)", where_is_thing),
    (r"where is (\w+)", where_is),
    (r"where was the (\w+) before the (\w+)", where_was_thing),
    (r"where was (\w+) before the (\w+)", where_was),
    (r"is (\w+) in the (\w+)", is_in),
    (r"how many things does (\w+) carry", how_many),
    (r"what does (\w+) carry", what_carries),
    (r"who gave the (\w+) to (\w+)", who_gave),
    (r"what did (\w+) give to (\w+)", what_gave),
    (r"whom did (\w+) give the (\w+)", to_whom),
    (r"what is (\w+) of the (\w+)", what_lies),
    (r"what is the (\w+) (\w+) of", what_from),
    (r"what is (\w+) afraid of", fears),
    (r"what colour is (\w+)", colour_of),
    (r"is the (\w+ \w+) (above|below|left of|right of) the (\w+ \w+)", is_on_side),
    (r"is the (\w+) larger than the (\w+)", is_larger),
    (r"does the (\w+) fit into the (\w+)", fits),
    (r"how does one go from the (\w+) to the (\w+)", path),
    (r"where will (\w+) go", will_go),
    (r"why did (\w+) go to the (\w+)", why_went),
    (r"why did (\w+) take the (\w+)", why_took),
]
