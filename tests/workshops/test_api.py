"""Organisers' writes by the API, and what it tells of workshops."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests import make
from tests.make import signed_in
from tests.workshops.organising import edit, published

pytestmark = pytest.mark.django_db


def send(client: Client, address: str, body: dict[str, Any]) -> Any:
    seen = client.get(address)
    headers = {"If-Match": seen["ETag"]}
    return client.patch(address, json.dumps(body), "application/json", headers=headers)


def test_an_organiser_saves_a_part_for_everybody_or_as_a_draft() -> None:
    olga, workshop = published()
    address = f"/api/v1/workshops/{workshop.slug}/blocks/overview/"

    public = send(olga, address, {"fields": {"summary": "By program.", "topics": ["Early exits"]}})
    draft = send(olga, address, {"fields": {"summary": "Not yet."}, "state": "draft"})

    assert public.status_code == draft.status_code == 200, draft.content
    assert draft.json()["fields"]["summary"] == "Not yet."
    told = Client().get(f"/api/v1/workshops/{workshop.slug}/").json()
    assert (told["summary"], told["topics"]) == ("By program.", ["Early exits"])
    assert olga.patch(address, "{}", "application/json").status_code == 428
    wrong = send(olga, address, {"fields": {"summary": 3, "people": []}})
    assert wrong.status_code == 422


def test_others_find_no_parts() -> None:
    _, workshop = published()
    address = f"/api/v1/workshops/{workshop.slug}/blocks/"

    assert Client().get(address).status_code in (401, 403)
    assert signed_in(make.member("sam")).get(address).status_code == 404


def test_rooms_days_news_and_links_of_sponsors_are_told() -> None:
    olga, workshop = published()
    edit(
        olga, workshop, "sponsors", {"name": "Acme", "tier": "gold", "url": "https://acme.example"}
    )
    edit(olga, workshop, "news", {"date": "2026-01-02", "title": "It begins", "text": "*So.*"})
    talk = {"day": "2027-07-24", "start": "9", "end": "10", "title": "Looms", "room": "B 12"}
    edit(olga, workshop, "programme", talk)

    told = Client().get(f"/api/v1/workshops/{workshop.slug}/").json()

    sponsor = {"name": "Acme", "tier": "gold", "link": "https://acme.example"}
    assert told["sponsors"] == [sponsor | {"logo": "", "logo_words": ""}]
    assert told["news"] == [{"date": "2026-01-02", "title": "It begins", "text": "*So.*"}]
    item = told["schedule"][0]
    assert (item["day"], item["room"], item["start"]) == ("2027-07-24", "B 12", "09:00:00")
