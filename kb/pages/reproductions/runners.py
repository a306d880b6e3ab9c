"""Machines of members: who they are, what they attest, registering one; records handed in."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User, Visitor
from accounts.roles import NotPossible, is_admin, is_curator, signed_in
from kb.pages.uploads.limits import CappedUpload, cap_uploads
from reproductions.attested import accepting, crates, registering, shapes, signing
from reproductions.attested.standing import Standing, Word, standings
from reproductions.ledger.summary import judged_claims
from reproductions.models import Attestation, Run, Runner

SECTION = {"section": "reproductions"}
AT_ONCE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """Runners with what they attest; POST registers one of the member's."""
    problem, status = "", 200
    if request.method == "POST":
        try:
            runner, _ = registering.register(
                by=signed_in(request.user),
                host=request.get_host(),
                **{name: request.POST.get(name, "") for name in ("name", "public_key", "proof")},
            )
            return redirect(runner)
        except NotPossible as error:
            problem, status = str(error), 422
    user = request.user
    runners = Runner.objects.select_related("owner__profile")
    confirmed = (
        runners.public()
        .annotate(run_count=Count("runs", filter=Q(runs__state=Run.State.FINISHED)))
        .order_by("-registered_at", "-pk")
    )
    context = SECTION | {
        "told": problem,
        "runners": Paginator(confirmed, AT_ONCE).get_page(request.GET.get("page")),
        "mine": runners.filter(owner=user) if isinstance(user, User) else (),
        "standing": _attested_claims(),
        "waiting": Run.objects.waiting().attested()[:AT_ONCE],
        "is_curator": is_curator(user),
        "undecided": _undecided(user),
        "hand_ins": _hand_ins(user),
        "host": request.get_host(),
        "site": f"{request.scheme}://{request.get_host()}",
    }
    return render(request, "runners/index.html", context, status=status)


def _undecided(user: Visitor) -> QuerySet[Runner]:
    """Runners that wait for this curator."""
    if not is_curator(user):
        return Runner.objects.none()
    return Runner.objects.filter(state=Runner.State.WAITING).select_related("owner__profile")[
        :AT_ONCE
    ]


def _hand_ins(user: Visitor) -> QuerySet[Attestation]:
    """Records that wait for this curator, and those that the member has handed in."""
    if not isinstance(user, User):
        return Attestation.objects.none()
    rows = Attestation.objects.defer("record").select_related("member__profile", "run")
    if is_curator(user):
        return rows.waiting()[:AT_ONCE]
    return rows.filter(member=user)[:AT_ONCE]


def _attested_claims() -> list[Standing]:
    """Every claim that members attest: disputes first, then what agrees."""
    named = Attestation.objects.filter(state=Attestation.State.ACCEPTED).values("program")
    attested = standings(judged_claims(program__in=named)).values()
    order = [Word.DISPUTED, Word.AGREED, Word.ONCE]
    return sorted(attested, key=lambda one: (one.holds, order.index(one.word), one.claim.pk))[:100]


@require_safe
@never_cache
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One runner: key, machine, what it has, and its runs."""
    runner = _runner(request, pk)
    runs = Run.objects.visible_to(request.user).filter(runner=runner)
    return render(
        request,
        "runners/runner.html",
        SECTION
        | {
            "runner": runner,
            "fingerprint": signing.fingerprint(runner.public_key),
            "runs": Paginator(runs, AT_ONCE).get_page(request.GET.get("page")),
            "is_own": request.user.pk is not None and runner.owner_id == request.user.pk,
            "may_decide": _may_decide(request.user, runner.owner_id),
            "site": f"{request.scheme}://{request.get_host()}",
        },
    )


def _may_decide(user: Visitor, owner: int | None) -> bool:
    return is_admin(user) or (is_curator(user) and owner != user.pk)


def _runner(request: HttpRequest, pk: int) -> Runner:
    runners = Runner.objects.visible_to(request.user).select_related("owner__profile")
    return get_object_or_404(runners, pk=pk)


@require_POST
@login_required
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """A curator trusts a runner, or does not."""
    runner, user = _runner(request, pk), signed_in(request.user)
    if not is_curator(user):
        raise PermissionDenied(gettext("Curators decide about runners."))
    if request.POST.get("decision") == "trust":
        _told(request, lambda: registering.trust(runner=runner, by=user), "It gets runs now.")
    else:
        reason = request.POST.get("reason", "")
        _told(
            request,
            lambda: registering.distrust(runner=runner, by=user, reason=reason),
            "It gets no runs, and what it attested does not count.",
        )
    return redirect(runner)


@require_POST
@login_required
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Its owner ends a runner."""
    runner, user = _runner(request, pk), signed_in(request.user)
    done = gettext("It gets no runs any more; what it attested stays.")
    _told(request, lambda: registering.retire(runner=runner, by=user), done)
    return redirect(runner)


def _told(request: HttpRequest, act: Callable[[], object], done: str) -> None:
    try:
        act()
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def hand_in(request: HttpRequest) -> HttpResponse:
    """Hand in a record as a packed RO-Crate. CSRF is checked below, once its size is capped."""
    if request.method == "POST":
        return _take_crate(request, cap_uploads(request, shapes.MOST_BYTES))
    return render(request, "runners/hand_in.html", SECTION)


@csrf_protect
def _take_crate(request: HttpRequest, watch: CappedUpload) -> HttpResponse:
    sent = request.FILES.get("crate")
    try:
        if watch.refused:
            told = gettext("A crate has at most {size} MiB.")
            raise NotPossible(told.format(size=shapes.MOST_BYTES // 2**20))
        if sent is None:
            raise NotPossible(
                "Choose the crate: a zip that holds ro-crate-metadata.json and record.json."
            )
        crate = crates.read_crate(sent.read(), most_bytes=shapes.MOST_BYTES)
        made, _ = accepting.hand_in(
            by=signed_in(request.user), text=crate.record, signature=crate.signature
        )
    except crates.BadCrate as error:
        problem = f"This is no crate of a run: {error}."
    except NotPossible as error:
        problem = str(error)
    else:
        return redirect(made)
    return render(request, "runners/hand_in.html", SECTION | {"told": problem}, status=422)


@require_safe
@never_cache
def handed_in(request: HttpRequest, pk: int) -> HttpResponse:
    """One record that was handed in, for its member, for curators, and accepted for everybody."""
    row = _handed_in(request, pk)
    record = shapes.read(row.record)
    return render(
        request,
        "runners/handed_in.html",
        SECTION
        | {
            "row": row,
            "record": record,
            "measurements": record.measurements[:100],
            "may_decide": row.state == Attestation.State.WAITING
            and _may_decide(request.user, row.member_id),
        },
    )


def _handed_in(request: HttpRequest, pk: int) -> Attestation:
    rows = Attestation.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("member__profile", "runner", "run"), pk=pk)


@require_POST
@login_required
def decide_record(request: HttpRequest, pk: int) -> HttpResponse:
    """A curator accepts a record, or declines it."""
    row, user = _handed_in(request, pk), signed_in(request.user)
    if not is_curator(user):
        raise PermissionDenied(gettext("Curators decide about records."))
    if request.POST.get("decision") == "accept":
        _told(
            request,
            lambda: accepting.accept(attestation=row, by=user),
            "Accepted: the run is public.",
        )
    else:
        reason = request.POST.get("reason", "")
        act = lambda: accepting.refuse(attestation=row, by=user, reason=reason)  # noqa: E731
        _told(request, act, "Declined; its member reads the reason.")
    return redirect(row)
