"""Ring and dot: what a paper prints, what we measured, and the words that say the same."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext

from kb.languages.sentences import sentence as sentence_told
from kb.templatetags.reading import thin_bar
from kb.templatetags.saying import as_written, in_plots
from kb.templatetags.saying import sentence as sentence_in_words
from reproductions.judging.shown import with_spread
from reproductions.ledger.rows import AClaim, AJudgement, ANumber, NumberRow
from reproductions.ledger.summary import LABELS
from reproductions.ledger.wording import percent, sentence, tolerance_of, unit_text
from reproductions.models import Judgement, Run

register = template.Library()

CENTRE, BAND, REACH = 32.0, 9.0, 25.0
"""Middle of the glyph, half width of the tolerance band, farthest place of a dot; in units."""


@register.simple_tag
def ringdot(
    number: ANumber | None, judgement: AJudgement | None = None, claim: AClaim | None = None
) -> SafeString:
    """The number as a glyph of one line's height, with the sentence as its name.

    judgement: of a certain run; else the one that decided the number's state.
    """
    if number is None:  # a claim of our own
        return mark_safe("")
    judgement = judgement or number.judgement
    state = judgement.verdict if judgement else number.state
    claim = claim or _claim(number, judgement)
    marks = _marks(state, judgement, tolerance_of(number, claim))
    return format_html(
        '<svg class="ringdot rd-{}" viewBox="0 0 64 16" role="img" aria-label="{}">{}</svg>',
        state,
        sentence(number, judgement, claim),
        mark_safe(marks),  # noqa: S308 (numbers and fixed marks only)
    )


def _claims(number: ANumber) -> Sequence[AClaim]:
    """The claims that test it, as they were read with it."""
    if isinstance(number, NumberRow) or hasattr(number, "tested_by"):
        claims: Sequence[AClaim] = number.tested_by
        return claims
    return list(number.claims.filter(withdrawn_at=None))


def _claim(number: ANumber, judgement: AJudgement | None) -> AClaim | None:
    """The claim of this judgement; without one the first."""
    for claim in _claims(number):
        if judgement is None or claim.pk == judgement.claim_id:
            return claim
    return None


def _marks(state: str, judgement: AJudgement | None, tolerance: float | None) -> str:
    line = '<path class="axis" d="M4 8H60"/>'
    ring = '<circle class="ring" cx="32" cy="8" r="4.6"/>'
    if judgement is None or judgement.measured is None:
        return line + ring
    if state == "direction":
        return line + ring + '<path class="arrow" d="M42 12 L52 4 M46 4 H52 V10"/>'
    band = f'<rect class="band" x="{CENTRE - BAND}" y="4.5" width="{2 * BAND}" height="7"/>'
    x, beyond = _place(state, judgement, tolerance)
    if state == "sources-disagree":
        ring += '<circle class="ring second" cx="39" cy="8" r="4.6"/>'
    if state == "consistent":  # nothing was measured, so no dot: the printed numbers agree
        return line + ring + '<path class="arrow" d="M29.4 6.8 H34.6 M29.4 9.2 H34.6"/>'
    if state == "partial":
        dot = f'<path class="dot" d="M{x:.1f} 5.2 a2.8 2.8 0 0 0 0 5.6 Z"/>'
        dot += f'<circle class="rim" cx="{x:.1f}" cy="8" r="2.8"/>'
    else:
        dot = f'<circle class="dot" cx="{x:.1f}" cy="8" r="2.8"/>'
    if beyond:
        side = 1 if x > CENTRE else -1
        tip = x + 5.5 * side
        dot += (
            f'<path class="arrow" d="M{tip - 2.5 * side:.1f} 5 L{tip:.1f} 8 l{-2.5 * side:.1f} 3"/>'
        )
    return (band if tolerance else "") + line + ring + dot


_RING = '<circle class="ring" cx="8" cy="8" r="5.2"/>'
_SHAPES = {
    "exact": '<circle class="dot" cx="8" cy="8" r="5.8"/>',
    "within": _RING + '<circle class="dot" cx="8" cy="8" r="2.6"/>',
    "reproduced": '<circle class="ring" cx="8" cy="8" r="6.6"/>'
    '<circle class="dot" cx="8" cy="8" r="4"/>',
    "partial": '<path class="dot" d="M8 2.8a5.2 5.2 0 0 0 0 10.4Z"/>' + _RING,
    "direction": '<path class="arrow" d="M3 13 L12.5 3.5 M6 3.5 H12.5 V10"/>',
    "consistent": _RING + '<path class="arrow" d="M5.2 6.6 H10.8 M5.2 9.4 H10.8"/>',
    "outside": '<circle class="ring" cx="4.6" cy="8" r="3.6"/>'
    '<circle class="dot" cx="12.6" cy="8" r="3"/>',
    "sources-disagree": '<circle class="ring" cx="5.2" cy="8" r="4.2"/>'
    '<circle class="ring" cx="10.8" cy="8" r="4.2"/>',
}
"""Marks of the verdicts in a square of 16, in the glyph's own vocabulary; others are a ring."""


