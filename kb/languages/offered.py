"""The languages that the interface speaks: English, and one for every folder in `locale/`.

Read by the settings, so nothing here needs Django's apps.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf.locale import LANG_INFO
from django.utils.translation.trans_real import parse_accept_lang_header

from kb.site.data_dir import BASE_DIR

SOURCES = BASE_DIR / "locale"


@dataclass(frozen=True)
class Language:
    """A language of the interface.

    code: Django's, such as `zh-hans`. tag: as in `lang` and `hreflang`, such as `zh-Hans`.
    prefix: the first part of its addresses, "" for English. name: as its readers call it.
    """

    code: str
    tag: str
    prefix: str
    name: str

    @property
    def short_name(self) -> str:
        """The name where a line has little room, as at the top of a page on a phone."""
        return _SHORT.get(self.prefix, self.name)


_SHORT = {"zh": "中文"}

ENGLISH = Language("en-gb", "en", "", "English")


@cache
def languages() -> tuple[Language, ...]:
    """English first, then the others in the order of their folders."""
    folders = sorted(path.parent.parent for path in SOURCES.glob("*/LC_MESSAGES/django.po"))
    return ENGLISH, *(_of_folder(folder) for folder in folders)


def _of_folder(folder: Path) -> Language:
    """A folder is named as Django does, such as `zh_Hans`; addresses carry what is before `_`."""
    tag = folder.name.replace("_", "-")
    code = tag.lower()
    return Language(code, tag, tag.partition("-")[0], LANG_INFO[code]["name_local"])


def of_code(code: str) -> Language:
    """The language with Django's code, English for any other."""
    return next((language for language in languages() if language.code == code), ENGLISH)


def of_path(path: str) -> Language:
    """The language of an address: that of its first part, else English."""
    first = path.lstrip("/").partition("/")[0]
    return next(
        (language for language in languages() if language.prefix and language.prefix == first),
        ENGLISH,
    )


def bare(path: str) -> str:
    """An address without its language: `/zh/papers/` is `/papers/`."""
    prefix = of_path(path).prefix
    return path.removeprefix(f"/{prefix}") or "/" if prefix else path


def path_in(language: Language, path: str) -> str:
    """The same page in another language; `path` may carry a query."""
    return f"/{language.prefix}{bare(path)}" if language.prefix else bare(path)


def of_browser(header: str) -> Language | None:
    """The first language of an Accept-Language header that is spoken here; None when none is.

    `zh`, `zh-CN` and `zh-Hant` are all served by the one Chinese there is.
    """
    for wanted, quality in parse_accept_lang_header(header.lower()):
        for language in languages():
            if quality and wanted.partition("-")[0] == language.code.partition("-")[0]:
                return language
    return None
