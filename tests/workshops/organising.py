"""Making and editing workshops in tests, as the forms do."""

from __future__ import annotations

from typing import Any

from django.test import Client

from papers.models import Workshop
from tests import make
from tests.make import signed_in


def made(client: Client, **fields: Any) -> Workshop:
    """A workshop from the form, a draft."""
    sent = {
        "name": "Workshop on Frugal Networks",
        "acronym": "FruN",
        "year": "2027",
        "date": "2027-07-23",
        "timezone": "Europe/Vienna",
        "host_conference": "ICML 2027",
        **fields,
    }
    response = client.post("/workshops/new/", sent)
    assert response.status_code == 302, response.content.decode()[:3000]
    return Workshop.objects.get(slug=response["Location"].split("/")[2])


def edit(
    client: Client, workshop: Workshop, code: str, *rows: dict[str, str], **fields: str
) -> Any:
    """Send the form of a block as the page offers it, with `rows` laid over its entries."""
    address = f"/workshops/{workshop.slug}/edit/{code}/"
    page = client.get(address)
    assert page.status_code == 200
    sheet, sent = page.context["sheet"], {"seen": page.context["seen"], "do": "save"}
    sent |= {box.name: box.text for box in sheet.boxes if box.input.kind != "check" or box.text}
    for line in sheet.lines:
        sent |= {f"row-{line.number}-was": line.was, f"row-{line.number}-order": line.order}
        sent |= {box.name: box.text for box in line.boxes if box.input.kind != "check" or box.text}
    for number, row in enumerate(rows):
        sent |= {f"row-{number}-{name}": value for name, value in row.items()}
    return client.post(address, sent | fields)


def published(name: str = "olga") -> tuple[Client, Workshop]:
    """A public workshop of a curator, with nothing but its facts."""
    client = signed_in(make.member(name, "curators"))
    workshop = made(client)
    client.post(f"/workshops/{workshop.slug}/hand-in")
    workshop.refresh_from_db()
    assert workshop.is_public
    return client, workshop


def body(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()