@register.simple_tag
def verdict_word(state: str, word: str = "") -> SafeString:
    """A verdict: its shape, and the word that says the same; without one that of the state."""
    return _verdict(state, word or LABELS[state])


def _verdict(state: str, word: str, *more: SafeString) -> SafeString:
    return format_html(
        '<span class="verdict rd-{}">\n<svg class="vshape" viewBox="0 0 16 16" aria-hidden="true">'
        "{}</svg>{}{}\n</span>",
        state,
        mark_safe(_SHAPES.get(state, _RING)),  # noqa: S308 (fixed marks only)
        word,
        format_html_join("", "\n{}", ((one,) for one in more)),
    )


def _place(state: str, judgement: AJudgement, tolerance: float | None) -> tuple[float, bool]:
    """Where the dot stands, and whether it would stand farther off if there were room."""
    off = judgement.relative or 0.0
    if state == "exact" or off == 0.0:
        return CENTRE, False
    if state == "reproduced" and not tolerance:
        return CENTRE, False
    wanted = off / (tolerance or 0.01) * BAND
    if state == "outside" and abs(wanted) < BAND + 3:
        wanted = (BAND + 3) * (1 if off > 0 else -1)
    limit = REACH - 4
    return CENTRE + max(-limit, min(limit, wanted)), abs(wanted) > limit


@register.simple_tag
def printed(number: ANumber | None) -> SafeString:
    """The printed digits with their unit; dotted underneath when nobody here has seen the table."""
    if number is None:
        return mark_safe("")
    text = format_html("{}{}", number.printed, _unit(number.unit))
    if number.trusted:
        return text
    doubt = gettext("Second-hand") if number.confirmed else gettext("Unconfirmed")
    return format_html(
        '<span class="unconfirmed" title="{}: {}">{}</span>', doubt, number.source, text
    )


@register.simple_tag
def ours(judgement: AJudgement | None, number: ANumber | None = None) -> SafeString:
    """Our value in the printed unit: the mean over seeds with its spread, or one value with two
    digits more than the paper prints."""
    if judgement is None or judgement.measured is None:
        return mark_safe("")
    decimals = number.decimals if number else None
    words = sentence_told(with_spread(judgement.measured, judgement.values, decimals))
    return format_html("{}{}", words, _unit(judgement.unit))


@register.simple_tag
def difference(judgement: AJudgement | None) -> str:
    """Ours minus the paper's, in per cent of the paper's."""
    if judgement is None or judgement.relative is None:
        return ""
    return percent(judgement.relative)


def _unit(unit: str) -> SafeString:
    shown = as_written(in_plots(unit_text(unit)))
    return format_html('<span class="unit">\u202f{}</span>', shown) if shown else mark_safe("")


@register.simple_tag
def verdict(judged: ANumber | Judgement, scale: str = "") -> SafeString:
    """Shape, word and scale of a verdict or of a number's state."""
    if isinstance(judged, Judgement):
        return _verdict(judged.verdict, judged.get_verdict_display(), *_at_scale(scale))
    run = judged.judgement.run if judged.judgement else None
    more = _at_scale(run.scale) if run else []
    if run is not None and run.origin == Run.Origin.RECORDED:
        origin = gettext("From a record that ships with the site")
        recorded = format_html(
            '<span class="scale" title="{}">{}</span>', origin, gettext("recorded")
        )
        more = [*more, recorded]
    return _verdict(judged.state, judged.get_state_display(), *more)


def _at_scale(scale: str) -> list[SafeString]:
    if not scale:
        return []
    words = gettext("at {scale} scale").format(scale=gettext(scale))
    return [format_html('<span class="scale">{}</span>', words)]


_ROW = """\
<tr id="n-{}">
<td class="what">
{}<a href="{}">{}</a>
<span class="where-printed">
{}
</span>{}
</td>
<td class="metric">{}</td>
<td class="num said">{}</td>
<td class="glyph">{}</td>
<td class="num ours">{}</td>
<td class="num off">{}</td>
<td class="state">
{}
{}
</td>
</tr>"""


