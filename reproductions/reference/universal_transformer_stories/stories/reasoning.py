"""Where things lie, what follows and why: the kinds in which something is inferred."""

from itertools import pairwise
from random import Random

from .story import Story

PLACES = ("school", "market", "bridge", "station", "museum", "harbour", "theatre", "church")
DIRECTIONS = {"north": (0, 1), "south": (0, -1), "east": (1, 0), "west": (-1, 0)}
OPPOSITE = {"north": "south", "south": "north", "east": "west", "west": "east"}


def two_arguments(draw: Random) -> Story:
    """Two facts about three places: what lies north of it, or what it is north of."""
    first, middle, last = draw.sample(PLACES, 3)
    way = draw.choice(list(DIRECTIONS))
    # With the opposite way two places would lie on one side of the middle.
    onwards = draw.choice([each for each in DIRECTIONS if each != OPPOSITE[way]])
    facts = [(first, way, middle), (middle, onwards, last)]
    draw.shuffle(facts)
    one, direction, other = draw.choice(facts)
    said = tuple(f"the {a} is {way} of the {b}" for a, way, b in facts)
    if draw.random() < 0.5:
        return Story(said, f"what is {direction} of the {other}", one)
    return Story(said, f"what is the {one} {direction} of", other)


ANIMALS = {"mouse": "mice", "cat": "cats", "wolf": "wolves", "sheep": "sheep", "fox": "foxes"}
NAMES = ("pip", "nora", "rolf", "tilda", "vera", "zeno")


def deduction(draw: Random) -> Story:
    """Each kind of animal fears another; whom does this animal fear?"""
    kinds = list(ANIMALS)
    fears = {kind: draw.choice([each for each in kinds if each != kind]) for kind in kinds}
    facts = [f"{ANIMALS[kind]} are afraid of {ANIMALS[fears[kind]]}" for kind in kinds]
    names = draw.sample(NAMES, 4)
    kind_of = {name: draw.choice(kinds) for name in names}
    facts += [f"{name} is a {kind_of[name]}" for name in names]
    draw.shuffle(facts)
    name = draw.choice(names)
    return Story(tuple(facts), f"what is {name} afraid of", ANIMALS[fears[kind_of[name]]])


COLOURS = ("white", "grey", "green", "yellow")


def induction(draw: Random) -> Story:
    """Animals of one kind have one colour; which colour has one whose colour is not told?"""
    kinds = draw.sample(list(ANIMALS), 3)
    colour = dict(zip(kinds, draw.sample(COLOURS, 3), strict=True))
    names = draw.sample(NAMES, 5)
    kind_of = dict(zip(names, [*kinds, *draw.choices(kinds, k=2)], strict=True))
    asked = names[-1]
    facts = [f"{name} is a {kind_of[name]}" for name in names]
    facts += [f"{name} is {colour[kind_of[name]]}" for name in names[:-1]]
    draw.shuffle(facts)
    return Story(tuple(facts), f"what colour is {asked}", colour[kind_of[asked]])


SHAPES = ("red square", "blue square", "pink circle", "red circle", "blue triangle")
SIDES = {"above": (0, 1), "below": (0, -1), "left of": (-1, 0), "right of": (1, 0)}


def positions(draw: Random) -> Story:
    """Three shapes one step apart: is the one above the other?"""
    first, middle, last = draw.sample(SHAPES, 3)
    one, two = draw.choice(list(SIDES)), draw.choice(list(SIDES))
    x, y = (SIDES[one][axis] + SIDES[two][axis] for axis in (0, 1))  # first, seen from the last
    holds = [side for side, (dx, dy) in SIDES.items() if dx * x + dy * y > 0]
    fails = [side for side in SIDES if side not in holds]
    right = bool(holds) and draw.random() < 0.5
    side = draw.choice(holds if right else fails)
    facts = [f"the {first} is {one} the {middle}", f"the {middle} is {two} the {last}"]
    draw.shuffle(facts)
    question = f"is the {first} {side} the {last}"
    return Story(tuple(facts), question, "yes" if right else "no")


BOXES = ("thimble", "matchbox", "jar", "basket", "trunk", "wagon")


def size(draw: Random) -> Story:
    """What is larger than what, one step at a time: does the one fit into the other?"""
    order = draw.sample(BOXES, 5)  # from small to large
    facts = [
        f"the {small} fits into the {large}"
        if draw.random() < 0.5
        else f"the {large} is larger than the {small}"
        for small, large in pairwise(order)
    ]
    draw.shuffle(facts)
    one, other = draw.sample(range(5), 2)
    a, b = order[one], order[other]
    if draw.random() < 0.5:
        return Story(tuple(facts), f"does the {a} fit into the {b}", "yes" if one < other else "no")
    return Story(tuple(facts), f"is the {a} larger than the {b}", "yes" if one > other else "no")


def paths(draw: Random) -> Story:
    """Five places, each next to one before it: the two steps from one to another."""
    while True:
        names = draw.sample(PLACES, 5)
        at, near, facts = {names[0]: (0, 0)}, {}, []
        for name in names[1:]:
            known = draw.choice(list(at))
            way = draw.choice(list(DIRECTIONS))
            spot = (at[known][0] + DIRECTIONS[way][0], at[known][1] + DIRECTIONS[way][1])
            if spot in at.values():
                break
            at[name] = spot
            near[known, name], near[name, known] = way, OPPOSITE[way]
            facts.append(f"the {name} is {way} of the {known}")
        two_apart = [
            (start, middle, goal)
            for start, middle in near
            for other, goal in near
            if other == middle and goal != start
        ]
        if len(facts) == 4 and two_apart:
            start, middle, goal = draw.choice(two_apart)
            draw.shuffle(facts)
            question = f"how does one go from the {start} to the {goal}"
            return Story(tuple(facts), question, f"{near[start, middle]},{near[middle, goal]}")


NEEDS = {
    "hungry": ("kitchen", "apple"),
    "tired": ("bedroom", "pillow"),
    "bored": ("garden", "ball"),
    "thirsty": ("cellar", "bottle"),
}
ACTORS = ("jonas", "paula", "simon", "wanda")


def motivations(draw: Random) -> Story:
    """A need leads to a room and to a thing: where will they go, why did they go, why take it?"""
    facts, asked = [], []
    for who in draw.sample(ACTORS, 3):
        need = draw.choice(list(NEEDS))
        room, thing = NEEDS[need]
        told = [f"{who} is {need}", f"{who} went to the {room}", f"{who} took the {thing} there"]
        told = told[: draw.randint(1, 3)]
        facts.append(told)
        asked.append((f"where will {who} go", room) if len(told) == 1 else None)
        asked.append((f"why did {who} go to the {room}", need) if len(told) > 1 else None)
        asked.append((f"why did {who} take the {thing}", need) if len(told) > 2 else None)
    question, answer = draw.choice([each for each in asked if each])
    return Story(tuple(_woven(draw, facts)), question, answer)


def _woven(draw: Random, strands: list[list[str]]) -> list[str]:
    """All facts of all strands, each strand in its own order."""
    turns = [index for index, strand in enumerate(strands) for _ in strand]
    draw.shuffle(turns)
    left = [iter(strand) for strand in strands]
    return [next(left[index]) for index in turns]
