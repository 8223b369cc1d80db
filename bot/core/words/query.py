"""Phrases of query: what is wrong with a query and where; positions count from 1 in the text as typed."""

PHRASES: dict[str, tuple[str, str]] = {
    "query.empty": (
        "There is nothing to search for: the query holds no word.",
        "Нема шта да се тражи: у упиту нема ниједне речи.",
    ),
    "query.too_long": (
        "The query is too long: position {position} is past its limit of {limit:,} characters.",
        "Упит је предугачак: место {position} је преко границе од {limit:,} знакова.",
    ),
    "query.too_many": (
        "The word at position {position} is one too many: a query holds at most {limit:,} words, phrases and filters.",
        "Реч на месту {position} је прекобројна: упит прима највише {limit:,} речи, фраза и филтера.",
    ),
    "query.too_deep": (
        "The parenthesis at position {position} is nested too deep: {limit} levels are the most.",
        "Заграда на месту {position} је предубоко угнежђена: највише може {limit} нивоа.",
    ),
    "query.unclosed_quote": (
        "The quotation mark at position {position} is never closed.",
        "Наводник на месту {position} није затворен.",
    ),
    "query.unclosed": (
        "The parenthesis at position {position} is never closed.",
        "Заграда на месту {position} није затворена.",
    ),
    "query.unopened": (
        "The parenthesis at position {position} closes nothing.",
        "Заграда на месту {position} ништа не затвара.",
    ),
    "query.empty_phrase": (
        "The quotation marks at position {position} hold no word.",
        "Између наводника на месту {position} нема ниједне речи.",
    ),
    "query.empty_group": (
        "The parentheses at position {position} hold no word.",
        "У загради на месту {position} нема ниједне речи.",
    ),
    "query.before": (
        "{operator} at position {position} needs a word before it.",
        "Испред {operator} на месту {position} недостаје реч.",
    ),
    "query.after": (
        "{operator} needs a word after it, at position {position}.",
        "Иза {operator} недостаје реч, на месту {position}.",
    ),
    "query.doubled": (
        "{first} is followed by {second} at position {position}: between two operators there must be a word.",
        "Иза {first} на месту {position} следи {second}: између два оператора мора да стоји реч.",
    ),
    "query.only_excluded": (
        "From position {position} on everything is excluded: say also what to look for.",
        "Од места {position} све је искључено: наведите и шта да се тражи.",
    ),
    "query.branch_excluded": (
        "The side of OR at position {position} only excludes: each side needs something to look for.",
        "Страна оператора OR на месту {position} само искључује: свака страна мора и нешто да тражи.",
    ),
    "query.near_number": (
        "NEAR at position {position} takes a whole number of words from 0 to {widest}, as in NEAR/8.",
        "NEAR на месту {position} прима цео број речи од 0 до {widest}, као у NEAR/8.",
    ),
    "query.near_operand": (
        "NEAR joins single words, prefixes and phrases, or a group of these with OR; at position {position} stands "
        "something else.",
        "NEAR спаја речи, почетке речи и фразе, или групу таквих повезаних са OR; на месту {position} стоји нешто "
        "друго.",
    ),
    "query.near_chain": (
        "The NEAR at position {position} follows another one: a NEAR joins two sides only.",
        "NEAR на месту {position} надовезује се на претходни: један NEAR спаја само две стране.",
    ),
    "query.prefix_short": (
        "{prefix} at position {position} is too short: a prefix takes {shortest} letters or more before the *.",
        "{prefix} на месту {position} је прекратко: испред * треба најмање {shortest} слова.",
    ),
    "query.star_alone": (
        "The * at position {position} needs letters before it.",
        "Испред * на месту {position} недостају слова.",
    ),
    "query.star_inside": (
        "The * at position {position} can stand only at the end of a word, in quotes only at the end of the last one.",
        "Знак * на месту {position} може да стоји само на крају речи, а под наводницима само на крају последње.",
    ),
    "query.star_outside": (
        "The * at position {position} belongs inside the quotation marks, at the end of the last word.",
        "Знак * на месту {position} иде унутар наводника, на крај последње речи.",
    ),
    "query.tilde": (
        "The ~ at position {position} can stand only right after closing quotation marks, with a number.",
        "Знак ~ на месту {position} може да стоји само одмах иза затворених наводника, уз број.",
    ),
    "query.slop": (
        "The ~ at position {position} takes a whole number of words from 0 to {widest}.",
        "Знак ~ на месту {position} прима цео број речи од 0 до {widest}.",
    ),
    "query.slop_prefix": (
        "The ~ at position {position} takes whole words only, none that ends in *.",
        "Знак ~ на месту {position} прима само целе речи, ниједну која се завршава са *.",
    ),
    "query.field_unknown": (
        "There is no filter {field}: (position {position}); there are title: source: lang: topic: and, in a search, "
        "since: and before:",
        "Филтер {field}: не постоји (место {position}); постоје title: source: lang: topic: и, у претрази, "
        "since: и before:",
    ),
    "query.field_empty": (
        "{field}: needs a word right after it, without a space, at position {position}.",
        "Иза {field}: недостаје реч, одмах и без размака, на месту {position}.",
    ),
    "query.field_group": (
        "{field}: takes one value, not the group at position {position}.",
        "{field}: прима једну вредност, а не групу на месту {position}.",
    ),
    "query.field_inside": (
        "Inside title: there can be no other filter; one stands at position {position}.",
        "Унутар title: не може да стоји други филтер, а један је на месту {position}.",
    ),
    "query.value_extended": (
        "{field}: takes just the words in quotation marks; there is more at position {position}.",
        "{field}: прима само речи под наводницима, а на месту {position} стоји још нешто.",
    ),
    "query.field_excludes": (
        "A dash at position {position} follows {field}: directly; to exclude, put it before {field}:",
        "Цртица на месту {position} стоји иза {field}: да би искључивала, ставите је испред {field}:",
    ),
    "query.language": (
        "{value} at position {position} is no language: lang: takes a two-letter code such as sr, or bcms.",
        "{value} на месту {position} није језик: lang: прима двословну ознаку као што је sr, или bcms.",
    ),
    "query.moment": (
        "{value} at position {position} is no point in time: {field}: takes an age such as 7d, 24h or 2w, or a date "
        "such as 2026-11-01.",
        "{value} на месту {position} није време: {field}: прима старост као што је 7d, 24h или 2w, или датум као што "
        "је 2026-11-01.",
    ),
    "query.date_outside_search": (
        "{field}: at position {position} works in searches only.",
        "{field}: на месту {position} важи само у претрази.",
    ),
    "query.date_inside": (
        "A date at position {position} is inside OR, NOT or a group: since: and before: stand beside the whole search.",
        "Датум на месту {position} је унутар OR, NOT или групе: since: и before: стоје поред целе претраге.",
    ),
}