@register.simple_tag
def number_row(
    number: ANumber, with_paper: bool = False, counted: bool = False, explained: bool = False
) -> SafeString:
    """A row of the ledger; needs its paper, judgement, run and claims, as `for_rows` reads them.

    with_paper: names the paper too; counted: and how its cost was counted; explained: and what
    the claims say of it. There are forty on a page, so they are put together here and not by a
    template each.
    """
    judgement, claims = number.judgement, _claims(number)
    return format_html(
        _ROW,
        number.slug,
        _paper_of(number) if with_paper else "",
        number.get_absolute_url(),
        as_written(number.setting),
        _where_printed(number, counted),
        _explanations(claims) if explained else "",
        in_plots(number.metric),
        printed(number),
        ringdot(number, judgement),
        ours(judgement, number),
        difference(judgement),
        verdict(number),
        _tested_by(number, judgement, claims),
    )


def _paper_of(number: ANumber) -> SafeString:
    address = number.paper.get_absolute_url()
    return format_html(
        '<a class="paper" href="{}">{}</a>\n', address, as_written(number.paper.title)
    )


def _where_printed(number: ANumber, counted: bool) -> SafeString:
    said = [sentence_in_words(number.table) if number.table else gettext("no table given")]
    if not number.confirmed:
        said.append(gettext("unconfirmed"))
    if number.second_hand:
        said.append(gettext("second-hand"))
    if number.table_of:
        said.append(gettext("in another's table"))
    if counted and number.convention:
        said.append(gettext("counted as {convention}").format(convention=number.convention))
    return format_html_join("\n· ", "{}", ((words,) for words in said))


def _explanations(claims: Iterable[AClaim]) -> SafeString:
    told = (as_written(capfirst(claim.explanation)) for claim in claims if claim.explanation)
    return format_html_join("", '\n<span class="explanation">{}</span>', ((one,) for one in told))


def _tested_by(
    number: ANumber, judgement: AJudgement | None, claims: Sequence[AClaim]
) -> SafeString:
    """The run that decided its state, else the program that could, else what a test needs."""
    if judgement is None and not claims:
        words = gettext("needs {needs}").format(needs=number.get_needs_display())
        return format_html('<span class="needs">{}</span>', words)
    if judgement is None:
        address, program = claims[0].get_absolute_url(), as_written(claims[0].program)
        return format_html('<a class="run" href="{}">{}</a>', address, program)
    address = reverse("run", args=[judgement.run_id])
    words = gettext("run {run_id}").format(run_id=judgement.run_id)
    return format_html('<a class="run" href="{}">{}</a>', address, words)


_VALUE = (
    '<li{}>\n<a href="{}"{}>\n<span>{}{}</span>\n<span class="count">{}</span>\n{}\n</a>\n</li>'
)


@register.simple_tag
def ledger_facet(values: Sequence[Mapping[str, Any]], most: int) -> SafeString:
    """List items of a facet's values, with bars that are parts of `most`.

    There are a hundred on a page, so they are put together here and not by a template each.
    """
    drawn = (_VALUE.format(*_value_parts(value, most)) for value in values)
    return mark_safe("\n".join(drawn))  # noqa: S308 - the parts are escaped


def _value_parts(value: Mapping[str, Any], most: int) -> tuple[str, ...]:
    """What stands in the places of a value, escaped."""
    return (
        f' class="axis-{escape(value["axis"])}"' if value["axis"] else "",
        escape(value["href"]),
        ' aria-current="true"' if value["current"] else "",
        '<span class="shape"></span>' if value["axis"] else "",
        format_html("{}", as_written(in_plots(value["label"]))),
        f"{value['count']:,}",
        thin_bar(value["count"], most),
    )


@register.filter
def cell(value: object) -> object:
    """A value in a table: numbers to nine digits, nothing for None."""
    if value is None:
        return "—"
    return f"{value:.9g}" if isinstance(value, float) else value


@register.filter
def human(name: str) -> str:
    """A name of a field for reading."""
    return name.replace("_", " ").replace("sha256", "SHA-256")


@register.filter
def seconds(value: float | None) -> str:
    """A duration for reading."""
    if value is None:
        return ""
    if value < 10:
        return f"{value:.1f} s"
    if value < 120:
        return f"{value:.0f} s"
    if value < 7200:
        return f"{value / 60:.0f} min"
    if value < 172_800:
        return f"{value / 3600:.1f} h"
    return f"{value / 86_400:.0f} days"


@register.filter
def size(value: int | None) -> str:
    """Bytes for reading."""
    if value is None:
        return ""
    if value < 1024:
        return f"{value} B"
    power = min(int(math.log(value, 1024)), 3)
    return f"{value / 1024**power:.3g} {('B', 'KiB', 'MiB', 'GiB')[power]}"
