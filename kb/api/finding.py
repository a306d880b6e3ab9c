"""From checked parameters to papers: the one place where the API and the feeds meet search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import Http404

from accounts.models import Visitor
from accounts.roles import is_curator
from kb.api.machinery.errors import Gone, InvalidParameters, ParameterError
from kb.api.machinery.parameters import Parameter, one_of
from papers.identifiers import Identifier, recognise
from papers.models import OldKey, Paper
from papers.models.asked_often import TEXT_STAND_IN, AskedOften
from papers.models.paper import PaperQuerySet
from papers.search import PaperQuery, fields, matching, search
from papers.search.language.clauses import Problem
from papers.search.language.resolving import resolve
from papers.search.results import Results
from papers.search.words.index import Unusable

LONGEST_MERGE = 5  # a record merged into one that was merged, and so on
_WORDS = Parameter(
    "q",
    "As typed into the search box: words, phrases, author:, year:, topic:, -word.",
    example="early exiting author:huang year:2018-2020",
)
_YEARS = (
    Parameter("year", "Year of the published version.", "integer", most=9999),
    Parameter("year_from", "First year.", "integer", most=9999),
    Parameter("year_to", "Last year.", "integer", most=9999),
)
_SINCE = Parameter(
    "updated_since",
    "Records changed at this instant or later.",
    "time",
    example="2026-01-01T00:00:00Z",
)


def parameters() -> tuple[Parameter, ...]:
    """What every list of papers takes: words, each field that has a parameter, years, changes."""
    own = (
        Parameter(field.name, f"{field.help[:1].upper()}{field.help[1:]}.", many=True)
        for field in fields.parameters()
    )
    return (_WORDS, *own, *_YEARS, _SINCE)


def query_of(given: Mapping[str, Any]) -> PaperQuery:
    """The site's own query for the parameters.

    Raises InvalidParameters for what the query language does not understand.
    """
    names = ("q", "year_from", "year_to", *(field.name for field in fields.parameters()))
    params = {name: given[name] for name in names if name in given}
    if "year" in given:
        params["year_from"] = params["year_to"] = given["year"]
    if given.get("sort") and given["sort"] != "updated":
        params["sort"] = "name" if given["sort"] == "title" else given["sort"]
    query = PaperQuery.from_params(params)
    refuse(query.problems)
    return query


def ranked(query: PaperQuery, user: Visitor, page: int, size: int) -> Results:
    """A page of the site's own search.

    Raises InvalidParameters for names that do not exist, Unusable while there is no index.
    """
    results = search(query.on_page(page), user=user, size=size)
    refuse(results.problems)
    if not results.is_ready:
        raise Unusable("there is no index yet")
    return results


def listed(query: PaperQuery, given: Mapping[str, Any], user: Visitor) -> PaperQuerySet:
    """All papers that a query finds, as a queryset: it can be paged by keyset, however long.

    Raises InvalidParameters for names that do not exist, Unusable while there is no index.
    """
    refuse(resolve(query).problems)
    papers = Paper.objects.visible_to(user)
    if not query.is_empty:
        papers = papers.numbered(matching(query, user, level="updated_since" in given))
    if "updated_since" in given:
        papers = papers.filter(updated_at__gte=given["updated_since"])
    return papers


def find_papers(given: Mapping[str, Any], user: Visitor) -> PaperQuerySet:
    """All papers that the parameters find."""
    return listed(query_of(given), given, user)


def refuse(problems: Iterable[Problem]) -> None:
    """Raise InvalidParameters if there are any: nothing is read otherwise than it was meant."""
    errors = []
    for problem in problems:
        code = "unknown_value" if problem.code.startswith("unknown-") else "invalid_query"
        message = f"{problem.where}: {problem.message}"
        if problem.instead:
            message += f" Meant: {problem.instead}"
        errors.append(ParameterError(problem.where, code, message))
    if errors:
        raise InvalidParameters(errors)


def paper_by(identifier: str, user: Visitor) -> Paper:
    """The paper of a key, an old key, an arXiv id, a DOI, an OpenReview or ACL id.

    The caller redirects when the key of the answer is not the one that was asked for.
    Raises Http404, and Gone for a withdrawn record.
    """
    everything = Paper.objects.all()
    paper = _BY_KEY.first(identifier)
    if paper is None and (old := OldKey.objects.filter(key=identifier).first()):
        paper = everything.filter(pk=old.paper_id).first()
    if paper is None and (recognised := recognise(identifier)):
        paper = everything.filter(**condition(recognised)).first()
    for _ in range(LONGEST_MERGE):
        if paper is not None and paper.state == Paper.State.MERGED:
            paper = everything.filter(merged=paper).first()
    if paper is not None and paper.state == Paper.State.WITHDRAWN and not is_curator(user):
        raise Gone()
    if paper is None or not (paper.state == Paper.State.PUBLIC or is_curator(user)):
        raise Http404(f"There is no paper “{identifier[:100]}”.")
    return paper


_BY_KEY: AskedOften[Paper] = AskedOften(
    lambda key: Paper.objects.filter(key=key).order_by(), TEXT_STAND_IN
)


def condition(identifier: Identifier) -> dict[str, str]:
    """Keyword for filter(); DOIs are the same in upper and lower case."""
    exact = "__iexact" if identifier.scheme.value == "doi" else ""
    return {f"{identifier.scheme.value}{exact}": identifier.value}


def is_identifier_of(paper: Paper, text: str) -> bool:
    """Whether `text` is an identifier that `paper` itself carries."""
    identifier = recognise(text)
    own = getattr(paper, identifier.scheme.value) if identifier else None
    return bool(identifier and own and own.lower() == identifier.value.lower())


def known_rows(model: type[Any], given: Mapping[str, Any], name: str) -> list[Any]:
    """Rows of the slugs in a parameter. Raises InvalidParameters for slugs that do not exist."""
    slugs = given.get(name, [])
    if not slugs:
        return []
    rows = list(model.objects.filter(slug__in=slugs))
    missing = [slug for slug in slugs if slug not in {row.slug for row in rows}]
    if missing:
        known = model.objects.values_list("slug", flat=True)
        raise InvalidParameters([one_of(name, slug, known) for slug in missing])
    return rows
