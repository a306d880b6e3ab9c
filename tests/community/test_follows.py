"""Following, and what is new since the last look."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connections, transaction
from django.utils import timezone

from accounts.roles import NotPossible
from community.following.digests import send_due_digests, unsubscribe
from community.following.follows import follow, follows_of, look, news, safe_moment, subscription_of
from community.models import Appearance, DigestMail, Follow, Review, Subscription
from papers.curation import waiting
from papers.ingest.candidate import Candidate
from papers.ingest.trust import hold
from papers.models import Paper, WaitingWork
from tests import make
from tests.community.test_moderation import user

pytestmark = pytest.mark.django_db


def titles(who: Any) -> dict[str, list[str]]:
    found = news(who, until=safe_moment())
    return {item.title: [paper.title for paper in item.papers] for item in found}


def test_new_is_what_became_visible_since_the_last_look() -> None:
    mia, gao = user("mia"), make.person("Gao Huang")
    make.paper("Before")
    follow(mia, "person", "gao-huang")
    hidden = make.paper("Hidden at first", state=Paper.State.HIDDEN)
    make.paper("After")
    first = titles(mia)
    look(mia, safe_moment())
    Paper.objects.filter(pk=hidden.pk).update(state=Paper.State.PUBLIC)
    make.paper("Of somebody else", authors=["Le Yang"])

    assert first == {gao.name: ["After"]}
    assert titles(mia) == {gao.name: ["Hidden at first"]}


def test_a_topic_brings_what_stands_below_it_and_a_search_what_it_finds() -> None:
    mia = user("mia")
    root = make.topic("Instance-wise", slug="instance-wise")
    exits, other = make.topic("Early exiting", parent=root), make.topic("Routing")
    follow(mia, "topic", "instance-wise")
    follow(mia, "search", "topic=early-exiting&year_from=2020&sort=year&page=3")
    make.paper("Old exit", topics=[exits], year=2017)
    make.paper("New exit", topics=[exits], year=2021)
    make.paper("Route", topics=[other], year=2021)

    found = titles(mia)

    assert sorted(found.pop("Instance-wise")) == ["New exit", "Old exit"]
    assert list(found.values()) == [["New exit"]]
    assert "sort" not in Follow.objects.get(kind="search").query


def test_a_paper_brings_what_happens_to_it_and_nothing_that_is_not_public() -> None:
    mia, paper = user("mia"), make.paper(key="one")
    follow(mia, "paper", "one")
    before = news(mia, until=safe_moment())[0].happened
    paper.tldr = "Now with a summary."
    paper.save()
    for number, state in enumerate(("published", "pending", "hidden")):
        author = user(f"author-{number}")
        Review.objects.create(
            paper=paper, author=author, form="house", state=state, published_at=safe_moment()
        )

    assert before == []
    assert news(mia, until=safe_moment())[0].happened == ["The record changed.", "1 new review."]


def test_a_paper_that_was_hidden_is_followed_no_more() -> None:
    mia, paper = user("mia"), make.paper("CANARY", key="one")
    follow(mia, "paper", "one")
    Paper.objects.filter(pk=paper.pk).update(state=Paper.State.HIDDEN)

    assert news(mia, until=safe_moment()) == []


def test_a_person_is_followed_into_a_merged_record() -> None:
    mia, double, kept = user("mia"), make.person("G. Huang"), make.person("Gao Huang")
    follow(mia, "person", double.slug)
    double.merged_into = kept
    double.save()
    make.paper("After the merge", authors=["Gao Huang"])

    assert list(titles(mia).values()) == [["After the merge"]]


def test_hidden_papers_cannot_be_followed_or_guessed_by_following() -> None:
    make.paper(key="hidden", state=Paper.State.HIDDEN)

    for target in ("hidden", "nothing-here"):
        with pytest.raises(NotPossible, match="nothing like this"):
            follow(user(f"mia-{target}"), "paper", target)


def test_following_twice_is_following_once() -> None:
    mia = user("mia")
    make.person("Gao Huang")

    assert follow(mia, "person", "gao-huang") == follow(mia, "person", "gao-huang")
    assert follows_of(mia).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_paper_whose_transaction_ends_late_is_not_missed() -> None:
    mia = user("mia")
    make.person("Gao Huang")
    make.venue()
    follow(mia, "person", "gao-huang")
    written, finish = threading.Event(), threading.Event()

    def slow_import() -> None:
        with transaction.atomic():
            make.paper("Slow import")
            written.set()
            finish.wait(300)
        connections.close_all()

    other = threading.Thread(target=slow_import)
    other.start()
    written.wait(300)
    look(mia, safe_moment())
    finish.set()
    other.join()

    assert list(titles(mia).values()) == [["Slow import"]]


def test_the_number_of_queries_does_not_grow_with_follows(
    django_assert_max_num_queries: Any,
) -> None:
    mia = user("mia")
    for number in range(12):
        make.topic(f"Topic {number}")
        follow(mia, "topic", f"topic-{number}")
    for number in range(12):
        make.paper(f"Paper {number}")

    until = safe_moment()
    with django_assert_max_num_queries(8):
        news(mia, until=until)


# --- mail ---


def reader(name: str = "mia", *, verified: bool = True, digest: str = "daily") -> Any:
    """A member who follows Gao Huang and whose digest is due."""
    made = user(name)
    EmailAddress.objects.create(user=made, email=made.email, verified=verified, primary=True)
    make.person("Gao Huang")
    follow(made, "person", "gao-huang")
    subscription = subscription_of(made)
    long_ago = subscription.told_until - dt.timedelta(days=8)
    Subscription.objects.filter(pk=subscription.pk).update(digest=digest, told_until=long_ago)
    return made


def test_a_digest_tells_what_is_new_once() -> None:
    reader()
    make.paper("Skip RNN", key="skip")

    counts = [send_due_digests(), send_due_digests()]
    Subscription.objects.update(tried_at=None)
    counts.append(send_due_digests())

    assert counts == [1, 0, 0]
    message = mail.outbox[0]
    assert "/papers/skip/" in message.body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.to == ["mia@example.org"]


def test_a_digest_tells_what_became_of_what_a_member_sent() -> None:
    mia = reader()
    cam = make.member("cam", "curators")
    works = [
        hold(Candidate(title, "bibtex", "BibTeX", ("Ada Example",), year=2024), by=mia)
        for title in ("A Refused Gate", "A Waiting Gate")
    ]
    waiting.refuse(works[0], by=cam, reason="Nobody wrote it.")
    yesterday = timezone.now() - dt.timedelta(days=1)
    WaitingWork.objects.filter(pk=works[0].pk).update(decided_at=yesterday)

    assert send_due_digests() == 1

    (message,) = mail.outbox
    assert message.subject == "The Living Survey: what became of what you sent"
    assert "A Refused Gate\n    refused: Nobody wrote it." in message.body
    assert "A Waiting Gate" not in message.body


@pytest.mark.parametrize(("verified", "digest"), [(False, "daily"), (True, "never")])
def test_nothing_goes_to_an_unconfirmed_address_or_to_whoever_wants_none(
    verified: bool, digest: str
) -> None:
    reader(verified=verified, digest=digest)
    make.paper("Skip RNN")

    assert send_due_digests() == 0
    assert mail.outbox == []


def test_nothing_new_is_no_mail() -> None:
    reader()

    send_due_digests()

    assert mail.outbox == []
    assert DigestMail.objects.get().state == "empty"


def test_a_refused_mail_is_tried_again_and_nothing_is_skipped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reader()
    make.paper("Skip RNN")

    def refuse(self: EmailMessage, **kwargs: Any) -> int:
        raise ConnectionRefusedError("no mail server")

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", refuse)
        send_due_digests()
    failed = DigestMail.objects.get().state
    Subscription.objects.update(tried_at=None)
    send_due_digests()

    assert failed == "failed"
    assert ["Skip RNN" in message.body for message in mail.outbox] == [True]


def test_a_crash_at_the_mail_server_sends_no_mail_twice_and_skips_no_paper(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reader()
    make.paper("Skip RNN")

    def die(self: EmailMessage, **kwargs: Any) -> int:
        mail.outbox.append(self)
        raise SystemExit  # the process ends after the server took the mail

    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(EmailMessage, "send", die)
        send_due_digests()
    Subscription.objects.update(tried_at=None)
    soon = send_due_digests()
    DigestMail.objects.update(made_at=safe_moment() - dt.timedelta(days=1, minutes=1))
    Subscription.objects.update(tried_at=None)
    next_day = send_due_digests()

    assert (soon, next_day) == (0, 1)
    assert "Skip RNN" in mail.outbox[1].body


def test_one_post_without_a_session_ends_the_mails() -> None:
    mia = reader()
    token = subscription_of(mia).mail_token

    assert unsubscribe(token)
    assert not unsubscribe("guessed")
    assert subscription_of(mia).digest == "never"


def test_the_day_of_a_paper_does_not_change_when_it_is_hidden_for_a_while() -> None:
    paper = make.paper()
    first = Appearance.objects.get().at
    for state in (Paper.State.HIDDEN, Paper.State.PUBLIC):
        Paper.objects.filter(pk=paper.pk).update(state=state)

    assert Appearance.objects.get().at == first
