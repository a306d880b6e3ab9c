"""Taking a list in from files: sent, looked at entry by entry, then written."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import NotPossible, is_member, signed_in
from community.list_files.folder import is_of_list
from community.models import ListImport, PublicList
from community.public_lists import rights, taking_in
from papers.importers.decoding import UnknownEncoding, decode

FORM = require_http_methods(["GET", "HEAD", "POST"])
ENTRIES_A_PAGE, TOLD_A_PAGE = 40, 100


@FORM
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """The form; a POST keeps the files and leads to the preview."""
    problem = ""
    if request.method == "POST":
        by = signed_in(request.user)
        try:
            sent = taking_in.start(_files(request), by=by, into=_into(request))
            return HttpResponseRedirect(reverse("list-import-preview", args=[sent.pk]))
        except NotPossible as error:
            problem = str(error)
    allowed = is_member(request.user)
    context = {
        "section": "lists",
        "allowed": allowed,
        "problem": problem,
        "text": request.POST.get("text", "")[:50_000] or request.GET.get("text", "")[:50_000],
        "kept": rights.lists_kept_by(signed_in(request.user)) if allowed else [],
        "into": request.POST.get("into", "") or request.GET.get("into", ""),
        "earlier": ListImport.objects.filter(by=request.user.pk)[:10] if allowed else [],
    }
    return render(request, "public_lists/import.html", context, status=422 if problem else 200)


def _into(request: HttpRequest) -> PublicList | None:
    slug = request.POST.get("into", "")
    if not slug:
        return None
    return get_object_or_404(PublicList.objects.visible_to(request.user), slug=slug)


def _files(request: HttpRequest) -> dict[str, str]:
    """The texts that were sent, by their names. Raises NotPossible."""
    files: dict[str, str] = {}
    for sent in request.FILES.getlist("files"):
        if (sent.size or 0) > taking_in.MOST_BYTES:
            raise NotPossible(gettext("“{name}” is larger than 4 MB.").format(name=sent.name))
        files |= _unpacked(sent)
    if text := request.POST.get("text", "").strip():
        files["README.md"] = text
    if not files:
        raise NotPossible(gettext("Choose a file, a ZIP or a folder, or paste the text of a list."))
    return files


def _unpacked(sent: UploadedFile) -> dict[str, str]:
    content, name = sent.read(), str(sent.name)
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return {name: _text(name, content)} if is_of_list(name) else {}
    files: dict[str, str] = {}
    room = taking_in.MOST_BYTES
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist()[:5000]:
            path = PurePosixPath(member.filename)
            hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
            if member.is_dir() or hidden or not is_of_list(path.name):
                continue
            room -= member.file_size
            if room < 0 or len(files) >= taking_in.MOST_FILES:
                raise NotPossible(gettext("The ZIP holds more than 4 MB, or more than 100 lists."))
            try:
                files[str(path)] = _text(str(path), archive.read(member))
            except (RuntimeError, zipfile.BadZipFile, NotImplementedError) as error:
                raise NotPossible(
                    gettext("The ZIP cannot be read: {error}.").format(error=error)
                ) from error
    return _without_one_folder(files)


def _without_one_folder(files: dict[str, str]) -> dict[str, str]:
    """A ZIP of a repository has one folder around all; it says nothing."""
    tops = {PurePosixPath(name).parts[0] for name in files}
    if len(tops) != 1 or any(len(PurePosixPath(name).parts) == 1 for name in files):
        return files
    return {name.split("/", 1)[1]: text for name, text in files.items()}


def _text(name: str, content: bytes) -> str:
    try:
        return decode(content).text.replace("\x00", "")
    except UnknownEncoding as problem:
        raise NotPossible(f"“{name}”: {problem}") from problem


@FORM
@never_cache
@login_required
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What would become of each entry, and every line that was left; a POST changes single ones."""
    sent = _own(request, pk)
    if request.method == "POST":
        _edit(request, sent)
        number = request.POST.get("page", "1")
        address = reverse("list-import-preview", args=[pk])
        return HttpResponseRedirect(f"{address}?page={number if number.isdecimal() else 1}#entries")
    read = taking_in.read_texts(sent.files)
    plan = taking_in.plan(
        read, viewer=signed_in(request.user), into=sent.public_list, edits=sent.edits
    )
    page = Paginator(plan.entries, ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "lists",
        "sent": sent,
        "plan": plan,
        "page": page,
        "paths": [" › ".join(section.path) for section in plan.sections],
        "told": plan.left[:TOLD_A_PAGE],
        "told_more": max(0, len(plan.left) - TOLD_A_PAGE),
        "title": sent.public_list.title if sent.public_list else plan.read.title,
    }
    return render(request, "public_lists/import_preview.html", context)


def _edit(request: HttpRequest, sent: ListImport) -> None:
    """Keep what the reader changed of the entries of one page."""
    edits: dict[str, dict[str, Any]] = dict(sent.edits)
    for number in request.POST.getlist("number")[: ENTRIES_A_PAGE * 2]:
        if not number.isdecimal() or len(number) > 6:
            continue
        edit: dict[str, Any] = {}
        title = " ".join(request.POST.get(f"title-{number}", "").split())[:500]
        if title and title != request.POST.get(f"was-title-{number}"):
            edit["title"] = title
        path = request.POST.get(f"section-{number}", "")[:600]
        if path != request.POST.get(f"was-section-{number}", ""):
            edit["section"] = [part.strip() for part in path.split("›") if part.strip()][:5]
        before = edits.get(number, {})
        kept = {key: before[key] for key in ("title", "section") if key in before}
        flags = {name: True for name in ("leave", "same") if request.POST.get(f"{name}-{number}")}
        whole = kept | edit | flags
        if whole:
            edits[number] = whole
        else:
            edits.pop(number, None)
    sent.edits = edits
    sent.save(update_fields=["edits"])


@require_POST
@login_required
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Write it. A second click changes nothing."""
    sent = _own(request, pk)
    try:
        made = taking_in.apply(
            sent,
            by=signed_in(request.user),
            title=request.POST.get("title", ""),
            slug=request.POST.get("slug", ""),
        )
    except NotPossible as error:
        messages.warning(request, gettext("Nothing was written. {error}").format(error=error))
        return HttpResponseRedirect(reverse("list-import-preview", args=[pk]))
    messages.success(
        request, gettext("The list is written. Only its keepers see it until it is public.")
    )
    return HttpResponseRedirect(made.get_absolute_url())


def _own(request: HttpRequest, pk: int) -> ListImport:
    rows = ListImport.objects.filter(by=signed_in(request.user)).select_related("public_list")
    return get_object_or_404(rows, pk=pk)
