"""Chinese pages as they are read: status, language, no English left, no query more."""

from __future__ import annotations

import re
from typing import Any

import html5lib
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from accounts.models import User
from community.following.digests import _message
from tests import make

pytestmark = pytest.mark.django_db

# Pages that hold no English of ours. The list may only grow.
FREE = [
    "/",
    "/about/",
    "/papers/",
    "/topics/",
    "/glossary/",
    "/paths/",
    "/people/",
    "/reviews/",
    "/lists/",
    "/upload/",
    "/import/",
    "/workshops/deadlines/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/nowhere-at-all/",
]
# Names, formats and words of the query language, which are the same in every language.
SAME = re.compile(
    r"https?:\S+|[\w-]+:[\w\"-]+(\.\.\d+)?|\b(DOI|arXiv|OpenReview|BibTeX|RIS|CSL-JSON|CSV|API|PDF|JSON"
    r"|Feed|Atom|ORCID|English|MSDNet|UTC|BM25|OR|Dynamic|Neural|Networks|A|Survey|Han|README|Markdown"
    r"|awesome|CC0|OCR|MB|a phrase|word|one|other|without|early|exit|Living|GitHub|YAML|bib|ris|json|ics"
    r"|DeiT|iD|key|title|id|TPAMI|ACL Anthology)\b"
)


WORDS = re.compile(r"([A-Za-z]{2,}\s+){2}")


def english_of(body: str) -> list[str]:
    """Texts with three and more Latin words in a row that nothing marks as English or as code."""
    tree = html5lib.parse(body, namespaceHTMLElements=False)
    left: list[str] = []

    def look(element: Any, language: str) -> None:
        if not isinstance(element.tag, str) or element.tag in {"script", "style", "code", "pre"}:
            return
        language = element.get("lang", language)
        texts = [element.text, *(element.get(name) for name in ("title", "aria-label"))]
        texts += [child.tail for child in element]
        if language.startswith("zh"):
            left.extend(text for text in texts if text and WORDS.search(SAME.sub("", text)))
        for child in element:
            look(child, language)

    look(tree.find("body"), tree.get("lang", ""))
    return [" ".join(text.split()) for text in left]


@pytest.mark.parametrize("address", FREE)
def test_no_english_is_left(client: Client, address: str):
    answer = client.get(f"/zh{address}")
    assert answer.status_code == (404 if "nowhere" in address else 200)
    assert answer["Content-Language"] == "zh-Hans"
    assert english_of(answer.content.decode()) == []


def test_forms_and_errors_are_chinese(client: Client):
    paper = make.paper("Gates")
    client.force_login(make.member("meilin"))
    form = client.get(f"/zh/papers/{paper.key}/reviews/new/").content.decode()
    assert "选择表单" in form
    answer = client.post("/zh/lists/make", {"name": ""}, follow=True)
    assert "请给清单起个名称。" in answer.content.decode()
    assert answer.redirect_chain[-1][0].startswith("/zh/")
    signed = Client().get("/zh/lists/yours/")
    assert signed["Location"].startswith("/zh/accounts/login/?next=/zh/lists/yours/")


def test_records_are_told_in_both_scripts(client: Client):
    topic = make.topic("Leaving early", zh="提早离开")
    body = client.get(f"/zh/topics/{topic.slug}/").content.decode()
    assert re.search(r'提早离开\s+<span class="quiet" lang="en">Leaving early</span>', body)
    english = client.get(f"/topics/{topic.slug}/").content.decode()
    assert re.search(r'Leaving early\s+<span class="quiet" lang="zh">提早离开</span>', english)


def test_what_machines_read_is_the_same(client: Client):
    paper = make.paper("Gates")
    english, chinese = (client.get(f"{at}/papers/{paper.key}/") for at in ("", "/zh"))
    assert english["Link"] == chinese["Link"]
    for pattern in (
        r'<script type="application/ld\+json"[^>]*>(.*?)</script>',
        r'<meta name="citation.*?>',
    ):
        found = [re.findall(pattern, one.content.decode(), re.DOTALL) for one in (english, chinese)]
        assert found[0] and found[0] == found[1]


def test_problems_of_the_api_are_told_in_chinese(client: Client):
    asked = client.get("/api/v1/papers/nothing-here/", headers={"Accept-Language": "zh-CN"})
    assert asked.json()["title"] == "未找到"
    assert "Accept-Language" in asked["Vary"]
    assert client.get("/api/v1/papers/nothing-here/").json()["title"] == "Not Found"


@pytest.mark.parametrize("address", ["/", "/papers/", "/topics/", "/people/"])
def test_chinese_costs_no_query_more(client: Client, address: str):
    make.paper("Gates")
    counts = []
    for at in ("", "/zh"):
        client.get(f"{at}{address}")  # what is kept between requests is there
    for at in ("", "/zh"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(f"{at}{address}")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_digest_is_written_in_the_language_of_the_account():

    class Held:
        pk, paper_count, since, until = 1, 2, None, None

        class subscription:
            mail_token = "a" * 20

    assert User._meta.get_field("language").default == ""
    with override("zh-hans"):
        message = _message(Held(), "mei@example.org", [object()], [])  # type: ignore[arg-type,list-item]
    assert "2 篇新论文" in message.subject
    assert "/zh/following/" in message.body
