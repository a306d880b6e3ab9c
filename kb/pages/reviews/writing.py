"""Writing a review: choosing a form, pasting one from OpenReview, drafts, handing in."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import signed_in
from community.models import Review, ReviewDraft, State
from community.moderation import transitions
from community.reviews import forms, pasting, reading, writing
from community.reviews.content import Content, problems
from community.text import cites
from kb.pages.reviews.views import paper_of
from papers.models import Paper

GET_AND_POST = ("GET", "HEAD", "POST")


def _own(request: HttpRequest, pk: int) -> Review:
    """The reader's own review; those of others do not exist here."""
    mine = Review.objects.visible_to(request.user).filter(author=request.user.pk)
    return get_object_or_404(mine.select_related("paper"), pk=pk)


@require_http_methods(GET_AND_POST)
@never_cache
@login_required
def new(request: HttpRequest, key: str) -> HttpResponse:
    """Choose a form; POST begins a draft, or goes on with the one there is."""
    paper, problem = paper_of(request, key), ""
    if request.method == "POST":
        chosen, year = _chosen(request)
        if chosen is None:
            raise Http404(gettext("There is no such form."))
        living = writing.living(paper, chosen, year, signed_in(request.user))
        try:
            review = living or writing.start(paper, chosen, year, by=signed_in(request.user))
            return HttpResponseRedirect(reverse("review-edit", args=[review.pk]))
        except transitions.NotPossible as error:
            problem = str(error)
    context = {
        "section": "papers",
        "paper": paper,
        "forms": list(forms.all_forms().values()),
        "told": problem,
    }
    return render(request, "reviews/new.html", context, status=422 if problem else 200)


def _chosen(request: HttpRequest) -> tuple[forms.Form | None, int]:
    chosen = forms.form(request.POST.get("form", ""))
    year = request.POST.get("year", "0")
    number = int(year) if year.isdecimal() and len(year) <= 4 else 0
    return chosen, number if chosen and chosen.has_years else 0


@require_http_methods(GET_AND_POST)
@never_cache
@login_required
def paste(request: HttpRequest, key: str) -> HttpResponse:
    """Paste a review that stands on OpenReview: recognised, shown, then kept as a draft."""
    paper = paper_of(request, key)
    post = request.POST
    context: dict[str, Any] = {
        "section": "papers",
        "paper": paper,
        "forms": [known for known in forms.all_forms().values() if known.key != forms.HOUSE],
        "text": post.get("text", ""),
        "link": post.get("link", ""),
        "is_public": post.get("is_public") == "1",
        "chosen": post.get("form", ""),
    }
    if request.method == "POST":
        try:
            pasted = pasting.recognise(
                context["text"],
                context["link"],
                paper,
                is_public=context["is_public"],
                form_key=context["chosen"],
            )
            if post.get("action") == "keep":
                return _keep(request, paper, pasted)
            context |= {"found": pasted, "parts": _parts(paper, pasted)}
        except (pasting.NotTaken, transitions.NotPossible) as error:
            context["told"] = str(error)
    status = 422 if "told" in context else 200
    return render(request, "reviews/paste.html", context, status=status)


def _parts(paper: Paper, pasted: pasting.Pasted) -> list[reading.Part]:
    unsaved = Review(paper=paper, form=pasted.form.key, year=pasted.year, printed=pasted.printed)
    return reading.parts(pasted.form, pasted.values, unsaved)


def _keep(request: HttpRequest, paper: Paper, pasted: pasting.Pasted) -> HttpResponse:
    review = writing.start(
        paper,
        pasted.form,
        pasted.year,
        by=signed_in(request.user),
        content=Content(values=pasted.values),
        origin=Review.Origin.PASTED,
        source_url=pasted.link.url,
        source_checked=pasted.checked,
        printed=pasted.printed,
    )
    return HttpResponseRedirect(reverse("review-edit", args=[review.pk]))


