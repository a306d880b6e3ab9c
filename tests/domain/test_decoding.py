"""Files in the encodings that bibliographies come in, and bytes that are no text."""

from __future__ import annotations

import pytest

from papers.importers.decoding import UnknownEncoding, decode

GERMAN = "@article{a, title={Über die Zahl der Schritte}, author={Müller, Jürgen and Gómez, José}}"
CHINESE = "@article{a, title={动态神经网络的研究}, author={王小明 and 李华}}"
POLISH = "@article{a, title={Żółta lampa świeci w nocy}, author={Wójcik, B. and Wołczyk, M.}}"
CZECH = "@article{a, title={Příliš žluťoučký kůň úpěl}, author={Dvořák, Jiří and Šťastná, Žofie}}"
TURKISH = "@article{a, title={Gece lambaları için şık yöntem}, author={Güneş, Işıl}}"
JAPANESE = "@article{a, title={動的ニューラルネットワークの研究}, author={山田 and 鈴木}}"
KOREAN = "@article{a, title={동적 신경망에 관한 연구와 응용}, author={김철수 and 이영희}}"
LISTED_IN_ENGLISH = "@article{a, title={Night routing in small networks}, author={王小明 and 李华}}"
TRADITIONAL = "@article{a, title={動態神經網絡的研究}, author={王小明 and 李華}}"


RUSSIAN = "@article{a, title={Ночные сети}, author={Иванов, Иван and Петров, Пётр}, year=2021}"
GREEK = "@article{a, title={Νυχτερινά δίκτυα}, author={Παπαδόπουλος, Γιώργος}, year=2021}"


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        (GERMAN, "utf-8", "UTF-8"),
        (GERMAN, "utf-8-sig", "UTF-8"),
        (GERMAN, "utf-16", "UTF-16"),
        (GERMAN, "utf-16-le", "UTF-16"),
        (CHINESE, "utf-16-be", "UTF-16"),
        (GERMAN, "latin-1", "Windows-1252 (Latin-1)"),
        (GERMAN + " “quoted” – €", "cp1252", "Windows-1252 (Latin-1)"),
        (CHINESE, "gb18030", "GB18030"),
        (CHINESE, "gbk", "GB18030"),
        (TRADITIONAL, "big5", "BIG5"),
        (POLISH, "cp1250", "Windows-1250 (Central European)"),
        (POLISH, "iso8859-2", "ISO 8859-2 (Central European)"),
        (CZECH, "iso8859-2", "ISO 8859-2 (Central European)"),
        (TURKISH, "cp1254", "Windows-1254 (Turkish)"),
        (GERMAN + " 5 €", "iso8859-15", "ISO 8859-15 (Latin-9)"),
        (JAPANESE, "euc_jp", "EUC-JP"),
        (JAPANESE, "shift_jis", "Shift JIS"),
        (KOREAN, "euc_kr", "EUC-KR"),
        ("@article{a, title={Café}}", "latin-1", "Windows-1252 (Latin-1)"),
        (LISTED_IN_ENGLISH, "gb18030", "GB18030"),
        (RUSSIAN, "koi8-r", "KOI8-R"),
        ("@article{a, title={La lampe créée}}", "latin-1", "Windows-1252 (Latin-1)"),
        (RUSSIAN, "cp1251", "Windows-1251 (Cyrillic)"),
        (GREEK, "cp1253", "Windows-1253 (Greek)"),
    ],
)
def test_a_file_keeps_its_letters(text: str, codec: str, name: str) -> None:
    decoded = decode(text.encode(codec))

    assert (decoded.text, decoded.encoding) == (text, name)


def test_lines_of_another_encoding_in_a_utf8_file_are_read_by_themselves() -> None:
    content = GERMAN.encode() + b"\n" + "@article{b, title={Élan}}".encode("latin-1")

    decoded = decode(content)

    assert decoded.text == GERMAN + "\n@article{b, title={Élan}}"
    assert decoded.encoding == "UTF-8, 1 line in Windows-1252"
    assert decoded.is_guess


def test_a_lone_zero_byte_makes_no_file_utf16() -> None:
    assert decode(b"@article{a, title={Nul\x00 Lamp}}" + GERMAN.encode()).encoding == "UTF-8"


def test_a_letter_of_no_language_nearby_is_no_guess() -> None:
    with pytest.raises(UnknownEncoding):
        decode("@article{a, title={¯³¾¢ ¬¦¤}}".encode("latin-1"))


@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n\0\0\0abc", b"\xef\xbb\xbfabc\xff", b"\xff\x81\x8d", b"\xff\xfe\x00"],
    ids=["picture", "broken mark", "few bytes", "half a character"],
)
def test_what_cannot_be_told_is_refused(content: bytes) -> None:
    with pytest.raises(UnknownEncoding):
        decode(content)
