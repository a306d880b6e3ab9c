"""Documents in Django's admin: what failed and why, with retry. Rows are looked at, not edited."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.roles import is_curator
from papers.ingest import pipeline
from papers.models import Document


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin):
    list_display = ("name", "state", "outcome", "message", "attempts", "failures", "finished_at")
    list_filter = ("state", "outcome", "effect")
    search_fields = ("name", "sha256", "paper__title", "paper__key")
    list_select_related = ("paper",)
    date_hierarchy = "received_at"
    actions = ("retry",)

    @admin.action(description="Read the chosen failed documents again", permissions=["view"])
    def retry(self, request: HttpRequest, documents: QuerySet[Document]) -> None:
        """The same retry as on the curators' desk."""
        again = [document.name for document in documents if pipeline.retry(document)]
        message = f"{len(again)} read again: {', '.join(again)}." if again else "None had failed."
        self.message_user(request, message, messages.SUCCESS if again else messages.WARNING)

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return is_curator(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_curator(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # documents come by upload

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False  # nothing is deleted
