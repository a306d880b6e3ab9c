"""A full disk: said so, with nothing half kept."""

from __future__ import annotations

import errno
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from papers.models import Document
from tests import make

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


@pytest.mark.parametrize("address", ["/api/v1/documents/", "/upload/"])
def test_an_upload_to_a_full_disk_is_refused_and_leaves_nothing(
    address: str, monkeypatch: Any
) -> None:
    saving = FileSystemStorage._save

    def full(storage: Any, name: str, content: Any) -> str:
        saving(storage, name, SimpleUploadedFile("half.pdf", content.read(10)))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    client = Client(raise_request_exception=False)
    client.force_login(make.member("mia"))
    sent = {"file": SimpleUploadedFile("a.pdf", PDF, "application/pdf"), "licence": "CC-BY-4.0"}
    sent["files"] = SimpleUploadedFile("a.pdf", PDF, "application/pdf")

    stored = _stored("")

    response = client.post(address, sent)

    assert response.status_code == 507
    assert int(response.headers["Retry-After"]) > 0
    assert not Document.objects.exists()
    assert sorted(_stored("")) == sorted(stored)


def _stored(folder: str) -> list[str]:
    folders, files = default_storage.listdir(folder) if default_storage.exists(folder) else ([], [])
    inner = [name for part in folders for name in _stored(f"{folder}/{part}".lstrip("/"))]
    return [*files, *inner]


def test_health_tells_of_a_disk_without_room(monkeypatch: Any) -> None:
    monkeypatch.setattr("kb.site.disk.free_bytes", lambda: 2**20)

    answer = Client().get("/healthz?part=disk")

    assert (answer.status_code, answer.json()["parts"]["disk"]["state"]) == (503, "full")
