"""Photos and logos that are sent with a form, and those that are taken away."""

from __future__ import annotations

import re

from django.http import HttpRequest, QueryDict

from accounts.roles import NotPossible, signed_in
from community.workshops.files import keep
from papers.models import Workshop

_SENT = re.compile(r"(?P<box>row-(?P<number>\d{1,4})-(?P<kind>photo|logo))-file")


def with_pictures(request: HttpRequest, workshop: Workshop) -> tuple[QueryDict, dict[str, str]]:
    """What was sent, with the addresses of pictures in their boxes; what is wrong with some.

    A picture is kept before the form is read, so that it need not be sent again when something
    else has to be corrected; nobody sees it before the form is public.
    """
    data, wrong = request.POST.copy(), dict[str, str]()
    for name in request.POST:
        if name.endswith(("-photo-gone", "-logo-gone")):
            data[name.removesuffix("-gone")] = ""
    for name, sent in request.FILES.items():
        match = _SENT.fullmatch(name)
        if match is None or request.POST.get("do") == "check" or isinstance(sent, list):
            continue
        if sent.file is None:
            continue
        called = data.get(f"row-{match['number']}-name", "")
        by = signed_in(request.user)
        try:
            file = keep(workshop, match["kind"], sent.file, called=called, by=by)
        except NotPossible as problem:
            wrong[match["box"]] = str(problem)
        else:
            data[match["box"]] = file.get_absolute_url()
    return data, wrong
