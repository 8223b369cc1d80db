"""Languages: codes as sources write them, and what a text shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.language import detect, languages_of, normalise

CODES = {
    "sr": "sr sr-Latn SR srp sr_RS@latin sh hbs Serbian",
    "en": "en en-GB eng English EN_us",
    "cnr": "cnr me cnr-Latn-ME Montenegrin",
    "ro": "ro mo rum ro-MD",
    "zh": "zh zh-Hant-TW chi",
    "no": "no nb nn-NO",
    "he": "he iw",
    "lij": "lij",
}


@pytest.mark.parametrize("code", CODES)
def test_codes_are_normalised(code: str) -> None:
    assert {normalise(f" {spelling} ") for spelling in CODES[code].split()} == {code}


@pytest.mark.parametrize("code", ["", None, "und", "mul", "x-default", "not a language", "12", "\0", "ен"])
def test_what_is_no_code_is_no_language(code: str | None) -> None:
    assert normalise(code) is None


@pytest.mark.parametrize("code", ["bcms", "BCMS", " bcms "])
def test_a_group_covers_its_languages(code: str) -> None:
    assert languages_of(code) == ("sr", "hr", "bs", "cnr")


@pytest.mark.parametrize(("code", "covered"), [("sr", "sr"), ("sh", "sr"), ("me", "cnr"), ("cnr", "cnr"), ("EN", "en")])
def test_a_code_covers_its_language(code: str, covered: str) -> None:
    assert languages_of(code) == (covered,)


def test_what_is_no_code_covers_nothing() -> None:
    assert languages_of("?") == ()


TEXTS = {
    "en": "The government said on Thursday that more than three hundred people had crossed the border since Monday.",
    "de": "Die Regierung teilte am Donnerstag mit, dass mehr als dreihundert Menschen die Grenze überquert haben.",
    "fr": "Le gouvernement a dit jeudi que plus de trois cents personnes avaient franchi la frontière depuis lundi.",
    "it": "Il governo ha detto giovedì che più di trecento persone hanno attraversato il confine da lunedì.",
    "es": "El gobierno dijo el jueves que más de trescientas personas han cruzado la frontera desde el lunes.",
    "pt": "O governo disse na quinta-feira que mais de trezentas pessoas atravessaram a fronteira desde segunda-feira.",
    "ro": "Guvernul a anunțat joi că peste trei sute de persoane au trecut granița de luni încoace.",
    "tr": "Hükümet perşembe günü, pazartesiden bu yana üç yüzden fazla kişinin sınırı geçtiğini bildirdi.",
    "hu": "A kormány csütörtökön közölte, hogy hétfő óta több mint háromszáz ember lépte át a határt.",
    "sl": "Vlada je v četrtek sporočila, da je od ponedeljka mejo prestopilo več kot tristo ljudi.",
    "sq": "Qeveria tha të enjten se më shumë se treqind njerëz e kanë kaluar kufirin që nga e hëna.",
    "sr": "Влада је у четвртак саопштила да је од понедељка границу прешло више од триста људи, међу њима и деца.",
    "mk": "Владата соопшти дека од понеделник границата ја преминале повеќе од триста луѓе, меѓу кои и деца.",
    "bg": "Правителството съобщи в четвъртък, че от понеделник границата са преминали повече от триста души.",
    "ru": "Правительство сообщило в четверг, что с понедельника границу перешли более трёхсот человек, были и дети.",
    "uk": "Уряд повідомив у четвер, що з понеділка кордон перетнули понад триста людей, серед них діти.",
    "el": "Η κυβέρνηση ανακοίνωσε την Πέμπτη ότι περισσότεροι από τριακόσιοι άνθρωποι πέρασαν τα σύνορα.",
    "ja": "政府は木曜日、月曜日以降に三百人以上が国境を越えたと発表した。",
    "zh": "政府星期四表示，自星期一以来已有三百多人越过边境。",
    "ko": "정부는 목요일에 월요일 이후 삼백 명 이상이 국경을 넘었다고 발표했다.",
    "he": "הממשלה הודיעה ביום חמישי כי יותר משלוש מאות בני אדם חצו את הגבול",
    "ar": "أعلنت الحكومة يوم الخميس أن أكثر من ثلاثمائة شخص عبروا الحدود منذ يوم الاثنين",
}


@pytest.mark.parametrize("language", TEXTS)
def test_languages_are_recognised(language: str) -> None:
    assert detect(TEXTS[language]) == language


@pytest.mark.parametrize(
    "text",
    [
        "Vlada je u četvrtak saopštila da je od ponedeljka granicu prešlo više od trista ljudi, među njima i djeca.",
        "Vlada je u četvrtak priopćila da je od ponedjeljka granicu prešlo više od tristo ljudi, među njima i djeca.",
    ],
)
def test_latin_serbo_croatian_is_one_of_its_names(text: str) -> None:
    assert detect(text) in {"sr", "hr", "bs"}


@pytest.mark.parametrize(
    ("text", "language"),
    [("Ђаци у Нишу", "sr"), ("Меѓу луѓето", "mk"), ("съд", "bg"), ("їжа", "uk"), ("σύνορα", "el"), ("よる", "ja")],
)
def test_a_script_decides_even_short_texts(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", " ", "12 345", "Frontex", "UNHCR: 300", "\0\ud800", "град", "£150m!"])
def test_too_little_text_is_no_language(text: str) -> None:
    assert detect(text) is None


def test_a_quotation_in_another_script_does_not_decide() -> None:
    assert detect(TEXTS["en"] + " “Слава Україні”, he added.") == "en"
    assert detect(TEXTS["ru"] + " (“Слава Україні”)") == "ru"
    assert detect(TEXTS["sr"] + " Frontex, Reuters, BBC.") == "sr"


def test_only_the_beginning_counts() -> None:
    assert detect(TEXTS["de"] * 10 + TEXTS["en"] * 1000) == "de"


@given(st.text(max_size=200))
def test_no_text_upsets_it(text: str) -> None:
    found = detect(text)
    assert found is None or normalise(found) == found
    assert detect(text) == found
