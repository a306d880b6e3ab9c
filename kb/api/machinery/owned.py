"""What addresses of one's own rows share: signed in, checked bodies, refusals as problems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request

from accounts.roles import NotPossible
from kb.api.machinery.errors import Refused
from kb.api.machinery.views import SIGNED_IN, ListView
from papers.models import Paper

T = TypeVar("T")


class OwnList(ListView):
    """A list of one's own rows."""

    http_method_names = ["get", "head", "options", "post"]
    permission_classes = SIGNED_IN  # type: ignore[assignment]


def checked(serializer: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """The body's known fields; everything else in it is ignored."""
    read = serializer(data=request.data)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)


def done(act: Callable[[], T]) -> T:
    """What `act` gives; its refusal as a problem."""
    try:
        return act()
    except NotPossible as error:
        raise Refused(str(error)) from error


def own_paper(request: Request, key: str) -> Paper:
    """A paper that this reader may see, or 404."""
    paper = Paper.objects.visible_to(request.user).filter(key=key).first()
    if paper is None:
        raise Http404(f"There is no paper “{key[:100]}”.")
    return paper
