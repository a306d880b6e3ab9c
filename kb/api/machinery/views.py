"""What all resources of the API share: checked parameters, selected fields, ETags, headers."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.generics import GenericAPIView
from rest_framework.metadata import SimpleMetadata
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.versioning import AcceptHeaderVersioning
from rest_framework.views import APIView

from kb.api.machinery import parameters
from kb.api.machinery.errors import InvalidParameters, ParameterError
from kb.api.machinery.idempotency import once
from kb.api.machinery.paging import PARAMETERS as PAGING
from kb.api.machinery.paging import Order, Page, page_of
from kb.api.machinery.parameters import Parameter, did_you_mean
from kb.api.machinery.renderers import CsvRenderer, NdjsonRenderer
from kb.api.machinery.schema import PageSchema, ReadSchema
from kb.api.machinery.tokens_auth import check_scope

SELECT = Parameter(
    "select", "Fields to answer with, commas between. Default: all of them.", many=True
)
SIGNED_IN = (IsAuthenticated,)
_ON_304 = ("Link", "Access-Control-Allow-Origin", "Access-Control-Expose-Headers")
_EXPOSED = (
    "ETag, Idempotency-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After,"
    " Content-Location, WWW-Authenticate"
)


class Description(SimpleMetadata):
    """The answer to OPTIONS: name and formats. What can be sent stands in the OpenAPI document."""

    def determine_actions(self, request: Request, view: Any) -> dict[str, Any]:
        """None: finding out would take an object, which our views look up by themselves."""
        return {}


class Conditional(APIView):
    """Strong ETags with 304, rate headers, and readability for scripts of other sites.

    Also for every address: the scopes of tokens, and POSTs that may be repeated.
    """

    metadata_class = Description
    versioning_class = AcceptHeaderVersioning
    scope: ClassVar[str] = "contribute"  # what a token needs to change something here
    repeats_by_itself: ClassVar[bool] = False
    needs_match: ClassVar[bool] = True  # whether its PUT, PATCH and DELETE ask for If-Match

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        check_scope(request, self.scope)
        handler = getattr(self, "post", None)
        if request.method == "POST" and handler and not self.repeats_by_itself:
            self.post = once(request, handler)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        personal = _is_personal(request)
        response.headers.setdefault("Cache-Control", f"{'private, ' * personal}no-cache")
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = _EXPOSED
        patch_vary_headers(response, ["Accept", "Authorization", "Cookie"])
        if isinstance(response, Response):
            response.add_post_render_callback(lambda done: _conditional(request, done))
        return response


def _is_personal(request: Request) -> bool:
    """Whether the answer is an account's own. A token that is no good was refused before."""
    try:
        return bool(request.user and request.user.is_authenticated)
    except APIException:
        return False


class ReadView(Conditional, GenericAPIView):
    """A GET address. Subclasses declare `parameters`; anything else in a query is an error."""

    http_method_names = ["get", "head", "options"]
    permission_classes = (AllowAny,)  # what a reader may see is decided by visible_to()
    schema = ReadSchema()
    parameters: ClassVar[Sequence[Parameter]] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.given = parameters.read(request.query_params, self.all_parameters())

    def all_parameters(self) -> Sequence[Parameter]:
        """Declared parameters and those that every address of this kind takes."""
        return (*self.parameters, SELECT)

    def serialized(self, rows: object, *, many: bool) -> Any:
        """`rows` as JSON values, with the fields that `select` names."""
        serializer: Any = self.get_serializer(rows, many=many)
        select_fields(serializer.child if many else serializer, self.given.get("select", []))
        return serializer.data


class StepView(ReadView):
    """An address that is only posted to, by whoever is signed in: a step, a decision."""

    http_method_names = ["post", "options"]
    permission_classes = SIGNED_IN  # type: ignore[assignment]


class PageView(ReadView):
    """A page of rows, which subclasses find by themselves."""

    is_list = True
    pagination_class = PageSchema
    renderer_classes = (JSONRenderer, NdjsonRenderer, CsvRenderer)

    def all_parameters(self) -> Sequence[Parameter]:
        return (*super().all_parameters(), *PAGING)

    def answer(self, page: Page, **extra: Any) -> Response:
        """{"results": […], "next": address or null}, with `count` if asked for."""
        address = self._next_address(page.next_cursor)
        body = {"results": self.serialized(page.rows, many=True), "next": address}
        if page.count is not None:
            body["count"] = page.count
        headers = {"Link": f'<{address}>; rel="next"'} if address else {}
        return Response(body | extra, headers=headers)

    def made(self, row: object, name: str, *args: Any, is_new: bool = True) -> Response:
        """The row and where it is: 201, or 200 when it was there before."""
        address = self.request.build_absolute_uri(reverse(f"api:{name}", args=args))
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(self.serialized(row, many=False), code, headers={"Location": address})

    def _next_address(self, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        query = self.request.query_params.copy()
        query["cursor"] = cursor
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")


class ListView(PageView, ABC):
    """A page of rows of the database. Subclasses give `rows()` and may choose among orders."""

    order: ClassVar[Order]

    @abstractmethod
    def rows(self) -> QuerySet[Any]:
        """All rows that the checked parameters ask for and the user may see."""

    def get(self, request: Request) -> Response:
        return self.answer(page_of(self.rows(), self.order, self.given))


def select_fields(serializer: Serializer, selected: list[str]) -> None:
    """Leave only the selected fields. Raises InvalidParameters for unknown ones."""
    if not selected:
        return
    unknown = [name for name in selected if name not in serializer.fields]
    if unknown:
        known = list(serializer.fields)
        raise InvalidParameters(
            [
                ParameterError(
                    "select",
                    "unknown_field",
                    f"select: there is no field “{name[:60]}”. {did_you_mean(name, known)}",
                )
                for name in unknown
            ]
        )
    for name in set(serializer.fields) - set(selected):
        serializer.fields.pop(name)


def etag_of(request: Request, body: object) -> str:
    """The ETag that a GET answering with `body` carries."""
    rendered: Any = request.accepted_renderer.render(body, request.accepted_media_type, {})
    return _etag(rendered)


def _etag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _conditional(request: Request, response: HttpResponse) -> HttpResponse:
    """A strong ETag over the bytes, 304 for whoever has them, and the rate headers on both."""
    if response.status_code == 200 and request.method in ("GET", "HEAD"):
        etag = _etag(response.content)
        response.headers["ETag"] = etag
        kept = {name: response.headers[name] for name in _ON_304 if name in response.headers}
        response = (
            get_conditional_response(request._request, etag=etag, response=response) or response
        )
        _add_headers(response, kept)
    allowance = getattr(request._request, "rate_allowance", None)
    if allowance:
        _add_headers(response, allowance.headers)
    return response


def _add_headers(response: HttpResponse, headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        response.headers[name] = value
