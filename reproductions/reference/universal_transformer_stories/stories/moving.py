"""Who is where, who has what: the kinds in which people walk between rooms and carry things."""

from random import Random

from .story import Story

WOMEN = ("anna", "clara", "greta")
MEN = ("boris", "david", "felix")
PEOPLE = WOMEN + MEN
ROOMS = ("kitchen", "garden", "cellar", "library", "attic", "studio")
THINGS = ("apple", "lamp", "letter", "violin")
WALKS = ("went to", "walked to", "moved to", "ran to")
FACTS = (4, 8)
"""Fewest and most facts.  The same for one, two and three supporting facts."""


def _count(draw: Random) -> int:
    return draw.randint(*FACTS)


def _walk(draw: Random, who: str, room: str) -> str:
    return f"{who} {draw.choice(WALKS)} the {room}"


def _other(draw: Random, choices: tuple[str, ...], *but: str | None) -> str:
    return draw.choice([each for each in choices if each not in but])


class House:
    """Four people in the rooms of a house, with things that they take and leave.

    trail: the rooms in which each thing has been, none twice in a row.
    """

    def __init__(self, draw: Random) -> None:
        self.draw = draw
        self.people = tuple(draw.sample(PEOPLE, 4))
        self.room: dict[str, str] = {}
        self.holder: dict[str, str] = {}
        self.trail: dict[str, list[str]] = {thing: [] for thing in THINGS}
        self.facts: list[str] = []

    def go(self, who: str) -> None:
        """Walk to a room where they are not; what they hold comes along."""
        room = _other(self.draw, ROOMS, self.room.get(who))
        self.room[who] = room
        self.facts.append(_walk(self.draw, who, room))
        for thing in self.held(who):
            self._seen(thing, room)

    def take(self, who: str, thing: str) -> None:
        """Take what nobody holds, where they are."""
        self.holder[thing] = who
        self._seen(thing, self.room[who])
        verb = self.draw.choice(("took", "grabbed", "picked up"))
        self.facts.append(f"{who} {verb} the {thing}")

    def leave(self, who: str, thing: str) -> None:
        """Put down what they hold."""
        del self.holder[thing]
        self.facts.append(f"{who} {self.draw.choice(('left', 'put down', 'dropped'))} the {thing}")

    def held(self, who: str) -> list[str]:
        """In the order of the alphabet."""
        return [thing for thing in THINGS if self.holder.get(thing) == who]

    def within_reach(self, who: str) -> list[str]:
        """Free things that are in the room, or that no fact has placed."""
        return [
            thing
            for thing in THINGS
            if thing not in self.holder and self.trail[thing][-1:] in ([], [self.room[who]])
        ]

    def happen(self, *, walking: float = 0.55) -> None:
        """One more fact."""
        who = self.draw.choice(self.people)
        if who in self.room and self.draw.random() > walking:
            held, near = self.held(who), self.within_reach(who)
            if near and (not held or self.draw.random() < 0.65):
                return self.take(who, self.draw.choice(near))
            if held:
                return self.leave(who, self.draw.choice(held))
        return self.go(who)

    def _seen(self, thing: str, room: str) -> None:
        if self.trail[thing][-1:] != [room]:
            self.trail[thing].append(room)


def _walks(draw: Random) -> tuple[list[str], dict[str, str]]:
    """Walks of four people, and where each is in the end."""
    people, facts = draw.sample(PEOPLE, 4), []
    room: dict[str, str] = {}
    for _ in range(_count(draw)):
        who = draw.choice(people)
        room[who] = _other(draw, ROOMS, room.get(who))
        facts.append(_walk(draw, who, room[who]))
    return facts, room


def one_fact(draw: Random) -> Story:
    """Where somebody is: where they last walked."""
    facts, room = _walks(draw)
    who = draw.choice(list(room))
    return Story(tuple(facts), f"where is {who}", room[who])


def two_facts(draw: Random) -> Story:
    """Where a thing is: who had it last, and where that one was or is."""
    return _of_a_thing(draw, visited=1)


def three_facts(draw: Random) -> Story:
    """Where a thing was before: who carried it, where to, and where from."""
    return _of_a_thing(draw, visited=2)


def _of_a_thing(draw: Random, visited: int) -> Story:
    """About a thing that has been in `visited` rooms at least; drawn again until there is one."""
    while True:
        house = House(draw)
        for _ in range(_count(draw)):
            house.happen()
        known = [thing for thing in THINGS if len(house.trail[thing]) >= visited]
        if not known:
            continue
        thing = draw.choice(known)
        trail = house.trail[thing]
        if visited == 1:
            return Story(tuple(house.facts), f"where is the {thing}", trail[-1])
        if trail.count(trail[-1]) > 1:
            continue  # "before the kitchen" would have two answers
        question = f"where was the {thing} before the {trail[-1]}"
        return Story(tuple(house.facts), question, trail[-2])


