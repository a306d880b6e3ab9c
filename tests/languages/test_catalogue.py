"""The catalogue is whole, and made and read by Python alone."""

from __future__ import annotations

import gettext
import json
import re
from pathlib import Path

import polib
import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from kb.languages import catalogue, compiled, scripts
from kb.languages.marking import marked
from kb.site.data_dir import BASE_DIR
from kb.site.templates import UNSPOKEN, compact


def test_every_text_has_a_translation():
    wrong = [line for path in catalogue.catalogues() for line in catalogue.mistakes(path)]
    assert wrong == []


def test_no_template_is_left_out():
    """Templates that cannot be read as they are marked would show English only."""
    unreadable = []
    for path in sorted((BASE_DIR / "templates").rglob("*.html")):
        try:
            marked(compact(path.read_text()))
        except ValueError as error:
            unreadable.append((path.name, str(error)))
    assert unreadable == []
    assert UNSPOKEN == ("api/",), "pages without another language can only become fewer"


@pytest.fixture
def spoilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the catalogue that a test may spoil."""
    source = catalogue.catalogues()[0]
    copy = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    copy.parent.mkdir(parents=True)
    copy.write_text(source.read_text())
    for module in (catalogue, compiled):
        monkeypatch.setattr(module, "SOURCES", tmp_path)
    return copy


def test_what_is_missing_fails_the_check(spoilt: Path):
    call_command("catalogue", "--check")
    entries = polib.pofile(str(spoilt))
    entries.find("Papers").msgstr = ""
    entries.find("Topics").flags.append("fuzzy")
    entries.find("{number} of {num_pages}").msgstr = "{wrong}"
    entries.find("Your roles stand on <a>your account’s page</a>.").msgstr = "您的角色"
    entries.remove(entries.find("Glossary"))
    entries.append(polib.POEntry(msgid="Nobody says this", msgstr="无人说"))
    entries.save()
    with pytest.raises(CommandError) as failed:
        call_command("catalogue", "--check")
    lines = str(failed.value)
    for said in ("translation: Papers", "translation: Topics", "catalogue: Glossary"):
        assert said in lines
    assert "{wrong}" in lines and "<a>" in lines and "Nobody says this" in lines


def test_bringing_level_keeps_what_is_translated(spoilt: Path):
    entries = polib.pofile(str(spoilt))
    before = entries.find("Papers").msgstr
    entries.remove(entries.find("Glossary"))
    entries.append(polib.POEntry(msgid="Nobody says this", msgstr="无人说"))
    entries.save()
    assert catalogue.bring_level(spoilt) == (1, 1)
    level = polib.pofile(str(spoilt))
    assert level.find("Papers").msgstr == before
    assert level.find("Glossary").msgstr == "" and level.find("Nobody says this") is None


def test_a_changed_source_is_compiled_once(spoilt: Path, tmp_path: Path):
    target = tmp_path / "made"
    (made,) = compiled.compile_catalogues(target)
    with made.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Papers") == "论文"
    assert compiled.compile_catalogues(target) == []
    spoilt.write_text(spoilt.read_text().replace('msgstr "论文"', 'msgstr "文章"'))
    assert compiled.compile_catalogues(target) == [made]


def test_what_scripts_say_is_brought_to_them():
    said = set()
    for path in (BASE_DIR / "static" / "js").glob("*.js"):
        said |= set(re.findall(r'\bsaid\("([^"]+)"', path.read_text()))
    assert said == set(map(str, scripts.SAID))
    with override("zh-hans"):
        assert json.loads(scripts.translated())["Copied"] == "已复制"
