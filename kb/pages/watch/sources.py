"""The sources that are watched: how each is doing, and making and changing them, for curators."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.words import Words
from kb.pages.deciding import curator_of
from kb.templatetags.saying import named
from papers.models import Source, SourceAnswer
from papers.watch import making
from papers.watch.protocols import PROTOCOLS
from taxonomy.models import Topic

ANSWERS = 30


class TopicField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Topics by their names in the language of the page."""

    def label_from_instance(self, topic: Topic) -> str:
        return str(named(topic))


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is asked, where, how often."""

    topic = TopicField(
        Topic.objects.order_by("path"),
        label=Words("Topic"),
        required=False,
        empty_label=Words("no topic of its own"),
    )
    address = forms.URLField(
        label=Words("Address, where it is not the usual one"),
        required=False,
        max_length=500,
        assume_scheme="https",
    )
    every_minutes = forms.IntegerField(
        label=Words("Asked every so many minutes"),
        min_value=making.SHORTEST_RHYTHM,
        max_value=making.LONGEST_RHYTHM,
        initial=1440,
    )

    class Meta:
        model = Source
        fields = ("name", "kind", "query", "address", "topic", "every_minutes", "is_on")
        labels = {
            "name": Words("Name"),
            "kind": Words("Kind"),
            "query": Words("Query"),
            "is_on": Words("Switched on"),
        }

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        protocol = PROTOCOLS.get(str(cleaned.get("kind", "")))
        if protocol is None:
            return cleaned
        address = str(cleaned.get("address") or "")
        wrong = making.faults(str(cleaned["kind"]), str(cleaned.get("query", "")), address)
        for field, fault in wrong.items():
            if field not in self.errors:
                self.add_error(field, str(fault))
        return cleaned


@dataclass(frozen=True)
class Kind:
    """A kind of source, for the table of what its query means."""

    label: str
    query_label: str
    example: str
    needs_key: str


@require_safe
@never_cache
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Every source with its last success, what came, and why it failed."""
    curator_of(request)
    sources = list(Source.objects.select_related("topic").order_by("-is_on", "name")[:200])
    newest = SourceAnswer.objects.filter(source__in=sources).order_by("source_id", "-at", "-pk")
    last = {answer.source_id: answer for answer in newest.distinct("source_id")}
    context = {
        "section": "desk",
        "sources": [(source, last.get(source.pk)) for source in sources],
        "is_watching": settings.KB_WATCH,
    }
    return render(request, "watch/sources.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """A source that is not here yet."""
    curator = curator_of(request)
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        source = form.save(commit=False)
        source.slug, source.made_by = making.free_slug(source.name), curator
        source.save()
        messages.success(request, gettext("{name} is watched.").format(name=source.name))
        return HttpResponseRedirect(source.get_absolute_url())
    return render(request, "watch/new_source.html", _form_context(form))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One source: its answers, and the form that changes it."""
    curator_of(request)
    source = get_object_or_404(Source.objects.select_related("topic"), slug=slug)
    form = SourceForm(request.POST or None, instance=source)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in form.Meta.fields}
        making.change(source, values, form.changed_data)
        messages.success(request, gettext("Saved."))
        return HttpResponseRedirect(source.get_absolute_url())
    context = _form_context(form) | {
        "source": Source.objects.get(pk=source.pk),
        "answers": source.answers.all()[:ANSWERS],
        "waiting": source.finds.waiting().count(),
        "is_watching": settings.KB_WATCH,
    }
    return render(request, "watch/source.html", context)


@require_POST
@login_required
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Have it asked now, its time come or not."""
    curator_of(request)
    source = get_object_or_404(Source, slug=slug)
    if making.ask_now(source):
        messages.success(request, gettext("It is asked; what came stands here in a moment."))
    else:
        messages.warning(request, gettext("It is switched off: switch it on to have it asked."))
    return HttpResponseRedirect(source.get_absolute_url())


def _form_context(form: SourceForm) -> dict[str, object]:
    kinds = [
        Kind(label, protocol.query_label, protocol.query_example, protocol.needs_key)
        for value, label in Source.Kind.choices
        if (protocol := PROTOCOLS[value])
    ]
    return {"section": "desk", "form": form, "kinds": kinds, "back": reverse("sources")}
