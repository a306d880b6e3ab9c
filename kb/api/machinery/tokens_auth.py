"""`Authorization: Bearer`: who a token speaks for, and how far it reaches (RFC 6750)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.models import ApiToken
from accounts.tokens import token_of

CHALLENGE = 'Bearer realm="api"'


class BearerAuthentication(BaseAuthentication):
    """A token of the account pages. No cookie is involved, so no CSRF token is needed."""

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = token_of(text.strip())
        if token is None:
            raise exceptions.AuthenticationFailed(
                "This token is unknown, expired, revoked, or ended with a password. "
                "Make a new one on your account page."
            )
        return token.user.limited_to(token.scopes), token  # type: ignore[attr-defined]

    def authenticate_header(self, request: Request) -> str:
        given = request.headers.get("Authorization", "").lower().startswith("bearer ")
        return f'{CHALLENGE}, error="invalid_token"' if given else CHALLENGE


class InsufficientScope(exceptions.PermissionDenied):
    """The token is good, but not for this."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"This token lacks the scope “{scope}”.", code="insufficient_scope")
        self.auth_header = f'{CHALLENGE}, error="insufficient_scope", scope="{scope}"'


def check_scope(request: Request, wanted: str = "contribute") -> None:
    """Reading needs `read`, changing needs `wanted`. Sessions have every scope of their role."""
    if not isinstance(request.auth, ApiToken):
        return
    needed = "read" if request.method in SAFE_METHODS else wanted
    if needed not in request.auth.scopes:
        raise InsufficientScope(needed)


class BearerScheme(OpenApiAuthenticationExtension):
    """How OpenAPI calls it."""

    target_class = "kb.api.machinery.tokens_auth.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token from /account/tokens/, with the scopes that it was given.",
        }
