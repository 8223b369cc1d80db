"""Bytes of every kind a European newsroom has saved text in."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import Unreadable
from bot.sources.encoding import decode

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
