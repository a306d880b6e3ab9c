"""Rows of the ledger for curators: numbers are confirmed and corrected here, never judged."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from reproductions.ledger.load import JUDGED_BY, read_printed
from reproductions.models import Claim, Disagreement, DisagreementPart, PublishedNumber, Run
from reproductions.runs.rejudging import judge_again


class NumberForm(forms.ModelForm):
    """The printed digits are edited; the value follows from them."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "printed" in cleaned:
            self.instance.printed = cleaned["printed"]
            try:
                read_printed(self.instance)
            except ValueError as error:
                self.add_error("printed", str(error))
        return cleaned


@admin.register(PublishedNumber)
class PublishedNumberAdmin(admin.ModelAdmin):
    form = NumberForm
    list_display = ("setting", "paper", "metric", "printed", "unit", "confirmed", "state")
    list_filter = ("confirmed", "state", "needs", "metric")
    search_fields = ("setting", "paper__title", "paper__key")
    raw_id_fields = ("paper",)
    list_select_related = ("paper",)
    exclude = ("value", "decimals")
    readonly_fields = ("slug", "state", "scale", "convention", "judgement")

    def save_model(
        self, request: HttpRequest, obj: PublishedNumber, form: forms.ModelForm, change: bool
    ) -> None:
        """Save, and let the verdicts follow what is printed now."""
        super().save_model(request, obj, form, change)
        if change and set(form.changed_data) & set(JUDGED_BY):
            count = judge_again([obj.pk])
            self.message_user(request, f"{count} runs were judged again by what is printed now.")

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False  # withdrawn, not deleted


class PartInline(admin.TabularInline):
    model = DisagreementPart
    raw_id_fields = ("number",)
    extra = 0


@admin.register(Disagreement)
class DisagreementAdmin(admin.ModelAdmin):
    list_display = ("title", "kind")
    inlines = (PartInline,)


class ReadOnly(admin.ModelAdmin):
    """What runs and manifests write is looked at, not edited."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Run)
class RunAdmin(ReadOnly):
    list_display = ("id", "program", "scale", "seed", "device", "state", "origin", "finished_at")
    list_filter = ("state", "origin", "program", "scale")


@admin.register(Claim)
class ClaimAdmin(ReadOnly):
    list_display = ("program", "identifier", "metric", "scale", "convention")
    list_filter = ("program", "scale")
    search_fields = ("identifier", "statement")