@require_http_methods(GET_AND_POST)
@never_cache
@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form. POST saves the draft, shows how it looks, or hands it in."""
    review = _own(request, pk)
    if review.state not in writing.EDITABLE:
        messages.warning(request, gettext("You withdrew this review. Undo that first."))
        return HttpResponseRedirect(review.get_absolute_url())
    form, draft = writing.form_of(review), writing.draft_of(review)
    if request.method != "POST":
        return _form_page(request, review, form, Content.stored(draft.content), draft)
    content = Content.from_post(form, request.POST)
    action = request.POST.get("action", "save")
    try:
        if action == "hand-in":
            _hand_in(request, review, content)
            return HttpResponseRedirect(review.get_absolute_url())
        saved = writing.save_draft(review, content, by=signed_in(request.user), **_place(request))
    except writing.Incomplete as error:
        return _form_page(request, review, form, content, draft, wrong=error.problems)
    except writing.Stale as error:
        newer = reading.parts(form, Content.stored(error.draft.content).values, review)
        return _form_page(request, review, form, content, error.draft, newer=newer)
    except transitions.NotPossible as error:
        return _form_page(request, review, form, content, draft, told=str(error))
    if action == "preview":
        return _form_page(request, review, form, content, saved)
    messages.success(request, gettext("The draft is saved. Only you see it."))
    return HttpResponseRedirect(reverse("review-edit", args=[review.pk]))


def _hand_in(request: HttpRequest, review: Review, content: Content) -> None:
    reason = request.POST.get("reason", "")[:2000]
    writing.hand_in(review, content, by=signed_in(request.user), reason=reason, **_place(request))
    if review.state == State.PENDING:
        messages.success(
            request, gettext("Handed in. It is public as soon as a moderator has read it.")
        )
    elif review.has_waiting_change:
        messages.success(
            request, gettext("The change is public as soon as a moderator has read it.")
        )
    else:
        messages.success(request, gettext("Your review is public."))


def _place(request: HttpRequest) -> dict[str, Any]:
    """Which state of the draft the page showed, and in which tab."""
    given = request.POST.get("sequence", "")
    number = int(given) if given.isdecimal() and len(given) < 10 else -1
    return {"sequence": number, "tab": request.POST.get("tab", "")[:40]}


def _note_id(field: forms.Field, wrong: dict[str, str]) -> str:
    """Id of what is said beside a field: what is wrong with it, or how to fill it in."""
    if field.name in wrong:
        return f"wrong-{field.name}"
    return f"help-{field.name}" if field.help else ""


def _form_page(
    request: HttpRequest,
    review: Review,
    form: forms.Form,
    content: Content,
    draft: ReviewDraft,
    *,
    wrong: dict[str, str] | None = None,
    newer: list[reading.Part] | None = None,
    told: str = "",
) -> HttpResponse:
    wrong = wrong or {}
    fields = [
        {
            "field": form_field,
            "value": content.values.get(form_field.name, ""),
            "wrong": wrong.get(form_field.name, ""),
        }
        | {
            "printed": review.printed.get(form_field.name, ""),
            "note_id": _note_id(form_field, wrong),
        }
        for form_field in form.fields
    ]
    context = {
        "section": "papers",
        "review": review,
        "form": form,
        "content": content,
        "fields": fields,
        "draft": draft,
        "tab": request.POST.get("tab", "")[:40] or secrets.token_urlsafe(9),
        "wrong": wrong,
        "newer": newer,
        "told": told,
        "parts": reading.parts(form, content.values, review),
        "offers": cites.offers(review.paper),
        "left": len(problems(form, content, review.paper, set(review.printed))),
    }
    bad = wrong or newer is not None or told
    return render(request, "reviews/edit.html", context, status=422 if bad else 200)


@require_POST
@login_required
def autosave(request: HttpRequest, pk: int) -> HttpResponse:
    """Save while it is written, and show how it looks. A stale tab overwrites nothing."""
    review = _own(request, pk)
    form = writing.form_of(review)
    content = Content.from_post(form, request.POST)
    context: dict[str, Any] = {"parts": reading.parts(form, content.values, review)}
    try:
        context["draft"] = writing.save_draft(
            review, content, by=signed_in(request.user), **_place(request)
        )
    except writing.Stale as error:
        context["newer"] = error.draft
    except transitions.NotPossible as error:
        context["told"] = str(error)
    return render(request, "reviews/_saved.html", context)


@require_safe
@login_required
def offers(request: HttpRequest, key: str) -> HttpResponse:
    """What a review of the paper can cite, narrowed by what was typed."""
    offered = cites.offers(paper_of(request, key), request.GET.get("typed", "")[:100])
    return render(request, "reviews/_cites.html", {"offers": offered})
