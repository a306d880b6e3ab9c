"""What people said here, in every state, with a canary in each text."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from allauth.usersessions.models import UserSession
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken, User
from community.models import (
    Act,
    Delivery,
    Follow,
    ListEntry,
    PersonClaim,
    Profile,
    ReadingList,
    Reply,
    ReplyVersion,
    Report,
    Review,
    ReviewDraft,
    ReviewVersion,
    State,
    Video,
    Webhook,
)
from community.reviews.content import Content
from papers.models import Paper, Person
from tests import make
from tests.leaks.canaries import (
    ADMIN,
    CONFLICTED,
    CURATOR,
    EVERYONE,
    MODERATOR,
    OWNER,
    STRANGER,
    VISITOR,
)
from tests.leaks.list_world import plant_lists

if TYPE_CHECKING:
    from tests.leaks.world import World

# Who reads what is in a state: a draft is its author's alone, whoever asks.
READERS: dict[str, Any] = {
    State.DRAFT: {OWNER},
    State.PENDING: {OWNER, MODERATOR, ADMIN},
    State.PUBLISHED: EVERYONE,
    State.DECLINED: {OWNER, MODERATOR, ADMIN},
    State.WITHDRAWN: {OWNER, MODERATOR, ADMIN},
    State.HIDDEN: {OWNER, MODERATOR, ADMIN},
}
JUDGES = (OWNER, MODERATOR, ADMIN)  # of what is said about papers
TRUSTEES = (*JUDGES, CONFLICTED)  # of what is about no paper


def plant_contributions(world: World) -> None:
    videos(world)
    reviews(world)
    anonymous_review(world)
    member(world)
    lists_and_follows(world)
    plant_lists(world)
    world.queries += ["/moderation/?kind=video", "/api/v1/videos/?with_count=1"]
    world.queries += ["/api/v1/moderation/?per_page=100", "/api/v1/moderation/?kind=report"]


def act(world: World, contribution: Any, after: str) -> None:
    """The decision that brought a contribution where it is, with its reason."""
    Act.objects.create(
        kind=ContentType.objects.get_for_model(type(contribution)),
        object_id=contribution.pk,
        before=State.PENDING,
        after=after,
        by=world.users[MODERATOR],
        reason=world.cage.plant(f"reason for a {after} {type(contribution).__name__}", *JUDGES),
    )


def videos(world: World) -> None:
    made = []
    for number, state in enumerate(State.values):
        video = Video.objects.create(
            paper=Paper.objects.get(key="open2018"),
            author=world.owner,
            state=state,
            provider="youtube",
            provider_id=f"abcdefghij{number}",
            address=f"https://www.youtube.com/watch?v=abcdefghij{number}",
            title=world.cage.plant(
                f"title of a {state} video", *READERS[state], shown=state != State.DRAFT
            ),
        )
        made.append(video.pk)
        if state in (State.DECLINED, State.HIDDEN):
            act(world, video, state)
        if state == State.PUBLISHED:
            report(world, video)
    hidden = Video.objects.create(
        paper=Paper.objects.get(key="hidden2018"),
        author=world.users[CURATOR],
        state=State.PUBLISHED,
        provider="youtube",
        provider_id="klmnopqrstu",
        address="https://www.youtube.com/watch?v=klmnopqrstu",
        title=world.cage.plant("title of a video of a hidden paper", CURATOR, ADMIN),
    )
    give = world.examples.give
    for start in ("videos/", "api/v1/videos/"):
        give(start, "pk", *made, hidden.pk)
    judged(world, "video", *made, hidden.pk)
    judged(world, "report", *Report.objects.values_list("pk", flat=True))
    judged(world, "nothing", 1)


def judged(world: World, kind: str, *pks: int) -> None:
    """Things that are decided about and reported, kind and number side by side."""
    for start in ("moderation/", "report/", "appeal/", "api/v1/moderation/"):
        world.examples.give(start, "kind", *[kind] * len(pks))
        world.examples.give(start, "pk", *pks)


def reviews(world: World) -> None:
    """The owner's reviews, each state on a paper of its own, with an older and a newer text."""
    plant = world.cage.plant
    made = []
    for state in State.values:
        paper = make.paper(f"Reviewed {state}", key=f"reviewed-{state}", authors=["Ada Open"])
        review = Review.objects.create(
            paper=paper,
            author=world.owner,
            form="house",
            state=state,
            signed=True,
            conflict=Review.Conflict.SOME,
            conflict_text=plant(f"conflict of a {state} review", *READERS[state]),
            latest=0 if state == State.DRAFT else 2,
            public=1 if state == State.PUBLISHED else 0,
            published_at=timezone.now() if state == State.PUBLISHED else None,
        )
        write(world, review, 1, READERS[state])
        # The newer text of a public review waits for a moderator.
        write(world, review, 2, READERS[state] - PUBLIC)
        made.append(review.pk)
        if state in (State.DECLINED, State.HIDDEN):
            act(world, review, state)
        if state == State.PUBLISHED:
            replies(world, review)
            report(world, review)
        world.examples.give("papers/<slug:key>/reviews", "key", paper.key)
    give = world.examples.give
    for start in ("reviews/", "api/v1/reviews/"):
        give(start, "pk", *made)
        give(start, "first", 1)
        give(start, "second", 2)
    judged(world, "review", *made)
    judged(world, "change", *made)
    world.queries += [f"/api/v1/reviews/?paper=reviewed-{state}" for state in State.values]
    world.queries += ["/papers/?q=has:review", "/api/v1/papers/?q=has:review&with_count=1"]


