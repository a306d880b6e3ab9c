"""A member's own page: profile, role, tokens, data, closing; and the page that others see."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model, logout
from django.contrib.auth.decorators import login_required
from django.core.validators import URLValidator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import ApiToken, Visitor
from accounts.roles import NotPossible, role_of, scopes_of, signed_in
from accounts.tokens import LIFETIMES_DAYS, make_token, revoke_token
from accounts.words import Words
from community.members.closing import close_account
from community.members.export import export_of
from community.members.profiles import connected_orcid, person_of, profile_of, shown_name
from community.models import PersonClaim, Profile
from community.moderation import reports, transitions
from kb.languages.offered import languages
from papers.names import tidy


class ProfileForm(forms.ModelForm):
    """What a member tells of themselves."""

    homepage = forms.URLField(
        label=Words("Homepage"),
        required=False,
        max_length=300,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
    )

    language = forms.ChoiceField(
        required=False,
        label=Words("Language"),
        help_text=Words("Of mails, and of the page after signing in."),
        choices=lambda: (
            [("", Words("As the browser asks"))] + [(one.code, one.name) for one in languages()]
        ),
    )

    class Meta:
        model = Profile
        fields = ("name", "affiliation", "homepage", "orcid", "is_public")
        labels = {
            "name": Words("Name to show"),
            "affiliation": Words("Affiliation"),
            "homepage": Words("Homepage"),
            "is_public": Words("Show my member page to everybody"),
        }
        help_texts = {
            "name": Words("Stands beside what you sign, instead of your user name."),
            "orcid": Words("Such as 0000-0002-1825-0097. It counts as proved once you connect it."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        self.initial["language"] = self.instance.user.language

    def save(self, commit: bool = True) -> Profile:
        """The language belongs to the account: it is known without a look at the profile."""
        user = self.instance.user
        user.language = self.cleaned_data["language"]
        user.save(update_fields=["language"])
        return super().save(commit)  # type: ignore[no-any-return]

    def clean_name(self) -> str:
        return tidy(self.cleaned_data["name"])

    def clean_affiliation(self) -> str:
        return tidy(self.cleaned_data["affiliation"])

    def clean_orcid(self) -> str:
        """Four groups of four with a check digit (ISO 7064 mod 11-2)."""
        given = self.cleaned_data["orcid"].strip().removeprefix("https://orcid.org/").upper()
        if given and not is_orcid(given):
            raise forms.ValidationError(gettext("This is not an ORCID iD: compare its digits."))
        return given


def is_orcid(text: str) -> bool:
    """Whether the check digit of an ORCID iD holds."""
    digits = text.replace("-", "")
    if (
        len(text) != 19
        or len(digits) != 16
        or not (digits[:15].isascii() and digits[:15].isdigit())
    ):
        return False
    total = 0
    for digit in digits[:15]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return digits[15] == ("X" if check == 10 else str(check))


MOST_SHOWN = 50
SCOPE_WORDS = {
    "read": Words("read what you may see, your private things included"),
    "contribute": Words("change lists, marks and follows; contribute as you"),
    "run": Words("register machines that perform runs, and hand records in"),
    "curate": Words("decide about records, start runs"),
    "moderate": Words("decide about contributions and claims"),
    "admin": Words("everything else an administrator may"),
}


@require_safe
@never_cache
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Everything of one's own."""
    return _account(request, ProfileForm(instance=profile_of(signed_in(request.user))))


