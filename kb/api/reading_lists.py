"""/lists/: reading lists and what stands in them."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import signed_in
from community import lists
from community.models import ListEntry, ReadingList
from kb.api.machinery.if_match import require_match
from kb.api.machinery.links import address_of
from kb.api.machinery.owned import OwnList, checked, done, own_paper
from kb.api.machinery.paging import Order
from kb.api.machinery.views import SIGNED_IN, ReadView
from kb.api.timeline import PaperRef
from papers.models import Paper


class ReadingListSerializer(serializers.ModelSerializer[ReadingList]):
    """A reading list. `shared_url` is null while the list is private."""

    shared_url = serializers.SerializerMethodField()

    class Meta:
        model = ReadingList
        fields = (
            "id",
            "name",
            "description",
            "is_shared",
            "shared_url",
            "made_at",
            "changed_at",
        )

    def get_shared_url(self, row: ReadingList) -> str | None:
        return address_of(self, row.shared_address) if row.is_shared else None


class ListChange(serializers.Serializer):
    """What to change of a list; what is left out stays."""

    name = serializers.CharField(max_length=120, required=False)
    description = serializers.CharField(max_length=2000, allow_blank=True, required=False)
    is_shared = serializers.BooleanField(required=False)


class NewList(serializers.Serializer):
    """A list to make. It is private."""

    name = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=2000, allow_blank=True, default="")


class EntrySerializer(serializers.ModelSerializer[ListEntry]):
    """A paper's place in a list."""

    paper = PaperRef()

    class Meta:
        model = ListEntry
        fields = ("paper", "position", "note", "added_at")


class NewEntry(serializers.Serializer):
    """A paper to put at the end of a list."""

    paper = serializers.CharField(max_length=80, help_text="Key of the paper.")
    note = serializers.CharField(max_length=4000, allow_blank=True, default="")


class EntryChange(serializers.Serializer):
    """Another place (from 1) or another note; what is left out stays."""

    position = serializers.IntegerField(min_value=1, max_value=lists.MOST_ENTRIES, required=False)
    note = serializers.CharField(max_length=4000, allow_blank=True, required=False)


class ReadingLists(OwnList):
    """Your reading lists. POST makes one."""

    serializer_class = ReadingListSerializer
    order = Order("name", ("name", "pk"))

    def rows(self) -> QuerySet[ReadingList]:
        return ReadingList.objects.visible_to(self.request.user)

    @extend_schema(request=NewList, responses={201: ReadingListSerializer})
    def post(self, request: Request) -> Response:
        """Make a private list."""
        made = done(lambda: lists.make_list(signed_in(request.user), **checked(NewList, request)))
        return self.made(made, "list", made.pk)


class ReadingListDetail(ReadView):
    """One of your lists. PATCH changes it, DELETE deletes it."""

    http_method_names = ["get", "head", "options", "patch", "delete"]
    permission_classes = SIGNED_IN  # type: ignore[assignment]
    serializer_class = ReadingListSerializer

    def get(self, request: Request, pk: int) -> Response:
        return Response(self.serialized(own_list(request, pk), many=False))

    @extend_schema(request=ListChange, responses={200: ReadingListSerializer})
    @transaction.atomic
    def patch(self, request: Request, pk: int) -> Response:
        """Change name, description, or whether it is shared."""
        chosen = own_list(request, pk, locked=True)
        require_match(self, request, chosen)
        done(lambda: lists.change_list(chosen, **checked(ListChange, request)))
        return Response(self.serialized(chosen, many=False))

    @transaction.atomic
    def delete(self, request: Request, pk: int) -> Response:
        """Delete the list; its papers are not touched."""
        chosen = own_list(request, pk, locked=True)
        require_match(self, request, chosen)
        chosen.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class Entries(OwnList):
    """The papers of one of your lists, in order. POST puts one at the end."""

    serializer_class = EntrySerializer
    order = Order("position", ("position", "pk"))

    def rows(self) -> QuerySet[ListEntry]:
        return entries_of(self.request, self.kwargs["pk"])

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request)

    @extend_schema(request=NewEntry, responses={201: EntrySerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Put a paper at the end; one that is there already stays where it is."""
        wanted = checked(NewEntry, request)
        chosen, paper = own_list(request, pk), own_paper(request, wanted["paper"])
        made = done(lambda: lists.add_paper(chosen, paper, note=wanted["note"]))
        return self.made(made, "list-entry", pk, paper.key)


class EntryDetail(ReadView):
    """A paper in one of your lists. PATCH moves it or writes its note, DELETE takes it out."""

    http_method_names = ["get", "head", "options", "patch", "delete"]
    permission_classes = SIGNED_IN  # type: ignore[assignment]
    serializer_class = EntrySerializer

    def get(self, request: Request, pk: int, key: str) -> Response:
        return Response(self.serialized(self._entry(request, pk, key), many=False))

    @extend_schema(request=EntryChange, responses={200: EntrySerializer})
    @transaction.atomic
    def patch(self, request: Request, pk: int, key: str) -> Response:
        """Move the paper, or write why it is there."""
        own_list(request, pk, locked=True)
        entry = self._entry(request, pk, key)
        require_match(self, request, entry)
        wanted = checked(EntryChange, request)
        if "note" in wanted:
            lists.write_note(entry, wanted["note"])
        if "position" in wanted:
            lists.move_entry(entry, wanted["position"])
        return Response(self.serialized(self._entry(request, pk, key), many=False))

    @transaction.atomic
    def delete(self, request: Request, pk: int, key: str) -> Response:
        """Take the paper out of the list."""
        own_list(request, pk, locked=True)
        entry = self._entry(request, pk, key)
        require_match(self, request, entry)
        lists.remove_entry(entry)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _entry(self, request: Request, pk: int, key: str) -> ListEntry:
        entry = entries_of(request, pk).filter(paper__key=key).first()
        if entry is None:
            raise Http404(f"The list has no paper “{key}”.")
        return entry


def own_list(request: Request, pk: int, *, locked: bool = False) -> ReadingList:
    """One's own list, or 404."""
    rows = ReadingList.objects.visible_to(request.user)
    chosen = (rows.select_for_update() if locked else rows).filter(pk=pk).first()
    if chosen is None:
        raise Http404(f"You have no list {pk}.")
    return chosen


def entries_of(request: Request, pk: int) -> QuerySet[ListEntry]:
    """Entries of one's own list whose papers one may see."""
    visible = Paper.objects.visible_to(request.user)
    entries = ListEntry.objects.filter(reading_list=own_list(request, pk), paper__in=visible)
    return entries.select_related("paper")


urlpatterns = [
    path("lists/", ReadingLists.as_view(), name="lists"),
    path("lists/<int:pk>/", ReadingListDetail.as_view(), name="list"),
    path("lists/<int:pk>/entries/", Entries.as_view(), name="list-entries"),
    path("lists/<int:pk>/entries/<slug:key>/", EntryDetail.as_view(), name="list-entry"),
]
