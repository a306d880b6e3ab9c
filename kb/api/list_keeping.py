"""/public-lists/{slug}/…: what keepers write, what members propose, and the reading log."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, permissions, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import signed_in
from community.models import (
    ListPlacement,
    ListSection,
    ListSuggestion,
    PublicList,
    ReadingSession,
)
from community.public_lists import editing, sessions, suggestions
from community.public_lists.naming import named_paper
from community.public_lists.rights import may_edit
from kb.api.list_shapes import (
    ListDecision,
    ListWords,
    NewPlacement,
    NewSession,
    NewSuggestion,
    PlacementWords,
    SectionWords,
    SessionSerializer,
    SessionWords,
    SuggestionSerializer,
)
from kb.api.machinery.if_match import require_match
from kb.api.machinery.owned import OwnList, checked, done
from kb.api.machinery.paging import Order
from kb.api.machinery.views import SIGNED_IN, ReadView
from kb.api.public_lists import (
    ListPlacementSerializer,
    Placements,
    PublicListDetail,
    SectionSerializer,
    the_list,
)

_WRITABLE = ["get", "head", "options", "patch", "delete"]
_OR_READ = (permissions.IsAuthenticatedOrReadOnly,)


def kept_list(request: Request, slug: str) -> PublicList:
    """The list, locked, if you keep it; 404 for lists that you do not see, else 403."""
    chosen = the_list(request, slug)
    if not may_edit(chosen, request.user):
        raise exceptions.PermissionDenied("Only the keepers of this list change it.")
    PublicList.objects.select_for_update().get(pk=chosen.pk)
    return chosen


def _section(chosen: PublicList, pk: int | None) -> ListSection | None:
    if pk is None:
        return None
    section = chosen.sections.filter(pk=pk).first()
    if section is None:
        raise Http404(f"The list has no section {pk}.")
    return section


class KeptList(PublicListDetail):
    """One public list with its sections. PATCH changes its words, for its keepers."""

    http_method_names = ["get", "head", "options", "patch"]
    permission_classes = _OR_READ  # type: ignore[assignment]

    @extend_schema(request=ListWords)
    @transaction.atomic
    def patch(self, request: Request, slug: str) -> Response:
        """Change titles, introduction, licence or order."""
        chosen = kept_list(request, slug)
        require_match(self, request, chosen)
        by = signed_in(request.user)
        done(lambda: editing.change_list(chosen, by=by, **checked(ListWords, request)))
        return Response(self.serialized(the_list(request, slug), many=False))


class Sections(OwnList):
    """The sections of a public list. POST adds one, for its keepers."""

    permission_classes = _OR_READ  # type: ignore[assignment]
    serializer_class = SectionSerializer
    order = Order("position", ("position", "pk"))

    def rows(self) -> QuerySet[ListSection]:
        return ListSection.objects.filter(public_list=the_list(self.request, self.kwargs["slug"]))

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request)

    @extend_schema(request=SectionWords, responses={201: SectionSerializer})
    @transaction.atomic
    def post(self, request: Request, slug: str) -> Response:
        """Add a section at the end of its siblings."""
        chosen, given = kept_list(request, slug), checked(SectionWords, request)
        given["parent"] = _section(chosen, given.pop("parent", None))
        made = done(lambda: editing.add_section(chosen, by=signed_in(request.user), **given))
        return self.made(made, "public-list-section", slug, made.pk)


class SectionDetail(ReadView):
    """One section. Keepers PATCH its words and place; DELETE takes it out with all in it."""

    http_method_names = _WRITABLE
    permission_classes = _OR_READ  # type: ignore[assignment]
    serializer_class = SectionSerializer

    def get(self, request: Request, slug: str, pk: int) -> Response:
        return Response(self.serialized(_section(the_list(request, slug), pk), many=False))

    @extend_schema(request=SectionWords(partial=True), responses={200: SectionSerializer})
    @transaction.atomic
    def patch(self, request: Request, slug: str, pk: int) -> Response:
        """Change titles, introduction, column or the section that it lies in."""
        chosen = kept_list(request, slug)
        section = _kept_section(chosen, pk)
        require_match(self, request, section)
        read = SectionWords(data=request.data, partial=True)
        read.is_valid(raise_exception=True)
        given = dict(read.validated_data)
        if "parent" in given:
            given["parent"] = _section(chosen, given["parent"])
        done(lambda: editing.change_section(section, by=signed_in(request.user), **given))
        return Response(self.serialized(_kept_section(chosen, pk), many=False))

    @transaction.atomic
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        """Take it out; the history can bring it back."""
        section = _kept_section(kept_list(request, slug), pk)
        require_match(self, request, section)
        done(lambda: editing.remove_section(section, by=signed_in(request.user)))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _kept_section(chosen: PublicList, pk: int) -> ListSection:
    section = _section(chosen, pk)
    if section is None:
        raise Http404(f"The list has no section {pk}.")
    return section


class KeptPlacements(Placements):
    """The entries of a public list, in order. POST adds one, for its keepers."""

    http_method_names = ["get", "head", "options", "post"]
    permission_classes = _OR_READ  # type: ignore[assignment]

    @extend_schema(request=NewPlacement, responses={201: ListPlacementSerializer})
    @transaction.atomic
    def post(self, request: Request, slug: str) -> Response:
        """Put a paper at the end of a section; what is there already stays where it is."""
        chosen, given = kept_list(request, slug), checked(NewPlacement, request)
        by, section = signed_in(request.user), _section(chosen, given.pop("section"))
        paper, printed = done(lambda: named_paper(given.pop("text"), by))
        values = printed | given
        made = done(
            lambda: editing.add_entry(chosen, by=by, section=section, paper=paper, **values)
        )
        address = request.build_absolute_uri(f"{made.pk}/")
        body = self.serialized(made, many=False)
        return Response(body, status.HTTP_201_CREATED, headers={"Location": address})


class PlacementDetail(ReadView):
    """One entry. Keepers PATCH its words and place; DELETE takes it out."""

    http_method_names = _WRITABLE
    permission_classes = _OR_READ  # type: ignore[assignment]
    serializer_class = ListPlacementSerializer

    def get(self, request: Request, slug: str, pk: int) -> Response:
        entry = self._entry(request, the_list(request, slug), pk)
        return Response(self.serialized(entry, many=False))

    def _entry(self, request: Request, chosen: PublicList, pk: int) -> ListPlacement:
        rows = chosen.placements.visible_to(request.user).select_related("paper")
        entry = rows.filter(pk=pk).first()
        if entry is None:
            raise Http404(f"The list has no entry {pk}.")
        return entry

    @extend_schema(request=PlacementWords, responses={200: ListPlacementSerializer})
    @transaction.atomic
    def patch(self, request: Request, slug: str, pk: int) -> Response:
        """Change section, date, focus, notes, or its place among the others."""
        chosen = kept_list(request, slug)
        entry = self._entry(request, chosen, pk)
        require_match(self, request, entry)
        given, by = checked(PlacementWords, request), signed_in(request.user)
        moves, before = "before" in given, given.pop("before", None)
        if "section" in given:
            given["section"] = _section(chosen, given["section"])
        if "date" in given:
            given["date_text"] = given.pop("date")
        if given:
            done(lambda: editing.change_entry(entry, by=by, **given))
        if moves:
            entry.refresh_from_db()
            done(lambda: editing.place_entry(entry, before=before, by=by))
        return Response(self.serialized(self._entry(request, chosen, pk), many=False))

    @transaction.atomic
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        """Take it out; the history can bring it back."""
        entry = self._entry(request, kept_list(request, slug), pk)
        require_match(self, request, entry)
        done(lambda: editing.remove_entry(entry, by=signed_in(request.user)))
        return Response(status=status.HTTP_204_NO_CONTENT)


class Suggestions(OwnList):
    """What waits for the keepers, for them; for others their own suggestions. POST adds one."""

    serializer_class = SuggestionSerializer
    order = Order("made", ("made_at", "pk"))

    def rows(self) -> QuerySet[ListSuggestion]:
        chosen = the_list(self.request, self.kwargs["slug"])
        return suggestions.suggestions_for(chosen, self.request.user)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request)

    @extend_schema(request=NewSuggestion, responses={201: SuggestionSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Suggest a paper; the keepers decide, and you are told by mail."""
        chosen, given = the_list(request, slug), checked(NewSuggestion, request)
        given["section"] = _section(chosen, given["section"])
        made = done(lambda: suggestions.suggest(chosen, by=signed_in(request.user), **given))
        return self.made(made, "public-list-suggestion", slug, made.pk)


