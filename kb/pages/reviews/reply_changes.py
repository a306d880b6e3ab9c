"""Changing one's own answer to a review, and the texts that an answer had."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import NotPossible, signed_in
from community.models import Reply
from community.moderation import queue
from community.reviews import changed_replies, reading


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another text for one's own answer."""
    made = _visible(request, pk, author=request.user.pk)
    context: dict[str, Any] = {
        "reply": made,
        "review": made.review,
        "seen": made.revision,
        "text": changed_replies.newest_text(made),
        "section": "papers",
    }
    if request.method == "POST":
        context["text"] = request.POST.get("text", "")
        seen = request.POST.get("seen", "")
        try:
            changed_replies.edit_reply(
                made,
                context["text"],
                by=signed_in(request.user),
                seen=int(seen) if seen.isdecimal() and len(seen) < 9 else 0,
            )
        except NotPossible as error:
            context["told"] = str(error)
        else:
            if made.has_waiting_change:
                messages.success(request, gettext("Your change waits for a moderator."))
            return HttpResponseRedirect(made.get_absolute_url())
    status = 422 if context.get("told") else 200
    return render(request, "reviews/edit_reply.html", context, status=status)


@require_safe
@never_cache
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """The texts of an answer, the newest first, as far as this reader may read them."""
    made = _visible(request, pk)
    shown = changed_replies.versions_for(made, request.user)
    context = {
        "reply": made,
        "shown": reading.one_reply(made, request.user),
        "review": made.review,
        "versions": list(changed_replies.differences(shown)),
        "acts": queue.history(made) if changed_replies.sees_inside(made, request.user) else [],
        "section": "papers",
    }
    return render(request, "reviews/reply_versions.html", context)


def _visible(request: HttpRequest, pk: int, **only: Any) -> Reply:
    """The answer, if this reader may see it."""
    visible = Reply.objects.visible_to(request.user).filter(**only)
    return get_object_or_404(visible.select_related("review__paper"), pk=pk)
