"""Names of months and of time zones, as news sites of Europe and its neighbours write them in dates."""

from __future__ import annotations

import unicodedata
from functools import cache

_WORDS = (
    # A line of words a month; a word that means two months has the reading of most here and the other one below.
    "jan january januar januara januari janvier janv gennaio gen enero ene janeiro sij sijecanj sijecnja ian"
    " ianuarie janar janari oca ocak styczen stycznia sty led leden ledna tammikuu tammikuuta sausio janvaris ιαν"
    " ιανουαριος ιανουαριου јан јануар јануара јануари яну януари янв январь января сич сичень сичня ιανουαριο",
    "feb february februar februara februari febr fevrier fevr fev febbraio febrero fevereiro velj velja veljaca"
    " veljace februarie shk shkurt shkurti sub subat luty lutego lut uno unor unora helmikuu helmikuuta vasario"
    " februaris φεβ φεβρουαριος φεβρουαριου феб фебруар фебруара фебруари фев февр февруари февраль февраля лют"
    " лютий лютого",
    "mar march marz mars marzo marco mart marta maart mrt marec marca marc marcius ozu ozujak ozujka martie"
    " marzec brez brezen brezna bre maaliskuu maaliskuuta kovo marts μαρ μαρτιος μαρτιου мар март марта бер"
    " березень березня",
    "apr april aprila avril avr aprile abril abr tra travanj travnja aprilie pri prill prilli nis nisan kwi"
    " kwiecien kwietnia dub duben dubna huhtikuu huhtikuuta balandzio aprilis απρ απριλιος απριλιου апр април"
    " априла априль апреля кви квитень квитня",
    "may mai maj maja maggio mag mayo maio svi svibanj svibnja maji mayis majus mei kve kveten kvetna toukokuu"
    " toukokuuta geguzes maijs μαι μαιος μαιου мај маја май мая трав травень травня",
    "jun june juni juna juin giugno giu junio junho lip lipanj lipnja iun iunie qer qershor qershori haz haziran"
    " junij junija junius cze czerwiec czerwca cvn cerven cervna kesakuu kesakuuta birzelio junijs ιουν ιουνιος"
    " ιουνιου јун јуна јуни юни июн июнь июня чер червень червня",
    "jul july juli jula juillet juil luglio lug julio julho srp srpanj srpnja iul iulie kor korrik korriku tem"
    " temmuz julij julija julius lipiec lipca cvc cervenec cervence heinakuu heinakuuta liepos julijs ιουλ ιουλιος"
    " ιουλιου јул јула јули юли июл июль июля липень липня",
    "aug august avgust avgusta augusta augusti aout agosto ago kol kolovoz kolovoza gus gusht gushti agu agustos"
    " sie sierpien sierpnia srpen srpna elokuu elokuuta rugpjucio augusts augustus αυγ αυγουστος αυγουστου авг"
    " август августа сер серпень серпня",
    "sep sept september septembra septembar septembre settembre set septiembre setembro ruj rujan rujna"
    " septembrie sht shtator shtatori eyl eylul szept szeptember wrz wrzesien wrzesnia zar zari syyskuu syyskuuta"
    " rugsejo septembris σεπ σεπτ σεπτεμβριος σεπτεμβριου сеп септ септембар септембра септември сен сентябрь"
    " сентября вер вересень вересня",
    "oct october oktober okt oktobar oktobra octobre ottobre ott octubre outubro out lis listopad listopada"
    " octombrie tet tetor tetori eki ekim paz pazdziernik pazdziernika rij rijen rijna lokakuu lokakuuta spalio"
    " oktobris οκτ οκτωβριος οκτωβριου окт октобар октобра октомври октябрь октября жов жовтень жовтня",
    "nov november novembra novembar novembre noviembre novembro stu studeni studenog studenoga noiembrie noi nen"
    " nentor nentori kas kasim listopadu marraskuu marraskuuta lapkricio novembris νοε νοεμβριος νοεμβριου нов"
    " новембар новембра ное ноември ноя нояб ноябрь ноября листопад листопада",
    "dec december decembra decembar decembre dicembre dic diciembre dezembro dez dezember pro prosinac prosinca"
    " decembrie dhj dhjetor dhjetori ara aralik gru grudzien grudnia prosinec prosince joulukuu joulukuuta"
    " gruodzio decembris des desember δεκ δεκεμβριος δεκεμβριου дек дец децембар децембра декември декабрь декабря"
    " гру грудень грудня",
)
_ELSEWHERE = {
    "pl": {"lip": 7, "lis": 11, "listopad": 11, "listopada": 11},
    "cs": {"srp": 8, "lis": 11, "listopad": 11, "listopadu": 11, "kve": 5},
    "uk": {"лип": 7, "лис": 11, "тра": 5},
}
"""What a word means in one language and not in most: Croatian listopad is October, Polish and Czech is November."""

_ZONES = {
    "UTC": 0, "GMT": 0, "UT": 0, "Z": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60, "CEST": 120, "MET": 60,
    "MEST": 120, "MEZ": 60, "MESZ": 120, "EET": 120, "EEST": 180, "MSK": 180, "TRT": 180, "TSI": 180, "AST": -240,
    "ADT": -180, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
    "AKST": -540, "AKDT": -480, "HST": -600, "IST": 330, "PKT": 300, "GST": 240, "SAST": 120, "CAT": 120, "EAT": 180,
    "WAT": 60, "SGT": 480, "HKT": 480, "JST": 540, "KST": 540, "AWST": 480, "AEST": 600, "AEDT": 660, "NZST": 720,
    "NZDT": 780,
}  # fmt: skip
"""Minutes east of UTC; BST is British, IST Indian and CST American, as feeds mean them."""


def month(word: str, language: str | None = None) -> int | None:
    """The month (1 to 12) a word means, None for others; `language` (ISO 639-1) decides where languages differ."""
    folded = _folded(word)
    return _ELSEWHERE.get(language or "", {}).get(folded) or _months().get(folded)


def zone_minutes(name: str) -> int | None:
    """Minutes east of UTC of a named zone, None for an unknown name."""
    return _ZONES.get(name.upper())


@cache
def _months() -> dict[str, int]:
    return {_folded(word): number for number, words in enumerate(_WORDS, 1) for word in words.split()}


def _folded(word: str) -> str:
    """The word without case and accents."""
    plain = unicodedata.normalize("NFKD", word.casefold().replace("ı", "i"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).strip(".'’")