PUBLIC = frozenset({VISITOR, STRANGER, CURATOR, CONFLICTED})


def write(world: World, review: Review, number: int, readers: Any) -> None:
    """One version of a review, and its draft with words that only its author may read."""
    place = f"version {number} of a {review.state} review"
    if review.state != State.DRAFT:
        is_shown = number == (1 if review.state == State.PUBLISHED else 2)
        other = world.cage.plant(f"conflict in {place}", *readers, shown=False)
        ReviewVersion.objects.create(
            review=review,
            number=number,
            signed=review.signed,
            conflict=review.conflict,
            conflict_text=review.conflict_text if is_shown else other,
            values={
                "summary": world.cage.plant(f"summary in {place}", *readers, shown=False),
                "claims": "Claims.",
                "weaknesses": f"It **is** ${world.cage.plant(f'formula in {place}', *readers, shown=False)}$",
                "support": "3",
                "checked": "read",
                "confidence": "2",
            },
            rating="3",
            confidence="2",
        )
    if number == 2:
        values = {"summary": world.cage.plant(f"draft of a {review.state} review", OWNER)}
        ReviewDraft.objects.create(review=review, content=Content(values).row)


def replies(world: World, review: Review) -> None:
    made = []
    for state in State.values:
        reply = Reply.objects.create(
            review=review,
            author=world.owner,
            state=state,
            text=world.cage.plant(
                f"a {state} reply",
                *READERS[state],
                shown=state in (State.PENDING, State.PUBLISHED),
            ),
        )
        made.append(reply.pk)
        reply_texts(world, reply)
        if state == State.PUBLISHED:
            report(world, reply)
    world.examples.give("replies/", "pk", *made)
    world.examples.give("api/v1/replies/", "pk", *made)
    judged(world, "reply", *made)
    judged(world, "changed-reply", *made)


def reply_texts(world: World, reply: Reply) -> None:
    """Earlier texts: one that was shown once, one that was refused; and a change that waits."""
    plant, now, place = world.cage.plant, timezone.now(), f"of a {reply.state} reply"
    shown = plant(f"earlier text {place}", *READERS[reply.state], shown=reply.state != State.DRAFT)
    inside = READERS[reply.state] if reply.state == State.DRAFT else JUDGES
    refused = plant(f"refused text {place}", *inside)
    waiting = plant(f"waiting text {place}", *inside)
    for number, (text, shown_at) in enumerate(
        [(shown, now), (refused, None), (reply.text, now), (waiting, None)], start=1
    ):
        ReplyVersion.objects.create(reply=reply, number=number, text=text, shown_at=shown_at)
    Reply.objects.filter(pk=reply.pk).update(latest=4, public=3, refused=2, edited_at=now)


def anonymous_review(world: World) -> None:
    """A public review and reply whose author stays unknown to all who do not ask for it."""
    name = world.cage.plant("name of an anonymous reviewer", ADMIN, markup=False)
    ghost = User.objects.create_user(name, f"{name}@example.org")
    Profile.objects.create(user=ghost, name=name, is_public=False)
    review = Review.objects.create(
        paper=Paper.objects.get(key="open2018"),
        author=ghost,
        form="house",
        state=State.PUBLISHED,
        conflict=Review.Conflict.NONE,
        latest=1,
        public=1,
        published_at=timezone.now(),
    )
    write(world, review, 1, EVERYONE)
    Reply.objects.create(review=review, author=ghost, state=State.PUBLISHED, text="I answer.")
    for start in ("reviews/", "api/v1/reviews/"):
        world.examples.give(start, "pk", review.pk)


