"""Parts of pages that are kept under the values they are made of: no change is missed, and a change
elsewhere makes nothing anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, models
from django.db.models import CharField, F, Value
from django.db.models.functions import Concat, Right
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from pghistory.models import Event

from kb.site import kept_parts, public_changes
from kb.site.kept_parts import Later, kept, kept_of, note_dependence, note_state
from papers.models import Lab, Method, MethodPaper, Paper, PaperTopic, TimelineEvent
from reproductions.models import Claim, Judgement, PublishedNumber, Run
from tests import make

OF_THE_FIELD = ("taxonomy", "papers", "reproductions")
PAGES = (
    *("/", "/zh/", "/topics/early-exiting/", "/zh/topics/early-exiting/", "/topics/experts/"),
    *("/papers/", "/numbers/", "/numbers/?state=exact", "/numbers/?order=difference", "/people/"),
)
SOME = (
    "/",
    "/zh/topics/early-exiting/",
    "/topics/early-exiting/",
    "/papers/",
    "/numbers/",
    "/people/",
    "/api/v1/papers/skip2018/",
    "/api/v1/papers/skip2018/?select=title,authors",
)


@pytest.fixture
def field(transactional_db: None, settings: Any) -> Paper:
    """A row of all that these pages show."""
    settings.KB_PAGE_CACHE_SECONDS = 600
    topic = make.topic("early-exiting", zh="早退")
    other = make.topic("experts")
    shown = make.paper(
        "Skip RNN", key="skip2018", topics=[topic, other], code="https://example.org/code"
    )
    for title in ("Skim", "Jump"):
        make.paper(title, key=f"{title.lower()}2019", year=2019, topics=[topic], kind="survey")
    make.learning(topic, shown)
    TimelineEvent.objects.create(year=2018, domain="model", title="A step", why="so", paper=shown)
    method = Method.objects.create(
        slug="skip-rnn", name="SkipRNN", aliases=["Skip RNN"], sources=["a test"]
    )
    MethodPaper.objects.create(method=method, paper=shown, role=MethodPaper.Role.INTRODUCES)
    Lab.objects.create(slug="lab", name="A lab", topics=["early-exiting"], sources=["a test"])
    make.workshop("A workshop")
    _judged(make.number(shown, state="exact"))
    make.number(shown)
    call_command("index", verbosity=0)
    kept_parts.forget()
    return shown


def _judged(number: PublishedNumber) -> None:
    run = Run.objects.create(
        program="skip", scale="exact", seed=1, device="cpu", state="finished", finished_at=now()
    )
    claim = Claim.objects.create(
        program="skip", identifier="one", number=number, metric="madds", unit="M", scale="exact",
        rule={"kind": "exact"}, basis="arithmetic", statement="It is so", explanation="because",
    )  # fmt: skip
    number.judgement = Judgement.objects.create(
        run=run, claim=claim, verdict="exact", reason="equal", sentence="It is equal.", unit="M",
        published=317, measured=317, values=[317.0], difference=0, relative=0.5, rules_version="1",
    )  # fmt: skip
    number.save()


def page(address: str) -> bytes:
    """As it is answered to who brings a cookie of another site: whole answers are not kept for
    them, parts are."""
    client = Client()
    client.cookies["of-another-site"] = "1"
    answer = client.get(address)
    assert answer.status_code == 200, address
    nonce = str(getattr(answer.wsgi_request, "_csp_nonce", None))
    return answer.content.replace(nonce.encode(), b"")


def made(address: str, settings: Any) -> bytes:
    """With no part kept."""
    before, settings.KB_PAGE_CACHE_SECONDS = settings.KB_PAGE_CACHE_SECONDS, 0
    try:
        return page(address)
    finally:
        settings.KB_PAGE_CACHE_SECONDS = before


def changes() -> Iterator[tuple[str, models.QuerySet[Any], dict[str, Any]]]:
    """Each table that readers see something of and that has rows: its name, the rows, and what to
    write into all its texts and numbers."""
    for model in public_changes.public_models():
        rows = model._default_manager.all()
        if not rows.exists() or model._meta.app_label not in OF_THE_FIELD:
            continue
        if issubclass(model, Event):  # the past never changes
            continue
        changed: dict[str, Any] = {}
        for one in model._meta.concrete_fields:
            if one.primary_key or one.choices or one.is_relation or one.unique:
                continue
            if f"{model.__name__}.{one.name}" in UNSAFE:
                continue
            if isinstance(one, models.CharField | models.TextField):
                longer = Concat(Right(F(one.name), 20), Value("x"), output_field=CharField())
                changed[one.name] = longer
            elif isinstance(one, models.IntegerField | models.FloatField | models.DecimalField):
                changed[one.name] = F(one.name) + 1
        if changed:
            yield model.__name__, rows, changed


UNSAFE = {"Topic.path", "Topic.slug", "Run.record_sha256"}
"""What the pages here are asked for by, or what only belongs together."""


def test_what_is_kept_is_what_would_be_made_after_a_change_of_any_table(
    field: Paper, settings: Any
) -> None:
    tried = seen = 0
    before = {address: page(address) for address in SOME}
    for name, rows, changed in list(changes()):
        rows.update(**changed)
        tried += 1
        for address in SOME:
            shown = page(address)
            assert shown == made(address, settings), f"{address} after a change of {name}"
            seen += shown != before[address]
            before[address] = shown
    assert tried > 15
    assert seen > 20


def test_what_is_kept_is_what_would_be_made_after_rows_come_and_go(
    field: Paper, settings: Any
) -> None:
    topic = field.placements.first().topic

    def steps() -> Iterator[object]:
        yield make.paper("New", key="new2020", year=2020, topics=[topic])
        yield Paper.objects.filter(key="new2020").update(state=Paper.State.HIDDEN)
        yield Paper.objects.filter(key="new2020").update(state=Paper.State.PUBLIC)
        yield PaperTopic.objects.filter(paper__key="new2020").delete()
        yield field.authorships.all().delete()
        yield field.links.all().delete()
        yield Claim.objects.update(withdrawn_at=now())
        yield PublishedNumber.objects.filter(judgement=None).update(withdrawn_at=now())
        yield Paper.objects.filter(pk=field.pk).update(state=Paper.State.HIDDEN)
        yield Lab.objects.all().delete()

    for number, _ in enumerate(steps()):
        for address in (*PAGES, "/api/v1/papers/skim2019/"):
            assert page(address) == made(address, settings), (number, address)


@pytest.mark.parametrize("address", PAGES)
def test_a_change_elsewhere_renders_nothing_anew(
    field: Paper, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    page(address)
    page(address)
    rendered: list[str] = []
    real = kept_parts._keep

    def keep(key: Any, made: object, *more: Any) -> None:
        rendered.append(str(made))
        real(key, made, *more)

    make.venue("Elsewhere")  # no page here shows it
    monkeypatch.setattr(kept_parts, "_keep", keep)
    shown = page(address)

    bodies = [part for part in rendered if "<" in part]
    assert all(part.encode() in shown for part in bodies)
    if address != "/papers/":  # where the search is asked for the results each time
        with CaptureQueriesContext(connection) as asked:
            page(address)
        assert len(asked) <= 4  # all of it is kept again under the new state


def test_a_change_elsewhere_leaves_the_record_of_a_paper_kept(
    field: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "/api/v1/papers/skip2018/"
    before = page(address)
    made_anew: list[Any] = []
    monkeypatch.setattr(kept_parts, "_keep", lambda key, made, *more: made_anew.append(made))

    Paper.objects.filter(key="jump2019").update(title="Jump once more")
    elsewhere = page(address)
    assert (elsewhere, made_anew) == (before, [])

    field.links.update(url="https://example.org/moved")
    assert b"moved" in page(address)
    assert len(made_anew) == 1


def asked(path: str = "/") -> Any:
    request = RequestFactory().get(path)
    note_state(request)
    return request


def test_a_part_is_made_once_of_the_same_values_whatever_changes(field: Paper) -> None:
    drawn = iter("abc")

    def part(values: object) -> str:
        return kept_of(asked(), "part", lambda: next(drawn), values)

    assert part(["one"]) == "a"
    make.venue("Elsewhere")
    assert [part(["one"]), part(["two"]), part(["one"])] == ["a", "b", "a"]


def test_a_part_that_asks_more_than_it_says_is_not_kept_by_its_values(field: Paper) -> None:
    drawn = iter("abcdef")

    def asks() -> str:
        Paper.objects.first()
        return next(drawn)

    def reads_what_was_foreseen() -> str:
        return Later(lambda: {"word": asks()}).values()["word"]

    def holds_another() -> str:
        request = asked()
        note_dependence(request)
        return kept(request, "inner", lambda: next(drawn))

    assert [kept_of(asked(), "asks", asks, 1) for _ in range(2)] == ["a", "b"]
    assert [kept_of(asked(), "later", reads_what_was_foreseen, 1) for _ in range(2)] == ["c", "c"]
    request = asked()

    def with_a_part_by_state() -> str:
        note_dependence(request)
        return next(drawn)

    assert [kept_of(request, "holds", with_a_part_by_state, 1) for _ in range(2)] == ["d", "e"]


def test_the_tag_looks_by_state_then_by_values(field: Paper) -> None:
    read: list[int] = []

    def words() -> dict[str, object]:
        read.append(1)
        return {"word": "same"}

    def text() -> str:
        template = Template(
            '{% keep "tagged" from later of word %}{{ word }}{% cycle "1" "2" %}{% endkeep %}'
        )
        return template.render(Context({"request": asked(), "later": Later(words)}))

    assert [text(), text()] == ["same1", "same1"]
    assert len(read) == 1
    make.venue("Elsewhere")
    assert text() == "same1"
    assert len(read) == 2