class SuggestionDetail(ReadView):
    """One suggestion, for its author and the keepers. POST decides about it, for keepers."""

    http_method_names = ["get", "head", "options", "post"]
    permission_classes = SIGNED_IN  # type: ignore[assignment]
    serializer_class = SuggestionSerializer

    def get(self, request: Request, slug: str, pk: int) -> Response:
        chosen = the_list(request, slug)
        row = chosen.suggestions.filter(pk=pk).first()
        if row is None or (row.by_id != request.user.pk and not may_edit(chosen, request.user)):
            raise Http404(f"You see no suggestion {pk}.")
        return Response(self.serialized(row, many=False))

    @extend_schema(
        operation_id="public_lists_suggestions_decide",
        request=ListDecision,
        responses={200: SuggestionSerializer},
    )
    @transaction.atomic
    def post(self, request: Request, slug: str, pk: int) -> Response:
        """Take it into the list, or decline it with words."""
        chosen, given = kept_list(request, slug), checked(ListDecision, request)
        row = chosen.suggestions.filter(pk=pk).first()
        if row is None:
            raise Http404(f"The list has no suggestion {pk}.")
        suggestion, by = row, signed_in(request.user)
        if given["decision"] == "take":
            done(lambda: suggestions.take(suggestion, by=by))
        else:
            done(lambda: suggestions.decline(suggestion, by=by, answer=given["answer"]))
        suggestion.refresh_from_db()
        return Response(self.serialized(suggestion, many=False))


