"""/workshops/{slug}/blocks/: a workshop part by part, as its organisers edit it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import signed_in
from kb.api.machinery.if_match import require_match
from kb.api.machinery.owned import checked
from kb.api.machinery.schema import PageSchema
from kb.api.machinery.views import SIGNED_IN, ReadView
from kb.api.videos import Unprocessable
from papers.curation.editing import CannotWrite
from papers.curation.workshop_blocks import may_edit, save_block, working_copy
from papers.models import Workshop, WorkshopBlock
from papers.workshops.blocks import BLOCKS, Block


class WorkshopBlockSerializer(serializers.Serializer):
    """A part of a workshop's page as last saved, public or not; `fields` as in the data files."""

    code = serializers.ChoiceField(choices=tuple(BLOCKS))
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=WorkshopBlock.State.choices)
    show_from = serializers.DateTimeField(allow_null=True)
    hide_after = serializers.DateTimeField(allow_null=True)
    fields: Any = serializers.DictField()  # type: ignore[assignment]


class BlockChange(serializers.Serializer):
    """What to save of a part. Fields that are left out stay."""

    fields: Any = serializers.DictField(default=dict)  # type: ignore[assignment]
    state = serializers.ChoiceField(choices=WorkshopBlock.State.choices, default="public")
    show_from = serializers.DateTimeField(required=False, allow_null=True)
    hide_after = serializers.DateTimeField(required=False, allow_null=True)


class WorkshopBlocks(ReadView):
    """Every part of a workshop that you organise, drafts included."""

    permission_classes = SIGNED_IN  # type: ignore[assignment]
    serializer_class = WorkshopBlockSerializer
    pagination_class = PageSchema
    is_list = True

    def get(self, request: Request, slug: str) -> Response:
        workshop = own_workshop(request, slug)
        rows = [_shown(workshop, block) for block in BLOCKS.values()]
        return Response({"results": self.serialized(rows, many=True), "next": None})


class WorkshopBlockDetail(ReadView):
    """One part. PATCH saves it: for everybody, as a draft, or for a moment to come."""

    http_method_names = ["get", "head", "options", "patch"]
    permission_classes = SIGNED_IN  # type: ignore[assignment]
    serializer_class = WorkshopBlockSerializer

    def get(self, request: Request, slug: str, code: str) -> Response:
        shown = _shown(own_workshop(request, slug), _block(code))
        return Response(self.serialized(shown, many=False))

    @extend_schema(request=BlockChange, responses={200: WorkshopBlockSerializer})
    @transaction.atomic
    def patch(self, request: Request, slug: str, code: str) -> Response:
        """Save it; 422 names each field that is not right."""
        workshop, block = own_workshop(request, slug), _block(code)
        Workshop.objects.select_for_update().get(pk=workshop.pk)
        require_match(self, request, _shown(workshop, block))
        given = checked(BlockChange, request)
        if unknown := set(given["fields"]) - set(block.fields):
            raise Unprocessable(dict.fromkeys(unknown, "This part has no such field."))
        if given["state"] == WorkshopBlock.State.SCHEDULED and not given.get("show_from"):
            raise Unprocessable({"show_from": "Say from when on it is shown."})
        try:
            save_block(workshop, block, given.pop("fields"), by=signed_in(request.user), **given)
        except CannotWrite as problem:
            raise Unprocessable(problem.wrong) from problem
        workshop.refresh_from_db()
        return Response(self.serialized(_shown(workshop, block), many=False))


def own_workshop(request: Request, slug: str) -> Workshop:
    """The workshop, if this caller edits it, or 404."""
    workshop = Workshop.objects.visible_to(request.user).filter(slug=slug).first()
    if workshop is None or not may_edit(workshop, request.user):
        raise Http404("There is no workshop of yours with this name.")
    return workshop


def _block(code: str) -> Block:
    if code not in BLOCKS:
        raise Http404(f"Parts of a workshop are {', '.join(BLOCKS)}.")
    return BLOCKS[code]


def _shown(workshop: Workshop, block: Block) -> dict[str, Any]:
    row = WorkshopBlock.objects.filter(workshop=workshop, code=block.code).first()
    fields = working_copy(workshop)
    return {
        "code": block.code,
        "title": block.title,
        "state": row.state if row else WorkshopBlock.State.PUBLIC,
        "show_from": row.show_from if row else None,
        "hide_after": row.hide_after if row else None,
        "fields": {name: fields[name] for name in block.fields},
    }


urlpatterns = [
    path("workshops/<slug:slug>/blocks/", WorkshopBlocks.as_view(), name="workshop-blocks"),
    path(
        "workshops/<slug:slug>/blocks/<slug:code>/",
        WorkshopBlockDetail.as_view(),
        name="workshop-block",
    ),
]
