"""What a pasted review says, field by field, on the form that fits it best."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext

from community.reviews import forms
from community.reviews.forms import Form
from community.reviews.pasting import notes
from community.reviews.pasting.links import BadLink, SourceLink, belongs_to, link_of
from papers.models import Paper

LONGEST_PASTE = 400_000
_READERS = re.compile(r"Readers:\s*(.+)", re.IGNORECASE)
_YEAR_OF = re.compile(r"\b(ICLR|NeurIPS|NIPS|ICML)(?:\.cc)?[ /]?(20\d\d)\b", re.IGNORECASE)
_DATE = re.compile(r"\b\d{1,2} [A-Z][a-z]{2,8} (20\d\d)\b")
# Lines of the page that are not part of any answer.
_FURNITURE = re.compile(
    r"^(official (blind )?review.*|.*\breaders:.*|add:.*|show (less|more)|revisions|\[?[–+-]\]?|"
    r".*\bAnonReviewer\d+.*|.*\bby Reviewer \w{4}\b.*|\d{1,2} \w{3,9} \d{4}.*)$",
    re.IGNORECASE,
)
# Answers that OpenReview asks for and that say nothing about the paper.
_LEFT_OUT = {
    "code of conduct",
    "code of conduct acknowledgement",
    "responsible reviewing acknowledgement",
    "flag for ethics review",
    "ethics flag",
    "ethical concerns",
    "details of ethics concerns",
    "needs ethics review",
    "time spent reviewing",
    "first time reviewer",
    "paper formatting concerns",
    "llm usage",
}


class NotTaken(ValueError):
    """The paste cannot be taken in; the text says why and what would do."""


@dataclass(frozen=True)
class Pasted:
    """What was recognised. values: answers for the form; printed: those of choices, as printed."""

    form: Form
    year: int
    values: dict[str, str]
    printed: dict[str, str]
    link: SourceLink
    checked: bool
    unplaced: str = ""
    unread: dict[str, str] = field(default_factory=dict)


def recognise(
    text: str, address: str, paper: Paper, *, is_public: bool = False, form_key: str = ""
) -> Pasted:
    """Read a paste. is_public: its author says that everybody can read it at the link.

    form_key: "iclr-2020:2020" to take this form and year instead of the best one. Raises NotTaken.
    """
    if not text.strip():
        raise NotTaken(gettext("Paste your review: the text from the page, or the note's JSON."))
    if len(text) > LONGEST_PASTE:
        raise NotTaken(
            gettext("This is longer than {longest_paste} characters.").format(
                longest_paste=LONGEST_PASTE
            )
        )
    try:
        link = link_of(address)
        checked = belongs_to(link, paper)
        note = notes.read(text)
    except (BadLink, notes.NotPublic) as error:
        raise NotTaken(str(error)) from error
    if note is None:
        return _from_page(text, link, checked, paper, is_public, form_key)
    return _from_note(note, link, checked, paper, form_key)


def _from_note(
    note: notes.Note, link: SourceLink, checked: bool, paper: Paper, form_key: str
) -> Pasted:
    if note.forum and note.forum != link.forum:
        raise NotTaken(gettext("The note belongs to another forum than the link."))
    if note.id and link.note and note.id != link.note:
        raise NotTaken(gettext("The note has another id than the link (noteId)."))
    link = SourceLink(link.forum, note.id if note.id != link.forum else "")
    answers = {_folded(name): value for name, value in note.content.items()}
    chosen, year = _chosen(form_key) or _best(set(answers), note.venue, note.year, paper)
    values, printed, left = _placed(answers, chosen)
    rest = {name: text for name, text in left.items() if name not in _LEFT_OUT}
    unplaced = "\n\n".join(f"{name}: {text}" for name, text in rest.items())
    unread = {name: text for name, text in printed.items() if not values.get(name)}
    return Pasted(chosen, year, values, printed, link, checked, unplaced, unread)


def _from_page(
    text: str, link: SourceLink, checked: bool, paper: Paper, is_public: bool, form_key: str
) -> Pasted:
    readers = _READERS.search(text)
    if readers and "everyone" not in readers[1].lower():
        raise NotTaken(
            gettext(
                "The page says “Readers: {value}”. Only reviews that everyone can read are "
                "taken in."
            ).format(value=readers[1][:60].strip())
        )
    if not readers and not is_public:
        raise NotTaken(gettext("Confirm that everybody can read the review at the link."))
    if text.lstrip().startswith("{"):
        raise NotTaken(gettext("This looks like JSON, but not of a note. Paste the whole note."))
    header = _YEAR_OF.search(text)
    venue = {"NIPS": "NeurIPS"}.get(header[1].upper(), header[1]) if header else ""
    dated = _DATE.search(text)
    every = {label for known in forms.all_forms().values() for label in _labels(known)}
    seen = set(_sections(text, every | _LEFT_OUT)[1])
    chosen, year = _chosen(form_key) or _best(
        seen, venue, int(header[2]) if header else 0, paper, int(dated[1]) if dated else 0
    )
    start, answers = _sections(text, set(_labels(chosen)) | _LEFT_OUT)
    values, printed, _ = _placed(answers, chosen)
    unread = {name: given for name, given in printed.items() if not values.get(name)}
    return Pasted(chosen, year, values, printed, link, checked, start, unread)


def _labels(form: Form) -> Mapping[str, str]:
    """How the form's fields may be named in a paste, folded, and the field that is meant."""
    labels = {}
    for form_field in form.fields:
        for name in (form_field.name, form_field.label, *form_field.aliases):
            labels[_folded(name)] = form_field.name
    return labels


