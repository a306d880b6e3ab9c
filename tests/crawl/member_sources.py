"""Of what members write and keep: reviews, videos, corrections, lists, follows, accounts."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise, product
from typing import Any

from django.contrib.auth import get_user_model

from accounts.models import ApiToken
from community.models import (
    Alarm,
    Correction,
    Follow,
    ListChange,
    ListEntry,
    ListImport,
    ListKeeper,
    ListPlacement,
    ListSection,
    ListSuggestion,
    PersonClaim,
    PublicList,
    ReadingList,
    ReadingSession,
    Reply,
    Review,
    ReviewVersion,
    Subscription,
    Video,
    WorkshopRequest,
)
from kb.pages.public_lists.log import WRITERS as LOG_WRITERS
from papers.formats.registry import FORMATS
from tests.crawl.rows import LISTS, PAPERS, Rows, column, columns

CONTRIBUTIONS = {
    "review": Review,
    "reply": Reply,
    "video": Video,
    "workshop": WorkshopRequest,
    "list": PublicList,
}


def _review_pairs() -> Rows:
    versions = ReviewVersion.objects.order_by("review", "number").values_list("review", "number")
    return ((a[0], a[1], b[1]) for a, b in pairwise(versions) if a[0] == b[0])


def _contributions() -> Rows:
    for kind, model in CONTRIBUTIONS.items():
        yield from ((kind, pk) for (pk,) in column(model._default_manager)())


def _of_lists(model: Any, **only: Any) -> Callable[[], Rows]:
    """(slug, key) of every row of public lists."""
    rows = model.objects.filter(public_list__in=LISTS, **only)
    return lambda: rows.order_by("pk").values_list("public_list__slug", "pk")


SOURCES: dict[str, Callable[[], Rows]] = {
    "reviews/<int:pk>": column(Review.objects.all()),
    "reviews/<int:pk>/versions/<int:first>/<int:second>": _review_pairs,
    "replies/<int:pk>": column(Reply.objects.all()),
    "<slug:kind>/<int:pk>": _contributions,
    "videos/<int:pk>": column(Video.objects.all()),
    "corrections/<int:pk>": column(Correction.objects.all()),
    "alarms/<int:pk>": column(Alarm.objects.all()),
    "tokens/<slug:prefix>": column(ApiToken.objects.all(), "prefix"),
    "sessions/<int:pk>": lambda: [],  # one's own browsers
    "members/<str:name>": column(get_user_model()._default_manager.all(), "username"),
    "claims/<int:pk>": column(PersonClaim.objects.all()),
    "lists/<int:pk>": column(ReadingList.objects.all()),
    "lists/<int:pk>/entries/<int:entry_pk>": columns(ListEntry.objects, "reading_list", "pk"),
    "lists/<int:pk>/entries/<slug:key>": columns(ListEntry.objects, "reading_list", "paper__key"),
    "lists/<int:pk>/list.<str:suffix>": lambda: product(
        ReadingList.objects.order_by("pk").values_list("pk", flat=True), FORMATS
    ),
    "lists/<str:key>.atom": column(ReadingList.objects.filter(is_shared=True), "share_key"),
    "lists/<str:key>.json": column(ReadingList.objects.filter(is_shared=True), "share_key"),
    "shared/<slug:key>": column(ReadingList.objects.filter(is_shared=True), "share_key"),
    "shared/<slug:key>/list.<str:suffix>": lambda: product(
        ReadingList.objects.filter(is_shared=True)
        .order_by("share_key")
        .values_list("share_key", flat=True),
        FORMATS,
    ),
    "lists/<slug:slug>": column(LISTS, "slug"),
    "public-lists/<slug:slug>": column(LISTS, "slug"),
    "lists/<slug:slug>.<str:suffix>": lambda: product(
        LISTS.order_by("slug").values_list("slug", flat=True), ("md", *FORMATS)
    ),
    "lists/<slug:slug>/sections/<int:pk>": _of_lists(ListSection),
    "lists/<slug:slug>/entries/<int:pk>": _of_lists(ListPlacement),
    "lists/<slug:slug>/entries/<int:pk>/import": _of_lists(ListPlacement, paper=None),
    "lists/<slug:slug>/suggestions/<int:pk>": _of_lists(ListSuggestion),
    "lists/<slug:slug>/history/<int:pk>": _of_lists(ListChange),
    "lists/<slug:slug>/log/<int:pk>": _of_lists(ReadingSession),
    "lists/<slug:slug>/log.<str:suffix>": lambda: product(
        LISTS.order_by("slug").values_list("slug", flat=True), LOG_WRITERS
    ),
    "lists/import/<int:pk>": column(ListImport.objects.all()),
    "lists/invitations/<slug:token>": column(ListKeeper.objects.all(), "token"),
    "marks/<slug:key>": column(PAPERS, "key"),
    "follows/<int:pk>": column(Follow.objects.all()),
    "following/<str:token>": column(Subscription.objects.all(), "feed_token"),
    "following/webhooks/<int:pk>": lambda: [],  # one's own
    "following/webhooks/<int:pk>/deliveries/<int:delivery>": lambda: [],
    "unsubscribe/<slug:token>": column(Subscription.objects.all(), "mail_token"),
    "accounts/2fa/webauthn/keys/<int:pk>": lambda: [],  # one's own keys
}
