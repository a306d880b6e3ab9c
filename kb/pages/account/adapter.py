"""Where accounts lead: after signing in, to the front page in the account's language."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import override


class Accounts(DefaultAccountAdapter):
    """The adapter of django-allauth, with the account's own language."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        language = getattr(request.user, "language", "")
        if not language:
            return str(super().get_login_redirect_url(request))
        with override(language):
            return reverse("home")