def _folded(name: str) -> str:
    return " ".join(re.sub(r"[_\s]+", " ", name).strip(" :*").casefold().split())


def _sections(text: str, labels: set[str]) -> tuple[str, dict[str, str]]:
    """Text before the first known label, and what follows each; a line "Label: …" begins one."""
    starts = re.compile(
        r"^[*#\s]*(" + "|".join(sorted(map(re.escape, labels), key=len, reverse=True)) + r")[*\s]*"
        r"(?::\s*\**|$)",
        re.IGNORECASE,
    )
    before: list[str] = []
    texts: dict[str, list[str]] = {}
    lines = before
    for line in text.replace("\r\n", "\n").split("\n"):
        match = starts.match(line)
        if match and (name := _folded(match[1])) not in texts:
            lines = texts[name] = [line[match.end() :]]
        elif lines is not before or not _FURNITURE.match(line.strip()):
            lines.append(line)
    sections = {name: "\n".join(parts).strip() for name, parts in texts.items()}
    return "\n".join(before).strip(), sections


def _chosen(form_key: str) -> tuple[Form, int] | None:
    key, _, year = form_key.partition(":")
    chosen = forms.form(key)
    if chosen is None:
        return None
    number = int(year) if year.isdecimal() and len(year) == 4 else 0
    return chosen, number if chosen.suits(number) else (chosen.years or [0])[0]


def _best(
    names: set[str], venue: str, year: int, paper: Paper, written: int = 0
) -> tuple[Form, int]:
    """The form whose fields match best; venue and year of the paste, then of the paper, decide.

    written: the year in which the review was written, as the page says, or 0.
    """
    if exact := forms.form_of(venue, year):
        return exact, year
    hint = venue or (paper.venue.name if paper.venue else "")
    candidates = [known for known in forms.all_forms().values() if known.key != forms.HOUSE]

    def fit(known: Form) -> tuple[int, bool, bool, bool]:
        fields = set(_labels(known).values())
        matched = {target for label, target in _labels(known).items() if label in names}
        same = known.venue.casefold() == hint.casefold()
        missing = len(fields) - len(matched)
        return 2 * len(matched) - missing, same, known.suits(paper.year), known.key != forms.OTHER

    best = max(candidates, key=fit)
    if not {label for label in _labels(best) if label in names}:
        raise NotTaken(
            gettext(
                "No field was recognised. Copy from the first line of the review to its "
                "last, with names such as “Summary:” and “Rating:”, or paste the note's "
                "JSON."
            )
        )
    wanted = year or written or paper.year
    return best, min(best.years or [0], key=lambda known: abs(known - wanted))


def _placed(
    answers: Mapping[str, str], form: Form
) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Answers by field, choices as printed, and what belongs to no field."""
    labels = _labels(form)
    values: dict[str, str] = {}
    printed: dict[str, str] = {}
    left: dict[str, str] = {}
    for name, text in answers.items():
        target = form.field(labels.get(name, ""))
        if target is None:
            left[name] = text
        elif target.is_choice:
            printed[target.name] = text[:200]
            if value := target.recognised(text):
                values[target.name] = value
        elif text.strip():
            before = values.get(target.name)
            values[target.name] = f"{before}\n\n{text.strip()}" if before else text.strip()
    return values, printed, left