class Log(OwnList):
    """The reading log of a public list, the newest day first; `state` tells what waits.

    POST adds to it: at once by keepers, else it waits for one.
    """

    permission_classes = _OR_READ  # type: ignore[assignment]
    serializer_class = SessionSerializer
    order = Order("-date", ("-date", "-pk"))

    def rows(self) -> QuerySet[ReadingSession]:
        return _log_of(self.request, self.kwargs["slug"])

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request)

    @extend_schema(request=NewSession, responses={201: SessionSerializer})
    @transaction.atomic
    def post(self, request: Request, slug: str) -> Response:
        """Write down a session, or propose to."""
        chosen, given = the_list(request, slug), checked(NewSession, request)
        made = done(lambda: sessions.add_session(chosen, by=signed_in(request.user), **given))
        return self.made(made, "public-list-session", slug, made.pk)


class SessionDetail(ReadView):
    """One entry of the log. Keepers PATCH it; DELETE takes it out; POST decides what waits."""

    http_method_names = [*_WRITABLE, "post"]
    permission_classes = _OR_READ  # type: ignore[assignment]
    serializer_class = SessionSerializer

    def get(self, request: Request, slug: str, pk: int) -> Response:
        return Response(self.serialized(self._session(request, slug, pk), many=False))

    def _session(self, request: Request, slug: str, pk: int) -> ReadingSession:
        session = _log_of(request, slug).filter(pk=pk).first()
        if session is None:
            raise Http404(f"The log has no entry {pk}.")
        return session

    @extend_schema(request=SessionWords, responses={200: SessionSerializer})
    @transaction.atomic
    def patch(self, request: Request, slug: str, pk: int) -> Response:
        """Change what is given."""
        kept_list(request, slug)
        session = self._session(request, slug, pk)
        require_match(self, request, session)
        given, by = checked(SessionWords, request), signed_in(request.user)
        done(lambda: sessions.change_session(session, by=by, **given))
        return Response(self.serialized(self._session(request, slug, pk), many=False))

    @transaction.atomic
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        """Take it out; the history can bring it back."""
        kept_list(request, slug)
        session = self._session(request, slug, pk)
        require_match(self, request, session)
        done(lambda: sessions.remove_session(session, by=signed_in(request.user)))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        operation_id="public_lists_log_decide",
        request=ListDecision,
        responses={200: SessionSerializer},
    )
    @transaction.atomic
    def post(self, request: Request, slug: str, pk: int) -> Response:
        """Take what a member proposed into the log, or decline it with words."""
        kept_list(request, slug)
        session, given = self._session(request, slug, pk), checked(ListDecision, request)
        by = signed_in(request.user)
        if given["decision"] == "take":
            done(lambda: sessions.confirm(session, by=by))
        else:
            done(lambda: sessions.decline(session, by=by, answer=given["answer"]))
        session.refresh_from_db()
        return Response(self.serialized(session, many=False))


def _log_of(request: Request, slug: str) -> QuerySet[ReadingSession]:
    """The public log, and what waits as far as this reader may know of it."""
    chosen = the_list(request, slug)
    public = ReadingSession.objects.public(request.user).filter(public_list=chosen).values("pk")
    waiting = sessions.waiting_for(chosen, request.user).values("pk")
    rows = ReadingSession.objects.filter(pk__in=public) | ReadingSession.objects.filter(
        pk__in=waiting
    )
    return rows.select_related("paper", "public_list")


_LIST = "public-lists/<slug:slug>/"
urlpatterns = [
    path(_LIST, KeptList.as_view(), name="public-list"),
    path(f"{_LIST}sections/", Sections.as_view(), name="public-list-sections"),
    path(f"{_LIST}sections/<int:pk>/", SectionDetail.as_view(), name="public-list-section"),
    path(f"{_LIST}entries/", KeptPlacements.as_view(), name="public-list-entries"),
    path(f"{_LIST}entries/<int:pk>/", PlacementDetail.as_view(), name="public-list-entry"),
    path(f"{_LIST}suggestions/", Suggestions.as_view(), name="public-list-suggestions"),
    path(
        f"{_LIST}suggestions/<int:pk>/", SuggestionDetail.as_view(), name="public-list-suggestion"
    ),
    path(f"{_LIST}log/", Log.as_view(), name="public-list-log"),
    path(f"{_LIST}log/<int:pk>/", SessionDetail.as_view(), name="public-list-session"),
]