def three_arguments(draw: Random) -> Story:
    """Who gave what to whom; the gift that is asked for happened once."""
    while True:
        gifts = []
        for _ in range(_count(draw) // 2):
            giver, taker = draw.sample(PEOPLE, 2)
            gifts.append((giver, draw.choice(THINGS), taker))
        giver, thing, taker = draw.choice(gifts)
        question, answer, same = draw.choice(
            [
                (f"who gave the {thing} to {taker}", giver, (None, thing, taker)),
                (f"what did {giver} give to {taker}", thing, (giver, None, taker)),
                (f"whom did {giver} give the {thing}", taker, (giver, thing, None)),
            ]
        )
        alike = [
            gift
            for gift in gifts
            if all(asked in (None, given) for asked, given in zip(same, gift, strict=True))
        ]
        if len(alike) == 1:
            verbs = ("gave", "handed", "passed")
            facts = (f"{one} {draw.choice(verbs)} the {what} to {two}" for one, what, two in gifts)
            return Story(tuple(facts), question, answer)


def _is_in(draw: Random, who: str, room: str) -> tuple[str, str]:
    """A question whether they are in a room, which is right half of the time."""
    asked = room if draw.random() < 0.5 else _other(draw, ROOMS, room)
    return f"is {who} in the {asked}", "yes" if asked == room else "no"


def yes_no(draw: Random) -> Story:
    """Is somebody in a room?"""
    facts, room = _walks(draw)
    who = draw.choice(list(room))
    return Story(tuple(facts), *_is_in(draw, who, room[who]))


def _hands(draw: Random) -> tuple[House, str]:
    house = House(draw)
    for _ in range(_count(draw)):
        house.happen(walking=0.3)
    return house, draw.choice([who for who in house.people if who in house.room])


def counting(draw: Random) -> Story:
    """How many things somebody carries."""
    house, who = _hands(draw)
    number = ("none", "one", "two", "three", "four")[len(house.held(who))]
    return Story(tuple(house.facts), f"how many things does {who} carry", number)


def sets(draw: Random) -> Story:
    """Which things somebody carries."""
    house, who = _hands(draw)
    held = ",".join(house.held(who)) or "nothing"
    return Story(tuple(house.facts), f"what does {who} carry", held)


def negation(draw: Random) -> Story:
    """Some facts say where somebody is no longer."""
    people, facts = draw.sample(PEOPLE, 4), []
    room: dict[str, str] = {}
    for _ in range(_count(draw)):
        who = draw.choice(people)
        if room.get(who) and draw.random() < 0.4:
            facts.append(f"{who} is no longer in the {room[who]}")
            room[who] = ""
        else:
            room[who] = _other(draw, ROOMS, room.get(who))
            facts.append(_walk(draw, who, room[who]))
    who = draw.choice(list(room))
    if room[who]:
        return Story(tuple(facts), *_is_in(draw, who, room[who]))
    left = next(fact.split()[-1] for fact in reversed(facts) if fact.startswith(f"{who} is no"))
    return Story(tuple(facts), f"is {who} in the {left}", "no")


def indefinite(draw: Random) -> Story:
    """Some facts leave two rooms open: yes, no or maybe."""
    people, facts, rooms = draw.sample(PEOPLE, 4), [], {}
    for _ in range(_count(draw)):
        who = draw.choice(people)
        if draw.random() < 0.5:
            rooms[who] = draw.sample(ROOMS, 2)
            facts.append(f"{who} is either in the {rooms[who][0]} or in the {rooms[who][1]}")
        else:
            rooms[who] = [draw.choice(ROOMS)]
            facts.append(f"{who} is in the {rooms[who][0]}")
    who = draw.choice(list(rooms))
    asked = draw.choice(rooms[who]) if draw.random() < 0.6 else _other(draw, ROOMS, *rooms[who])
    if asked not in rooms[who]:
        answer = "no"
    else:
        answer = "yes" if len(rooms[who]) == 1 else "maybe"
    return Story(tuple(facts), f"is {who} in the {asked}", answer)


THEN = ("then", "afterwards", "later")


def coreference(draw: Random) -> Story:
    """Every second fact says she or he."""
    facts: list[str] = []
    room: dict[str, str] = {}
    for _ in range(_count(draw) // 2):
        who = draw.choice(PEOPLE)
        first = _other(draw, ROOMS, room.get(who))
        room[who] = _other(draw, ROOMS, first)
        pronoun = "she" if who in WOMEN else "he"
        facts.append(_walk(draw, who, first))
        facts.append(_walk(draw, f"{draw.choice(THEN)} {pronoun}", room[who]))
    who = draw.choice(list(room))
    return Story(tuple(facts), f"where is {who}", room[who])


def conjunction(draw: Random) -> Story:
    """Two walk together."""
    facts: list[str] = []
    room: dict[str, str] = {}
    for _ in range(_count(draw)):
        pair = draw.sample(PEOPLE, 2)
        goal = _other(draw, ROOMS, *(room.get(who) for who in pair))
        room |= dict.fromkeys(pair, goal)
        facts.append(_walk(draw, " and ".join(pair), goal))
    who = draw.choice(list(room))
    return Story(tuple(facts), f"where is {who}", room[who])


def compound_coreference(draw: Random) -> Story:
    """Two walk together, and on."""
    facts: list[str] = []
    room: dict[str, str] = {}
    for _ in range(_count(draw) // 2):
        pair = draw.sample(PEOPLE, 2)
        first = _other(draw, ROOMS, *(room.get(who) for who in pair))
        goal = _other(draw, ROOMS, first)
        room |= dict.fromkeys(pair, goal)
        facts.append(_walk(draw, " and ".join(pair), first))
        facts.append(_walk(draw, f"{draw.choice(THEN)} they", goal))
    who = draw.choice(list(room))
    return Story(tuple(facts), f"where is {who}", room[who])


TIMES = ("yesterday", "this morning", "this afternoon", "this evening")


def time(draw: Random) -> Story:
    """Facts with their times, in any order: where somebody was before."""
    facts, day = [], {}
    for who in draw.sample(PEOPLE, 3):
        when = sorted(draw.sample(range(4), draw.randint(2, 4)))
        rooms = draw.sample(ROOMS, len(when))
        day[who] = rooms
        facts += [
            f"{TIMES[each]} {_walk(draw, who, room)}"
            for each, room in zip(when, rooms, strict=True)
        ]
    draw.shuffle(facts)
    who = draw.choice(list(day))
    later = draw.randrange(1, len(day[who]))
    question = f"where was {who} before the {day[who][later]}"
    return Story(tuple(facts), question, day[who][later - 1])
