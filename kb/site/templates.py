"""Templates without the indentation that is for those who read their source, with texts marked.

A formatter lays the templates out, one element a line. In a list of a hundred rows that is a third
of the page, so it is taken away when a template is loaded, once in the life of a process.
"""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders.filesystem import Loader

from kb.languages.marking import marked

# Pages that stand alone, in English: the description of the API.
UNSPOKEN = ("api/",)
_INDENTATION = re.compile(r"\s*\n\s*")
_VERBATIM = re.compile(r"(<pre\b.*?</pre>|<textarea\b.*?</textarea>)", re.DOTALL)


class CompactLoader(Loader):
    """Reads templates from the folders of DIRS; those of pages are made compact and marked."""

    def get_contents(self, origin: Origin) -> str:
        source = super().get_contents(origin)
        if not origin.name.endswith(".html"):
            return source
        name = str(origin.template_name)
        return compact(source) if name.startswith(UNSPOKEN) else marked(compact(source))


def compact(source: str) -> str:
    """`source` with one line end for every run of space that holds one, `pre` and `textarea` apart.

    A browser shows both alike: it takes any run of space for a single one.
    """
    pieces = _VERBATIM.split(source)
    pieces[::2] = [_INDENTATION.sub("\n", piece) for piece in pieces[::2]]
    return "".join(pieces)