@require_POST
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Save what the member tells of themselves."""
    form = ProfileForm(request.POST, instance=profile_of(signed_in(request.user)))
    if not form.is_valid():
        return _account(request, form, status=422)
    form.save()
    messages.success(request, gettext("Saved."))
    return HttpResponseRedirect(reverse("account"))


def _account(request: HttpRequest, form: ProfileForm, status: int = 200) -> HttpResponse:
    user = signed_in(request.user)
    claims = PersonClaim.objects.filter(user=user).select_related("person")
    context = {
        "section": "account",
        "form": form,
        "profile": profile_of(user),
        "role": role_of(user),
        "person": person_of(user),
        "claims": claims.order_by("-pk")[:5],
        "orcid": connected_orcid(user),
        "addresses": EmailAddress.objects.filter(user=user).order_by("-primary"),
        "token_count": ApiToken.objects.visible_to(user).valid().count(),
        "contributions": _contributions(user),
    }
    return render(request, "account_pages/index.html", context, status=status)


def _contributions(user: Visitor) -> list[dict[str, Any]]:
    """The member's latest contributions of every moderated kind, drafts included."""
    contributions = []
    for kind in reports.kinds().values():
        rows = list(kind.rows().filter(author=user).order_by("-state_since")[:MOST_SHOWN])
        refused = [row.pk for row in rows if row.state in transitions.REFUSED]
        reasons = transitions.refusals(kind.model, refused)
        contributions += [
            {
                "title": kind.title,
                "summary": kind.summary(row),
                "url": kind.url(row),
                "state": row.get_state_display(),
                "at": row.state_since,
                "refused": row.pk in refused,
                "told": reasons.get(row.pk, ""),
                "kind": kind.name,
                "pk": row.pk,
            }
            for row in rows
        ]
    return sorted(contributions, key=lambda contribution: contribution["at"], reverse=True)[
        :MOST_SHOWN
    ]


@require_safe
@never_cache
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """The member's tokens, without their secrets."""
    rows = ApiToken.objects.visible_to(request.user)
    return render(request, "account_pages/tokens.html", {"section": "account", "tokens": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@reauthentication_required
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a token; its text is in this one answer and nowhere else."""
    context: dict[str, Any] = {
        "section": "account",
        "lifetimes": LIFETIMES_DAYS,
        "scopes": [(scope, SCOPE_WORDS[scope]) for scope in scopes_of(request.user)],
        "site": f"{request.scheme}://{request.get_host()}",
    }
    if request.method == "POST":
        days = request.POST.get("days", "")
        try:
            context["token"], context["text"] = make_token(
                signed_in(request.user),
                name=request.POST.get("name", ""),
                scopes=request.POST.getlist("scopes"),
                days=int(days) if days.isdecimal() and len(days) < 5 else 0,
            )
        except NotPossible as error:
            context["told"] = str(error)
    status = 422 if context.get("told") else 200
    return render(request, "account_pages/new_token.html", context, status=status)


@require_POST
@login_required
def revoke(request: HttpRequest, prefix: str) -> HttpResponse:
    """End a token now."""
    token = get_object_or_404(ApiToken.objects.visible_to(request.user), prefix=prefix)
    revoke_token(token, by=signed_in(request.user))
    messages.success(
        request, gettext("The token “{name}” opens nothing any more.").format(name=token.name)
    )
    return HttpResponseRedirect(reverse("tokens"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@reauthentication_required
def export(request: HttpRequest) -> HttpResponse:
    """All that the site holds of the member, to take away."""
    if request.method != "POST":
        return render(request, "account_pages/export.html", {"section": "account"})
    response = HttpResponse(export_of(signed_in(request.user)), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="living-survey-account.zip"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@reauthentication_required
def close(request: HttpRequest) -> HttpResponse:
    """Close the account, after its owner typed its name."""
    problem = ""
    if request.method == "POST":
        try:
            close_account(signed_in(request.user), typed_name=request.POST.get("name", ""))
        except NotPossible as error:
            problem = str(error)
        else:
            logout(request)
            messages.success(
                request, gettext("Your account is closed, and your name is forgotten.")
            )
            return HttpResponseRedirect(reverse("home"))
    context = {"section": "account", "told": problem}
    return render(request, "account_pages/close.html", context, status=422 if problem else 200)


@require_safe
def member(request: HttpRequest, name: str) -> HttpResponse:
    """What a member chose to show. A page that is not shown looks like one that is not there."""
    accounts: Any = get_user_model()
    account = (
        accounts.objects.select_related("profile").filter(username=name, is_active=True).first()
    )
    shown = profile_of(account) if account else None
    own = account is not None and account == request.user
    if shown is None or not (shown.is_public or own):
        raise Http404(gettext("No member shows a page here."))
    context = {
        "section": "account",
        "member": account,
        "profile": shown,
        "name": shown_name(account),
        "person": person_of(account),
        "proved_orcid": connected_orcid(account),
        "role": role_of(account),
        "own": own,
    }
    return render(request, "members/detail.html", context)
