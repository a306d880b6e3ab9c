"""/documents/: sending PDFs, and what became of them."""

from __future__ import annotations

import hashlib
import io
import re
from http import HTTPStatus
from typing import IO, Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.roles import is_member, signed_in
from kb.api.machinery.idempotency import answer_once, key_of
from kb.api.machinery.links import address_of
from kb.api.machinery.paging import Order
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.views import ListView, ReadView
from kb.pages.uploads.limits import cap_uploads
from papers.ingest.receive import (
    DailyLimitReached,
    Refused,
    largest_bytes,
    receive,
    too_large,
)
from papers.models import Document, Paper, Upload

_WAIT_SECONDS = 2
NEWEST = Order("-received", ("-received_at", "pk"))
STATE = Parameter("state", "Only documents in this state.", choices=tuple(Document.State.values))


class PdfParser(BaseParser):
    """The bare PDF as body; its name comes from Content-Disposition."""

    media_type = "application/pdf"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        limit = largest_bytes()
        content = stream.read(limit + 1)
        if len(content) > limit:
            raise Unprocessable(too_large(), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return io.BytesIO(content)


class Unprocessable(exceptions.APIException):
    """The bytes were not taken in; the detail says why."""

    def __init__(self, reason: Refused, status: int = HTTPStatus.UNPROCESSABLE_ENTITY) -> None:
        self.status_code = status
        super().__init__(str(reason), code=reason.code)


class Waits(Unprocessable):
    """The account has sent enough for a day; `wait` becomes Retry-After."""

    def __init__(self, reason: DailyLimitReached) -> None:
        super().__init__(reason, HTTPStatus.TOO_MANY_REQUESTS)
        self.wait = reason.seconds


class SignedIn(BasePermission):
    """Every account may send documents and see its own."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return is_member(request.user)


class DocumentPaper(serializers.Serializer):
    """The paper that a document became."""

    key = serializers.CharField()
    title = serializers.CharField()
    api_url = serializers.SerializerMethodField()

    def get_api_url(self, paper: Paper) -> str:
        return address_of(self, reverse("api:paper", args=[paper.key]))


class DocumentSerializer(serializers.ModelSerializer[Document]):
    """A document: `state` says where it is, `outcome` how reading ended, `message` what to do.

    With the `effect` "waiting" or "offered" it waits for a curator (see `/waiting/`). `licence` is
    the sender's word until it is confirmed; only then is the file handed out to others.
    """

    licence_confirmed = serializers.SerializerMethodField()
    api_url = serializers.SerializerMethodField()
    paper = DocumentPaper(allow_null=True)
    warnings = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Document
        fields = (
            "id",
            "api_url",
            "sha256",
            "size_bytes",
            "name",
            "licence",
            "licence_confirmed",
            "state",
            "outcome",
            "message",
            "warnings",
            "effect",
            "matched_by",
            "paper",
            "received_at",
            "finished_at",
        )

    def get_licence_confirmed(self, document: Document) -> bool:
        return bool(document.licence) and document.licence_confirmed_at is not None

    def get_api_url(self, document: Document) -> str:
        return address_of(self, reverse("api:document", args=[document.pk]))


class DocumentList(ListView):
    """Documents that you sent (curators: all), newest first; POST sends one.

    POST takes `multipart/form-data` with the field `file` (and `licence`), or a bare
    `application/pdf`. It answers 202 with the document; the same bytes always give the same
    document. With `Idempotency-Key` a repeated request gets the first answer again for 24 hours;
    the same key with other bytes or another licence is refused with 422.
    """

    http_method_names = ["get", "head", "options", "post"]
    repeats_by_itself = True
    permission_classes = (SignedIn,)  # type: ignore[assignment]
    parser_classes = (MultiPartParser, PdfParser)
    serializer_class = DocumentSerializer
    parameters: ClassVar = (STATE,)
    order = NEWEST

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        self.watch = cap_uploads(request, largest_bytes())
        return super().initialize_request(request, *args, **kwargs)

    def rows(self) -> QuerySet[Document]:
        documents = Document.objects.visible_to(self.request.user).select_related("paper")
        state = self.given.get("state")
        return documents.filter(state=state) if state else documents

    @extend_schema(
        request={
            "multipart/form-data": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "licence": {"type": "string", "enum": list(Document.Licence.values)},
                },
            },
            "application/pdf": {"type": "string", "format": "binary"},
        },
        responses={202: OpenApiResponse(DocumentSerializer, description="Taken in.")},
    )
    def post(self, request: Request) -> Response:
        key = key_of(request)
        content, name, licence = self._content(request)

        def take() -> Response:
            return self._take(request, content, name, licence)

        try:
            if key:
                digest = _digest(content, licence)
                response = answer_once(request, key, digest, take, waits=True)
            else:
                response = take()
        except DailyLimitReached as reason:
            raise Waits(reason) from reason
        except Refused as reason:
            raise Unprocessable(reason) from reason
        response["Retry-After"] = str(_WAIT_SECONDS)
        return response

    def _take(self, request: Request, content: IO[bytes], name: str, licence: str) -> Response:
        received = receive(
            content, name=name, by=signed_in(request.user), via=Upload.Via.API, licence=licence
        )
        body = DocumentSerializer(received.document, context=self.get_serializer_context()).data
        return Response(body, HTTPStatus.ACCEPTED, headers={"Location": body["api_url"]})

    def _content(self, request: Request) -> tuple[IO[bytes], str, str]:
        """Bytes, file name and licence, from either kind of body."""
        if isinstance(request.data, io.BytesIO):
            disposition = request.headers.get("Content-Disposition", "")
            named = re.search(r'filename="?([^";]+)"?', disposition)
            return request.data, named[1] if named else "", ""
        if self.watch.refused:
            raise Unprocessable(too_large(), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        file = request.FILES.get("file")
        if file is None:
            raise exceptions.ParseError(
                "Send the PDF as the form field “file”, or as the body with type application/pdf."
            )
        licence = str(request.data.get("licence", ""))  # type: ignore[union-attr]
        if licence not in Document.Licence.values:
            known = ", ".join(value for value in Document.Licence.values if value)
            raise exceptions.ParseError(f"licence: one of {known}, or nothing.")
        return file.file, file.name or "", licence


def _digest(content: IO[bytes], licence: str) -> str:
    """What makes two uploads the same: the file and its licence, in whatever kind of body."""
    content.seek(0)
    file = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
    return hashlib.sha256(f"document {file} {licence}".encode()).hexdigest()


class DocumentDetail(ReadView):
    """One document that you sent; curators see all. `Retry-After` stands while it is at work."""

    permission_classes = (SignedIn,)  # type: ignore[assignment]
    serializer_class = DocumentSerializer

    def get(self, request: Request, pk: int) -> Response:
        visible = Document.objects.visible_to(request.user).select_related("paper")
        document = visible.filter(pk=pk).first()
        if document is None:
            raise exceptions.NotFound("You have no document with this number.")
        headers = {"Retry-After": str(_WAIT_SECONDS)} if document.is_active else {}
        return Response(self.serialized(document, many=False), headers=headers)


urlpatterns = [
    path("documents/", DocumentList.as_view(), name="documents"),
    path("documents/<int:pk>/", DocumentDetail.as_view(), name="document"),
]
