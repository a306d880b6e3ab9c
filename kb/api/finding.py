"""From checked parameters to papers: the one place where the API and the feeds meet search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.http import Http404

from accounts.models import Visitor
from accounts.roles import is_curator
from kb.api.machinery.errors import Gone, InvalidParameters, ParameterError
from kb.api.machinery.parameters import Parameter, one_of
from papers.identifiers import Identifier, recognise
from papers.models import Authorship, OldKey, Paper, Person
from papers.models.paper import PaperQuerySet
from papers.search import PaperQuery, search
from papers.search.language.clauses import Field, Problem, Years
from papers.search.language.resolving import resolve
from papers.search.plain import condition as holds
from papers.search.plan import make_plan
from papers.search.results import Results

LONGEST_MERGE = 5  # a record merged into one that was merged, and so on
BEST = 100  # papers of a search with words that a feed follows
SEARCHED = ("q", "topic", "venue", "workshop", "has", "is", "year_from", "year_to")
PARAMETERS = (
    Parameter("q", "As typed into the search box: words, phrases, author:, year:, topic:, -word."),
    Parameter(
        "topic", "A topic, with all below it. Of one axis any, of several axes all.", many=True
    ),
    Parameter("venue", "A venue, with the series that belong to it.", many=True),
    Parameter("workshop", "A workshop edition that accepted the paper.", many=True),
    Parameter("author", "Slug of a person.", many=True),
    Parameter("has", "What the paper must have: code, abstract, findings, …", many=True),
    Parameter("is", "article, survey or baseline.", many=True),
    Parameter("year", "Year of the published version.", "integer", most=9999),
    Parameter("year_from", "First year.", "integer", most=9999),
    Parameter("year_to", "Last year.", "integer", most=9999),
    Parameter("updated_since", "Records changed at this instant or later; not with words.", "time"),
)


def query_of(given: Mapping[str, Any]) -> PaperQuery:
    """The site's own query for the parameters.

    Raises InvalidParameters for what the query language does not understand, and for parameters
    that only work on lists together with words.
    """
    params = {name: given[name] for name in SEARCHED if name in given}
    if "year" in given:
        params["year_from"] = params["year_to"] = given["year"]
    if given.get("sort") and given["sort"] != "updated":
        params["sort"] = given["sort"]
    query = PaperQuery.from_params(params)
    refuse(query.problems)
    if query.is_ranked and (authors := given.get("author")):
        named = " ".join([query.q, *(f"author:{slug}" for slug in authors)])
        query = PaperQuery.from_params(params | {"q": named})
    if query.is_ranked and ("updated_since" in given or given.get("sort") == "updated"):
        message = "updated_since and sort=updated do not go together with words in q."
        raise InvalidParameters([ParameterError("q", "invalid_query", message)])
    return query


def ranked(query: PaperQuery, user: Visitor, page: int, size: int) -> Results:
    """A page of the site's own search. Raises InvalidParameters for names that do not exist."""
    results = search(query.on_page(page), user=user, size=size)
    refuse(results.problems)
    return results


def listed(query: PaperQuery, given: Mapping[str, Any], user: Visitor) -> PaperQuerySet:
    """All papers that meet the conditions of a query without words.

    The same conditions as in search, as a queryset: it can be paged by keyset, however long.
    Raises InvalidParameters for names that do not exist.
    """
    meaning = resolve(query)
    refuse(meaning.problems)
    plan = make_plan(query, meaning, user)
    conditions = [holds(clause) for clause in plan.conditions]
    conditions += [holds(Field("topic", tuple(few))) for few in plan.topics_by_root().values()]
    for facet in ("venue", "workshop", "is"):
        if values := plan.chosen.get(facet):
            conditions.append(holds(Field(facet, values)))
    conditions += [holds(Field("has", (value,))) for value in plan.chosen.get("has", ())]
    if query.has_years:
        conditions.append(holds(Years(((query.year_from, query.year_to),))))
    if people := known_rows(Person, given, "author"):
        written = Authorship.objects.filter(person__in=people)
        conditions.append(Q(pk__in=written.values("paper")))
    if "updated_since" in given:
        conditions.append(Q(updated_at__gte=given["updated_since"]))
    return Paper.objects.visible_to(user).filter(*conditions)


def identified(query: PaperQuery, user: Visitor) -> PaperQuerySet | None:
    """The one paper whose identifier the query is, if it is one that we hold."""
    if query.identifier is None:
        return None
    papers = Paper.objects.visible_to(user).filter(**condition(query.identifier))
    return papers if papers.exists() else None


def find_papers(given: Mapping[str, Any], user: Visitor) -> PaperQuerySet:
    """Papers that the parameters find; of a search with words the best hundred."""
    query = query_of(given)
    if (one := identified(query, user)) is not None:
        return one
    if query.is_ranked:
        best = ranked(query, user, page=1, size=BEST).papers
        return Paper.objects.visible_to(user).filter(pk__in=[paper.pk for paper in best])
    return listed(query, given, user)


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
    found = everything.filter(key=identifier).first()
    if found is None and (old := OldKey.objects.filter(key=identifier).first()):
        found = everything.filter(pk=old.paper_id).first()
    if found is None and (recognised := recognise(identifier)):
        found = everything.filter(**condition(recognised)).first()
    for _ in range(LONGEST_MERGE):
        if found is not None and found.state == Paper.State.MERGED:
            found = everything.filter(merged=found).first()
    if found is not None and found.state == Paper.State.WITHDRAWN and not is_curator(user):
        raise Gone()
    if found is None or not (found.state == Paper.State.PUBLIC or is_curator(user)):
        raise Http404(f"There is no paper “{identifier[:100]}”.")
    return found


def condition(identifier: Identifier) -> dict[str, str]:
    """Keyword for filter(); DOIs are the same in upper and lower case."""
    exact = "__iexact" if identifier.scheme.value == "doi" else ""
    return {f"{identifier.scheme.value}{exact}": identifier.value}


def is_identifier_of(paper: Paper, text: str) -> bool:
    """Whether `text` is an identifier that `paper` itself carries."""
    found = recognise(text)
    own = getattr(paper, found.scheme.value) if found else None
    return bool(found and own and own.lower() == found.value.lower())


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
