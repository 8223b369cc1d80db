"""Bytes of every kind a European newsroom has saved text in."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import Unreadable
from bot.sources.encoding import decode, decode_web, xml_charset

LETTERS = {
    "cp1250": [
        "Ministar unutrašnjih poslova kaže da će na granici biti više policajaca.",
        "Građani čekaju odgovor već treću nedelju.",
        "Több rendőr lesz a határon, az őrök hűségesek.",
        "Straż Graniczna zatrzymała sześciu cudzoziemców w środę.",
        "Guvernul a anunţat că frontiera va fi închisă şi că poliţia rămâne.",
    ],
    "cp1251": [
        "Министар је изјавио да ће на граници бити више полицајаца.",
        "Министърът заяви, че границата ще бъде затворена през ноември.",
        "МИНИСТАРСТВО ЈЕ САОПШТИЛО ДА ГРАНИЦА ОСТАЈЕ ОТВОРЕНА за све путнике",
    ],
    "cp1252": [
        "La frontière où les réfugiés étaient arrêtés sera fermée à midi.",
        "Los niños llegarán mañana a la frontera española.",
        "O governo não dará autorizações de residência.",
        "Il ministro è andato là: più agenti, perché così si può.",
        "På gränsen står nu fler poliser än någonsin.",
    ],
    "cp1253": ["Ο υπουργός δήλωσε ότι τα σύνορα θα ενισχυθούν με περισσότερους αστυνομικούς."],
    "cp1254": ["Bakan, sınırda daha fazla polis olacağını ve göçmenlerin geri gönderileceğini söyledi."],
}


@pytest.mark.parametrize(("codec", "text"), [(codec, text) for codec, texts in LETTERS.items() for text in texts])
def test_an_undeclared_code_page_is_told_by_its_letters(codec: str, text: str) -> None:
    assert decode(text.encode(codec)) == text


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_mark_or_utf8_is_believed_first(codec: str) -> None:
    assert decode("Ђоковић, £150m, 日本".encode(codec), declared="windows-1250") == "Ђоковић, £150m, 日本"


@pytest.mark.parametrize("declared", ["iso-8859-2", "ISO8859-2", "latin2"])
def test_a_declaration_is_believed_where_the_bytes_are_not_utf8(declared: str) -> None:
    assert decode("više šuma".encode("iso-8859-2"), declared) == "više šuma"


@pytest.mark.parametrize("declared", ["latin1", "us-ascii"])
def test_latin_1_means_windows_1252_as_browsers_have_it(declared: str) -> None:
    assert decode("“déjà”".encode("cp1252"), declared) == "“déjà”"


@pytest.mark.parametrize("declared", ["hex", "unicode_escape", "utf-16", "no-such", "idna", "", "..", "rot13"])
def test_what_is_no_charset_is_passed_over(declared: str) -> None:
    assert decode("više šuma".encode("cp1250"), declared) == "više šuma"


@pytest.mark.parametrize(
    "data", [b"text\0text", bytes(range(1, 256)) * 4, b"\xff\xfea", b"\xef\xbb\xbf\xff\xff", b"\x01\x02\x03"]
)
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        decode(data)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_become_text_or_are_refused(data: bytes) -> None:
    try:
        assert isinstance(decode(data, "iso-8859-5"), str)
    except Unreadable:
        assert data


PAGE = "<?xml version='1.0'{}?><rss>Šđčćž – Ђоковић, 日本 €5</rss>"
LATIN = "<rss>više šuma, čekaju odgovor već treću nedelju, kaže ministar unutrašnjih poslova</rss>"
CYRILLIC = "<rss>Министар је изјавио да ће на граници бити више полицајаца</rss>"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
@pytest.mark.parametrize("declared", [None, "utf-8", "utf-16", "iso-8859-1", "windows-1250", "no-such"])
def test_a_feed_in_unicode_is_read_whatever_it_declares(codec: str, declared: str | None) -> None:
    assert decode_web(PAGE.encode(codec), declared) == PAGE


@pytest.mark.parametrize(
    ("text", "codec", "declared"),
    [
        (LATIN, "cp1250", ()),
        (LATIN, "cp1250", ("utf-8",)),
        (LATIN, "cp1250", ("iso-8859-2",)),
        (LATIN, "iso-8859-2", ("iso-8859-2",)),
        (LATIN, "iso-8859-2", ("iso-8859-1", "iso-8859-2")),
        (CYRILLIC, "cp1251", ()),
        (CYRILLIC, "cp1251", ("utf-8", "utf-8")),
        (CYRILLIC, "cp1251", (None, "windows-1251")),
        (CYRILLIC, "iso8859-5", ("iso-8859-5",)),
        ("<rss>移民边境</rss>", "gb2312", ("gb2312",)),
        ("<rss>Göçmenler İstanbul’da</rss>", "cp1254", ("iso-8859-9",)),
    ],
)
def test_a_feed_in_a_code_page_is_read(text: str, codec: str, declared: tuple[str | None, ...]) -> None:
    assert decode_web(text.encode(codec), *declared) == text


def test_one_broken_letter_costs_one_letter() -> None:
    data = CYRILLIC.encode().replace("и".encode(), b"\xd0", 1)
    assert decode_web(data, "windows-1251").count("\ufffd") == 1


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from([None, "hex", "utf-7", "utf-16", "big5", "cp1252", "iso-8859-2"]))
def test_any_bytes_from_the_web_become_text(data: bytes, declared: str | None) -> None:
    assert isinstance(decode_web(data, declared, xml_charset(data)), str)


def test_a_replacement_character_that_was_written_is_no_flaw() -> None:
    assert decode_web("<title>\ufffd\ufffd</title>".encode(), "windows-1250") == "<title>\ufffd\ufffd</title>"
