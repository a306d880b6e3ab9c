"""A member's webhooks: make one, try it, see what became of each delivery, switch it off."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import NotPossible, signed_in
from community.following import webhooks
from community.models import Delivery, Webhook

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """All of them; POST makes one and shows its secret, this once."""
    member = signed_in(request.user)
    address = ""
    if request.method == "POST":
        address = request.POST.get("address", "")[:600]
        try:
            made = webhooks.add(member, address)
        except NotPossible as error:
            messages.warning(request, str(error))
        else:
            return _with_secret(request, made)
    rows = Webhook.objects.filter(user=member)
    context = {"section": "following", "webhooks": rows, "address": address}
    return render(request, "following/webhooks.html", context)


def _with_secret(request: HttpRequest, webhook: Webhook) -> HttpResponse:
    context = {"section": "following", "webhook": webhook, "secret": webhook.secret}
    return render(request, "following/webhook_secret.html", context)


@require_safe
@never_cache
@login_required
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Its last deliveries with what was answered."""
    webhook = _own(request, pk)
    context = {
        "section": "following",
        "webhook": webhook,
        "deliveries": webhook.deliveries.all()[:SHOWN],
        "most": webhooks.MOST_GIVEN_UP,
    }
    return render(request, "following/webhook.html", context)


@require_POST
@never_cache
@login_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch it on or off, try it, give it a new secret, or delete it."""
    webhook, wanted = _own(request, pk), request.POST.get("do", "")
    here = HttpResponseRedirect(reverse("webhook", args=[pk]))
    if wanted == "secret":
        webhooks.new_secret(webhook)
        return _with_secret(request, webhook)
    if wanted == "delete":
        webhook.delete()
        messages.success(request, gettext("The webhook is gone, with its deliveries."))
        return HttpResponseRedirect(reverse("webhooks"))
    if wanted in ("on", "off"):
        webhooks.switch(webhook, on=wanted == "on")
    elif wanted == "test":
        _try(request, lambda: webhooks.send_test(webhook))
    return here


@require_POST
@never_cache
@login_required
def again(request: HttpRequest, pk: int, delivery: int) -> HttpResponse:
    """Send a delivery once more, with the same id."""
    webhook = _own(request, pk)
    row = get_object_or_404(
        Delivery.objects.select_related("webhook"), pk=delivery, webhook=webhook
    )
    _try(request, lambda: webhooks.send_again(row))
    return HttpResponseRedirect(reverse("webhook", args=[pk]))


def _try(request: HttpRequest, act: object) -> None:
    try:
        act()  # type: ignore[operator]
    except NotPossible as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, gettext("It is on its way. Look again in a moment."))


def _own(request: HttpRequest, pk: int) -> Webhook:
    return get_object_or_404(Webhook, pk=pk, user=signed_in(request.user))
