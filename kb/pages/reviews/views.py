"""Reviews as others read them: one, all of a paper, the newest; and what a reader can do there."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import signed_in
from community.models import Reply, Review, ReviewVersion, State
from community.moderation import queue, transitions
from community.moderation.access import access
from community.reviews import deciding, differing, pages, reading, threads, writing
from community.text import cites, markdown
from papers.models import Paper

A_PAGE = 25


def visible(request: HttpRequest, pk: int) -> Review:
    """The review, if this reader may see it."""
    reviews = Review.objects.visible_to(request.user).select_related("paper")
    return get_object_or_404(reviews, pk=pk)


def paper_of(request: HttpRequest, key: str) -> Paper:
    return get_object_or_404(Paper.objects.visible_to(request.user), key=key)


def sees_inside(request: HttpRequest, review: Review) -> bool:
    """Whether the reader may see its history and all versions."""
    return access(review, request.user).sees_inside


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The newest public reviews of all papers."""
    page = Paginator(pages.newest(), A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "reviews": reading.shown(page, request.user), "section": "reviews"}
    return render(request, "reviews/index.html", context)


@require_safe
def of_paper(request: HttpRequest, key: str) -> HttpResponse:
    """All public reviews of a paper."""
    paper = paper_of(request, key)
    page = pages.of_paper(paper, request.user, request.GET.get("page", "1"))
    return render(request, "reviews/of_paper.html", {"paper": paper, "section": "papers", **page})


@require_safe
@never_cache
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One review with its thread; its author and moderators also see its history."""
    review = visible(request, pk)
    public = review.state == State.PUBLISHED
    shown = reading.shown([review], request.user, latest=not public)
    inside = sees_inside(request, review)
    context = {
        "section": "papers",
        "review": review,
        "item": shown[0] if shown else None,
        "form": writing.form_of(review),
        "own": review.author_id == request.user.pk,
        "acts": queue.history(review) if inside else [],
        "versions": list(_versions(request, review)),
        "State": State,
    }
    return render(request, "reviews/detail.html", context)


@require_safe
@never_cache
def diff(request: HttpRequest, pk: int, first: int, second: int) -> HttpResponse:
    """What changed between two versions; the public sees the one that is shown."""
    review = visible(request, pk)
    versions = {version.number: version for version in _versions(request, review)}
    if first not in versions or second not in versions:
        raise Http404(gettext("There is no such version of this review."))
    form = writing.form_of(review)
    context = {
        "review": review,
        "form": form,
        "first": versions[first],
        "second": versions[second],
        "changes": differing.changes(form, versions[first], versions[second]),
    }
    return render(request, "reviews/diff.html", context)


def _versions(request: HttpRequest, review: Review) -> QuerySet[ReviewVersion]:
    """All versions for its author and moderators; for others the one that is public."""
    versions = ReviewVersion.objects.filter(review=review)
    return versions if sees_inside(request, review) else versions.filter(number=review.public)


@require_safe
@never_cache
@login_required
def yours(request: HttpRequest) -> HttpResponse:
    """Everything that the reader wrote, in whatever state."""
    mine = Review.objects.visible_to(request.user).filter(author=request.user.pk)
    newest = mine.select_related("paper").order_by("-created_at")
    page = Paginator(newest, A_PAGE).get_page(request.GET.get("page"))
    rows = [(review, deciding.review_summary(review)) for review in page]
    return render(request, "reviews/yours.html", {"page": page, "rows": rows})


@require_POST
@login_required
def helpful(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a review as helpful, or take the mark back."""
    review = visible(request, pk)
    try:
        threads.toggle_helpful(review, by=signed_in(request.user))
    except transitions.NotPossible as error:
        messages.warning(request, str(error))
    if request.htmx:  # type: ignore[attr-defined]
        item = reading.shown([review], request.user)[0]
        return render(request, "reviews/_helpful.html", {"item": item})
    return HttpResponseRedirect(review.get_absolute_url())


@require_POST
@login_required
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a review, or a reply to it."""
    review = visible(request, pk)
    parent = None
    if (number := request.POST.get("parent", "")).isdecimal() and len(number) < 18:
        replies = Reply.objects.visible_to(request.user).filter(review=review)
        parent = get_object_or_404(replies, pk=int(number))
    try:
        made = threads.reply(
            review, request.POST.get("text", ""), by=signed_in(request.user), parent=parent
        )
    except transitions.NotPossible as error:
        context = {"review": review, "text": request.POST.get("text", ""), "told": str(error)}
        return render(request, "reviews/answer.html", {**context, "parent": parent}, status=422)
    if made.state == State.PENDING:
        messages.success(
            request, gettext("Your answer waits for a moderator; only you see it until then.")
        )
    return HttpResponseRedirect(made.get_absolute_url())


@require_POST
@login_required
def withdraw_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own answer away."""
    made = _own_reply(request, pk)
    return _done(
        request, made.review, lambda: threads.withdraw_reply(made, by=signed_in(request.user))
    )


@require_POST
@login_required
def restore_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the withdrawal of one's own answer."""
    made = _own_reply(request, pk)
    return _done(
        request, made.review, lambda: threads.restore_reply(made, by=signed_in(request.user))
    )


def _own_reply(request: HttpRequest, pk: int) -> Reply:
    mine = Reply.objects.visible_to(request.user).filter(author=request.user.pk)
    return get_object_or_404(mine.select_related("review"), pk=pk)


@require_POST
@login_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    review = visible(request, pk)
    reason = request.POST.get("reason", "")[:2000]
    return _done(
        request, review, lambda: writing.withdraw(review, by=signed_in(request.user), reason=reason)
    )


@require_POST
@login_required
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    review = visible(request, pk)
    return _done(request, review, lambda: writing.restore(review, by=signed_in(request.user)))


@require_POST
@login_required
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    review = visible(request, pk)
    reason = request.POST.get("reason", "")[:2000]
    return _done(
        request,
        review,
        lambda: transitions.appeal(review, by=signed_in(request.user), reason=reason),
    )


def _done(request: HttpRequest, review: Review, act: Callable[[], object]) -> HttpResponse:
    """Do it, tell what was refused, and go back to the review."""
    try:
        act()
    except transitions.NotPossible as error:
        messages.warning(request, str(error))
    return HttpResponseRedirect(reverse("review", args=[review.pk]))


@require_POST
@login_required
def preview(request: HttpRequest) -> HttpResponse:
    """A text as it will look, for the box where it is written. Nothing is stored."""
    paper = paper_of(request, request.POST.get("paper", ""))
    text = request.POST.get("text", "")[: threads.LONGEST_REPLY]
    cited = cites.resolve([(paper.pk, text)])
    html = markdown.html(text, cited=cited, paper_id=paper.pk)
    return render(request, "reviews/_preview.html", {"html": html})
