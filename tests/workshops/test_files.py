"""Photos, logos, papers and posters: checked, kept, public only with the page; private links."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
import struct
import zipfile
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from papers.models import AuthorLink, Workshop, WorkshopFile
from papers.workshops.pictures import NotAPicture, picture
from tests import make
from tests.make import signed_in
from tests.workshops.organising import body, edit, published

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int = 2, height: int = 2, *, more: bytes = b"", raw: bytes | None = None) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    raw = raw if raw is not None else (b"\0" + b"\x10\x20\x30" * width) * height
    body = chunk(b"IHDR", head) + more + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def jpeg(width: int = 40, height: int = 20, **more: Any) -> bytes:
    """Red on the left, blue on the right."""
    drawn = Image.new("RGB", (width, height), "blue")
    drawn.paste("red", (0, 0, width // 2, height))
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=95, subsampling=0, **more)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_a_png_is_drawn_again_without_what_is_no_picture() -> None:
    told = chunk(b"tEXt", b"Comment\0Home address") + chunk(b"eXIf", b"GPS 48.2 N")
    read = picture(png(more=told) + b"<script>after the end</script>", 800)
    assert (read.width, read.height, read.media_type) == (2, 2, "image/png")
    assert not re.search(rb"Home|GPS|script", read.content)
    assert opened(read.content).getpixel((1, 1)) == (0x10, 0x20, 0x30)
    assert picture(read.content, 800) == read


def test_a_photo_is_turned_upright_made_smaller_and_tells_nothing_of_its_camera() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera of Ada"  # turned by a quarter, maker
    exif.get_ifd(0x8825)[2] = (48.0, 12.0, 0.0)  # where it was taken
    sent = jpeg(2400, 1200, exif=exif, comment=b"Home address") + b"PK\x03\x04 an archive"

    read = picture(sent, 800)

    assert (read.width, read.height, read.suffix) == (400, 800, "jpg")
    assert not re.search(rb"Exif|Camera|Home|PK\x03", read.content)
    kept = opened(read.content)
    assert not kept.getexif() and "icc_profile" not in kept.info
    top, bottom = kept.getpixel((200, 100)), kept.getpixel((200, 700))
    assert top[0] > 240 > top[2] and bottom[2] > 240 > bottom[0]  # left went up


def test_what_shines_through_stays_so() -> None:
    drawn = Image.new("RGBA", (1000, 500), (0, 0, 0, 0))
    out = io.BytesIO()
    drawn.save(out, "PNG")
    read = picture(out.getvalue(), 100)
    assert (read.width, read.height) == (100, 50)
    assert opened(read.content).getpixel((3, 3))[3] == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + b"\0" * 40,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        png(90, 90, raw=random.Random(7).randbytes(90 * 271))[:-9000],
        png(raw=b"\0" * 3),
        png(9_000, 9_000, raw=b""),
        png(100_000, 1, raw=b""),
        png().replace(b"IDAT", b"IDAX"),
        jpeg()[:-40],
        jpeg()[:20] + b"\0" * 600,
        b"\xff\xd8\xff\xd9",
    ],
)
def test_what_is_no_whole_picture_is_refused(content: bytes) -> None:
    with pytest.raises(NotAPicture):
        picture(content, 800)


def photo(content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("me.png", content or png(), "image/png")


def with_photo(olga: Client, workshop: Workshop, **more: Any) -> Any:
    rows: Any = {"name": "Ada Byron", "role": "keynote", "photo-file": photo()} | more
    return edit(olga, workshop, "people", rows)


@pytest.mark.django_db
def test_a_photo_asks_for_words_and_is_public_with_the_page_alone() -> None:
    olga, workshop = published()
    asked = with_photo(olga, workshop)
    assert asked.status_code == 422 and "what the picture shows" in asked.content.decode()
    sent = {box.name: box.text for box in asked.context["sheet"].lines[0].boxes}
    path = sent["row-0-photo"]
    assert olga.get(path).status_code == 200 and Client().get(path).status_code == 404

    edit(olga, workshop, "people", sent_row(sent) | {"photo_words": "Ada at a desk"})

    page = body(Client(), f"/workshops/{workshop.slug}/")
    assert f'src="{path}"' in page and 'alt="Ada at a desk"' in page
    answer = Client().get(path)
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    edit(olga, workshop, "people", {"photo-gone": "1"})
    assert Client().get(path).status_code == 404
    assert "Ada at a desk" not in body(Client(), f"/workshops/{workshop.slug}/")


def sent_row(sent: dict[str, str]) -> dict[str, str]:
    return {name.removeprefix("row-0-"): text for name, text in sent.items()}


@pytest.mark.django_db
def test_a_photo_that_is_no_picture_is_told_at_its_box() -> None:
    olga, workshop = published()
    answer = with_photo(olga, workshop, **{"photo-file": photo(b"<svg onload=alert(1)>")})
    assert answer.status_code == 422
    assert "neither a PNG nor a JPEG" in answer.content.decode()
    assert not WorkshopFile.objects.exists()


@pytest.mark.django_db
def test_an_author_sends_files_by_a_private_link_and_nothing_is_public_before_it_is_accepted() -> (
    None
):
    olga, workshop = published()
    edit(olga, workshop, "papers", {"id": "7", "title": "Leaving erly", "authors": "A. Byron"})
    page, link = f"/workshops/{workshop.slug}/", new_link(olga, workshop)

    answer = Client().post(
        link,
        {
            "title": "Leaving early",
            "authors": "Ada Byron\nBo Li",
            "pdf": SimpleUploadedFile("p.pdf", PDF),
            "poster": photo(),
        },
        follow=True,
    )
    assert "An organiser looks at it" in answer.content.decode()
    files = {file.kind: file for file in WorkshopFile.objects.all()}
    paths = [files[kind].get_absolute_url() for kind in ("pdf", "poster")]
    assert "Leaving erly" in body(Client(), page) and "files/" not in body(Client(), page)
    assert [Client().get(path).status_code for path in paths] == [404, 404]

    table = body(olga, f"{page}authors/")
    acts = re.findall(r'value="((?:take|show) \d+)"', table)
    for act in acts:
        olga.post(f"{page}authors/", {"do": act})

    shown = body(Client(), page)
    assert "Leaving early" in shown and "Bo Li" in shown and all(path in shown for path in paths)
    assert b"".join(Client().get(paths[0])) == PDF  # type: ignore[arg-type]
    packed = zipfile.ZipFile(io.BytesIO(Client().get(f"{page}proceedings.zip").content))
    assert f"{workshop.slug}/files/{files['pdf'].name}" in packed.namelist()
    frozen = zipfile.ZipFile(io.BytesIO(Client().get(f"{page[:-1]}.zip").content))
    assert (
        f'href="files/{files["pdf"].name}"' in frozen.read(f"{workshop.slug}/index.html").decode()
    )
    site = Client().get(f"{page}jekyll.zip").content
    preview = olga.post(f"{page}import/", {"files": SimpleUploadedFile("s.zip", site)})["Location"]
    statuses = {row.status for *_, rows, _ in olga.get(preview).context["parts"] for row in rows}
    assert statuses == {"same"}


def new_link(olga: Client, workshop: Workshop, do: str = "make-all") -> str:
    made = body_of(olga.post(f"/workshops/{workshop.slug}/authors/", {"do": do}))
    [address] = re.findall(r"https?://[^/<]+(/workshops/papers/[\w-]+/)", made)
    return str(address)


def body_of(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.django_db
def test_a_link_is_kept_as_a_hash_and_ends_by_time_by_hand_and_by_a_newer_one() -> None:
    olga, workshop = published()
    edit(olga, workshop, "papers", {"id": "7", "title": "Leaving early", "authors": "Ada Byron"})
    first = new_link(olga, workshop)
    assert first.split("/")[3] not in str(AuthorLink.objects.values())
    assert "Leaving early" in body(Client(), first)

    second = new_link(olga, workshop, "make 7")
    assert Client().get(first).status_code == 404
    third = new_link(olga, workshop, "make 7")
    pk = AuthorLink.objects.get(revoked_at=None).pk
    olga.post(f"/workshops/{workshop.slug}/authors/", {"do": f"end {pk}"})
    assert [Client().get(link).status_code for link in (second, third)] == [404, 404]
    fourth = new_link(olga, workshop)
    past = timezone.now() - dt.timedelta(seconds=1)
    AuthorLink.objects.filter(revoked_at=None).update(ends_at=past)
    assert Client().post(fourth, {"title": "X", "authors": "Y"}).status_code == 404
    assert not AuthorLink.objects.exclude(answered_at=None).exists()


@pytest.mark.django_db
def test_wrong_files_are_told_and_strangers_find_no_table() -> None:
    olga, workshop = published()
    edit(olga, workshop, "papers", {"id": "7", "title": "Leaving early", "authors": "Ada Byron"})
    link = new_link(olga, workshop)
    given = {"title": "Leaving early", "authors": "Ada Byron"}

    for sent, words in (
        ({"pdf": SimpleUploadedFile("a.pdf", b"<html>")}, "This is no PDF"),
        ({"pdf": SimpleUploadedFile("a.pdf", b"%PDF-1.4 cut")}, "cut off"),
        ({"poster": SimpleUploadedFile("a.png", b"MZ\x90")}, "A poster may be a PDF"),
    ):
        answer = Client().post(link, given | sent)
        assert answer.status_code == 422 and words in answer.content.decode()
    assert not WorkshopFile.objects.exists()
    sam = signed_in(make.member("sam"))
    assert sam.get(f"/workshops/{workshop.slug}/authors/").status_code == 404
    assert sam.post(f"/workshops/{workshop.slug}/authors/", {"do": "make 7"}).status_code == 404
