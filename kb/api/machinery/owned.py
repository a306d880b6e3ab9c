"""What addresses of one's own rows share: signed in, checked bodies, refusals as problems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import Http404
from django.urls import reverse
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import NotPossible
from kb.api.account import SIGNED_IN, Refused
from kb.api.machinery.views import ListView
from papers.models import Paper

T = TypeVar("T")


class OwnList(ListView):
    """A list of one's own rows."""

    http_method_names = ["get", "head", "options", "post"]
    permission_classes = SIGNED_IN  # type: ignore[assignment]

    def made(self, row: object, name: str, *args: Any) -> Response:
        """201 with the row and where it is."""
        address = self.request.build_absolute_uri(reverse(f"api:{name}", args=args))
        body = self.serialized(row, many=False)
        return Response(body, status.HTTP_201_CREATED, headers={"Location": address})


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
