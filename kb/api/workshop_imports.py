"""/workshops/{slug}/imports/: files and texts taken into a workshop, looked at before."""

from __future__ import annotations

from typing import Any

from django.urls import path
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.fields import empty
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import signed_in
from community.workshops import taking_in
from kb.api.machinery.owned import done
from kb.api.machinery.parsers import CleanJSONParser
from kb.api.machinery.views import StepView
from kb.api.workshop_blocks import own_workshop
from papers.importers.workshop_files.report import as_json, from_kept
from papers.importers.workshop_files.writing import PARTS


class _Flag(serializers.BooleanField):
    """A boolean whose default also holds for forms, where what is not ticked is not sent."""

    default_empty_html = empty


class WorkshopImportRequest(serializers.Serializer):
    """Files as `files` of a form, or `text` with the `name` of a file; `dry_run` keeps nothing."""

    text = serializers.CharField(required=False, max_length=taking_in.MOST_BYTES)
    name = serializers.CharField(default="pasted.txt", max_length=120)
    dry_run = _Flag(default=True)
    parts = serializers.MultipleChoiceField(choices=PARTS, required=False)
    drafts = serializers.ListField(
        child=serializers.IntegerField(), required=False, help_text="Places of comments to keep."
    )
    theirs = serializers.ListField(
        child=serializers.CharField(max_length=16),
        required=False,
        help_text="Keys of conflicts, from `changes`, in which the files win.",
    )


class WorkshopImportReport(serializers.Serializer):
    """What was read, what would change or changed, and what was left out and why."""

    slug = serializers.CharField()
    details: Any = serializers.DictField()
    people: Any = serializers.DictField(help_text="Lists by role.")
    papers = serializers.ListField(child=serializers.DictField())
    talks = serializers.ListField(child=serializers.DictField())
    dates = serializers.ListField(child=serializers.DictField())
    news = serializers.ListField(child=serializers.DictField())
    sponsors = serializers.ListField(child=serializers.DictField())
    drafts = serializers.ListField(child=serializers.DictField(), help_text="Comments.")
    told = serializers.ListField(child=serializers.DictField(), help_text="file, line, text, why")
    changes = serializers.ListField(
        child=serializers.DictField(),
        help_text="part, status, shown, fields; of a conflict its key, and here and there by field",
    )


class WorkshopImports(StepView):
    """POST reads files into a workshop that you organise; what is kept are drafts."""

    parser_classes = (MultiPartParser, CleanJSONParser)
    serializer_class = WorkshopImportReport

    @extend_schema(
        request={
            "multipart/form-data": {
                "type": "object",
                "properties": {
                    "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                    "dry_run": {"type": "boolean", "default": True},
                    "parts": {"type": "array", "items": {"type": "string", "enum": list(PARTS)}},
                },
            },
            "application/json": WorkshopImportRequest,
        },
        responses={200: OpenApiResponse(WorkshopImportReport, description="Read.")},
    )
    def post(self, request: Request, slug: str) -> Response:
        workshop = own_workshop(request, slug)
        body = WorkshopImportRequest(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        files = {str(file.name): file.read() for file in request.FILES.getlist("files")}
        if text := given.get("text"):
            files[given["name"]] = text.encode()
        by = signed_in(request.user)
        if given["dry_run"]:
            looked = done(lambda: taking_in.looked_at(workshop, taking_in.read_sent(files)))
            read, changes = looked.read, looked.changes
        else:
            sent = done(lambda: taking_in.start(workshop, files, by=by))
            parts, drafts = given.get("parts") or PARTS, given.get("drafts") or ()
            theirs = set(given.get("theirs") or ())
            changes = done(
                lambda: taking_in.take(sent, by=by, parts=parts, drafts=drafts, theirs=theirs)
            )
            read = from_kept(sent.read)
        return Response(as_json(workshop.slug, read, changes), status.HTTP_200_OK)


urlpatterns = [
    path("workshops/<slug:slug>/imports/", WorkshopImports.as_view(), name="workshop-imports"),
]