def report(world: World, contribution: Any) -> None:
    Report.objects.create(
        kind=ContentType.objects.get_for_model(type(contribution)),
        object_id=contribution.pk,
        author=world.owner,
        reason=world.cage.plant("reason of a report", MODERATOR, ADMIN, OWNER),
    )


def member(world: World) -> None:
    """What the owner keeps to themselves: profile, claim, token."""
    plant = world.cage.plant
    Profile.objects.create(
        user=world.owner,
        name=plant("name of a private profile that signs", *EVERYONE),
        affiliation=plant("affiliation of a private profile", *TRUSTEES),
    )
    claim = PersonClaim.objects.create(
        user=world.owner,
        person=Person.objects.get(slug="ada-open"),
        statement=plant("statement of a claim", *TRUSTEES),
    )
    PersonClaim.objects.create(
        user=world.users[CONFLICTED], person=Person.objects.get(slug="ada-open")
    )
    token = ApiToken.objects.create(
        user=world.owner,
        name=plant("name of a token", OWNER, ADMIN),
        prefix="abcd1234",
        secret_sha256="0" * 64,
        scopes=["read"],
        expires_at=timezone.now() + timedelta(days=9),
    )
    browser = Client()
    browser.force_login(world.owner)
    session = UserSession.objects.create(
        user=world.owner,
        session_key=browser.session.session_key,
        ip="192.0.2.77",
        user_agent=plant("browser of a session", OWNER),
    )
    give = world.examples.give
    give("accounts/sessions/", "pk", session.pk)
    give("api/v1/claims/", "pk", claim.pk)
    give("claims/", "pk", claim.pk)
    for start in ("account/tokens/", "api/v1/tokens/"):
        give(start, "prefix", token.prefix)
    give("members/", "name", world.owner.username)
    give("api/v1/members/", "name", world.owner.username)


def lists_and_follows(world: World) -> None:
    """What the owner keeps for themselves, and one list whose address was given away."""
    plant, give = world.cage.plant, world.examples.give
    for shared in (False, True):
        word, readers = ("shared", EVERYONE) if shared else ("private", {OWNER})
        made = ReadingList.objects.create(
            owner=world.owner,
            name=plant(f"name of a {word} list", *readers),
            description=plant(f"description of a {word} list", *readers),
            is_shared=shared,
        )
        entries = [
            ListEntry.objects.create(
                reading_list=made,
                paper=Paper.objects.get(key=key),
                position=place,
                note=plant(f"note in a {word} list on {key}", *note_readers, shown=bool(shown)),
            )
            for place, (key, note_readers, shown) in enumerate(
                [
                    ("open2018", readers, True),
                    ("hidden2018", readers & {OWNER, CURATOR, ADMIN}, False),
                ]
            )
        ]
        for start in ("lists/", "api/v1/lists/"):
            give(start, "pk", made.pk)
            give(start, "entry_pk", *(entry.pk for entry in entries))
            give(start, "key", "open2018", "hidden2018")
            give(start, "suffix", "bib")
        for start in ("shared/", "feeds/lists/"):
            give(start, "key", made.share_key)
            give(start, "suffix", "bib")
    follow = Follow.objects.create(
        user=world.owner,
        kind=Follow.Kind.SEARCH,
        query=f"q={plant('query that somebody follows', OWNER, markup=False)}",
    )
    hook = Webhook.objects.create(
        user=world.owner,
        address=f"https://hooks.example/{plant('address of a webhook', OWNER, markup=False)}",
    )
    delivery = Delivery.objects.create(
        webhook=hook, kind="test", body=plant("body of a delivery", OWNER, markup=False)
    )
    give("following/webhooks/", "pk", hook.pk)
    give("following/webhooks/", "delivery", delivery.pk)
    world.queries += ["/following/webhooks/"]
    give("following/", "pk", follow.pk)
    give("api/v1/follows/", "pk", follow.pk)
    give("api/v1/marks/", "key", "open2018", "hidden2018")
    give("feeds/following/", "token", "not-a-token")
    give("unsubscribe/", "token", "not-a-token")
    world.queries += ["/lists/yours/", "/following/", "/account/", "/account/export/"]
