"""Every spelling of an address leads to one video."""

from __future__ import annotations

import pytest

from community.videos.providers import NotRecognised, bv_of, player_of, recognise, start_of

SAME = [
    ("youtube", "dQw4w9WgXcQ", 0, "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
    ("youtube", "dQw4w9WgXcQ", 0, "youtu.be/dQw4w9WgXcQ?si=abc"),
    ("youtube", "dQw4w9WgXcQ", 90, "https://youtu.be/dQw4w9WgXcQ?t=90"),
    ("youtube", "dQw4w9WgXcQ", 3723, "https://m.youtube.com/watch?v=dQw4w9WgXcQ&t=1h2m3s"),
    ("youtube", "dQw4w9WgXcQ", 30, "https://www.youtube.com/embed/dQw4w9WgXcQ?start=30"),
    ("youtube", "dQw4w9WgXcQ", 0, "https://www.youtube.com/shorts/dQw4w9WgXcQ"),
    ("youtube", "dQw4w9WgXcQ", 0, "https://youtube.com/live/dQw4w9WgXcQ?feature=share"),
    ("youtube", "dQw4w9WgXcQ", 0, "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
    ("youtube", "dQw4w9WgXcQ", 75, "https://www.youtube.com/watch?v=dQw4w9WgXcQ#t=1m15s"),
    ("bilibili", "BV17x411w7KC", 0, "https://www.bilibili.com/video/BV17x411w7KC/"),
    ("bilibili", "BV17x411w7KC", 0, "https://www.bilibili.com/video/av170001"),
    ("bilibili", "BV17x411w7KC", 0, "https://www.bilibili.com/video/BV17x411w7KC?p=1"),
    ("bilibili", "BV17x411w7KC:p3", 20, "https://m.bilibili.com/video/BV17x411w7KC?p=3&t=20"),
    ("bilibili", "BV17x411w7KC", 0, "https://player.bilibili.com/player.html?aid=170001&page=1"),
    ("slideslive", "38956531", 0, "https://slideslive.com/38956531/dynamic-networks"),
    ("slideslive", "38956531", 0, "https://slideslive.com/embed/presentation/38956531"),
    ("vimeo", "123456789", 0, "https://vimeo.com/123456789"),
    ("vimeo", "123456789", 0, "https://vimeo.com/channels/staffpicks/123456789"),
    ("vimeo", "123456789", 62, "https://player.vimeo.com/video/123456789?h=abcdef1234#t=62s"),
    (
        "peertube",
        "tube.example/6zpVwFWPvtSYpZCbnW5Gjy",
        0,
        "https://tube.example/w/6zpVwFWPvtSYpZCbnW5Gjy",
    ),
    ("file", "https://example.org/a%20talk.mp4", 0, "http://EXAMPLE.org/a%20talk.mp4#t=0"),
    ("slides", "https://example.org/slides.pdf", 0, "https://example.org/slides.pdf"),
]


@pytest.mark.parametrize(("provider", "name", "start", "address"), SAME)
def test_an_address_is_recognised(provider: str, name: str, start: int, address: str) -> None:
    found = recognise(address)

    assert (found.provider, found.provider_id, found.start) == (provider, name, start)


def test_long_and_short_ids_of_peertube_are_one_video() -> None:
    long = recognise("https://tube.example/videos/watch/9c9de5e8-0a1e-484a-b099-e80766180a6d")
    short = recognise(long.address)

    assert long.provider_id == short.provider_id
    assert len(long.provider_id.split("/")[1]) == 22


def test_the_secret_of_an_unlisted_vimeo_video_is_kept() -> None:
    for address in (
        "https://vimeo.com/123456789/abcdef1234",
        "https://player.vimeo.com/video/123456789?h=abcdef1234",
    ):
        found = recognise(address)
        assert found.address == "https://vimeo.com/123456789/abcdef1234"
        assert found.player == "https://player.vimeo.com/video/123456789?h=abcdef1234&dnt=1"


def test_old_numbers_of_bilibili_lead_to_the_new_ids() -> None:
    assert [bv_of(170001), bv_of(455017605)] == ["BV17x411w7KC", "BV1Q541167Qg"]


def test_players_are_those_that_set_no_cookies_and_begin_at_the_start() -> None:
    assert (
        player_of("youtube", "https://www.youtube.com/watch?v=dQw4w9WgXcQ", 90)
        == "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?start=90"
    )
    assert (
        player_of("vimeo", "https://vimeo.com/123456789", 62)
        == "https://player.vimeo.com/video/123456789?dnt=1#t=62s"
    )


@pytest.mark.parametrize("provider", ["peertube", "file", "slides"])
def test_no_player_of_an_arbitrary_host_is_ever_embedded(provider: str) -> None:
    assert player_of(provider, "https://evil.example/w/6zpVwFWPvtSYpZCbnW5Gjy", 0) == ""


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        "https://evil.example/watch?v=dQw4w9WgXcQ",
        "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/@channel",
        "https://www.youtube.com/playlist?list=PL123",
        "https://b23.tv/abcdef",
        'https://youtu.be/dQw4w9WgXcQ"><script>',
        "https://user:pass@youtu.be/dQw4w9WgXcQ",
        "https://[::1/a.mp4",
        "https://example.org/" + "a" * 600 + ".mp4",
    ],
)
def test_anything_else_is_refused_with_words(address: str) -> None:
    with pytest.raises(NotRecognised, match=r"\w+"):
        recognise(address)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("", 0), ("90", 90), ("90s", 90), ("1:30", 90), ("1:02:03", 3723), ("2m", 120), ("soon", 0)],
)
def test_a_start_is_read_in_every_common_form(text: str, seconds: int) -> None:
    assert start_of(text) == seconds
