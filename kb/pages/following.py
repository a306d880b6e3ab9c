"""What a member follows, what is new there, and how they hear of it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import NotPossible, signed_in
from community.following import digests, follows
from community.models import Subscription
from community.models.collection import unguessable
from kb.pages.rendering import back


@require_safe
@never_cache
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Everything followed, with what is new since the last look."""
    until = follows.safe_moment()
    news = follows.news(signed_in(request.user), until=until)
    member = signed_in(request.user)
    subscription = Subscription.objects.filter(user=member).first()
    token = subscription.feed_token if subscription else ""
    context = {
        "section": "following",
        "news": news,
        "fresh": [item for item in news if item.is_new],
        "until": until.isoformat(),
        "subscription": subscription,
        "digests": Subscription.Digest.choices,
        "mail_address": digests.confirmed_address(signed_in(request.user)),
        "feed": request.build_absolute_uri(reverse("feed-following", args=[token]))
        if token
        else "",
    }
    return render(request, "following/index.html", context)


@require_POST
@login_required
def change(request: HttpRequest) -> HttpResponse:
    """Follow, or stop following."""
    kind, target = request.POST.get("kind", ""), request.POST.get("target", "")
    stop = request.POST.get("stop") == "1"
    try:
        (follows.unfollow if stop else follows.follow)(signed_in(request.user), kind, target)
    except NotPossible as error:
        messages.warning(request, str(error))
        return back(request, reverse("following"))
    if request.htmx:  # type: ignore[attr-defined]
        context = {"kind": kind, "target": target, "label": request.POST.get("label", "")[:60]}
        return render(request, "following/_changed.html", context)
    if not stop:
        messages.success(
            request, gettext("You follow this now. New papers appear under “Following”.")
        )
    return back(request, reverse("following"))


@require_POST
@login_required
def seen(request: HttpRequest) -> HttpResponse:
    """The member has looked at everything that the page showed."""
    until = parse_datetime(request.POST.get("until", "")[:40])
    if until is not None and until.tzinfo is not None:
        follows.look(signed_in(request.user), until)
    return HttpResponseRedirect(reverse("following"))


@require_POST
@login_required
def settings(request: HttpRequest) -> HttpResponse:
    """How often mail comes; a new address of the feed."""
    subscription = follows.subscription_of(signed_in(request.user))
    if request.POST.get("new_feed") == "1":
        subscription.feed_token = unguessable()
        subscription.save(update_fields=["feed_token"])
        messages.success(request, gettext("The feed has a new address; the old one is dead."))
    wanted = request.POST.get("digest", "")
    if wanted in Subscription.Digest.values and wanted != subscription.digest:
        subscription.digest = wanted
        if wanted != Subscription.Digest.NEVER:
            subscription.told_until = follows.safe_moment()
        subscription.save(update_fields=["digest", "told_until"])
        messages.success(
            request,
            gettext("Mail: {get_digest_display}.").format(
                get_digest_display=subscription.get_digest_display()
            ),
        )
    return HttpResponseRedirect(reverse("following"))


@csrf_exempt  # mail programs post here without a session (RFC 8058); the token is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """No more digests: asked on GET, done on POST."""
    if not Subscription.objects.filter(mail_token=token).exists():
        raise Http404(gettext("This address for ending mails is not known."))
    if request.method == "POST":
        digests.unsubscribe(token)
    return render(request, "following/unsubscribe.html", {"done": request.method == "POST"})
