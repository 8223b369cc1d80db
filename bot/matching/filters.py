"""The filters of the query language, from their value to a node: source:, lang:, topic:, since: and before:."""

from __future__ import annotations

import re

from bot.matching.language import normalise
from bot.matching.lexer import EDGES, trimmed
from bot.matching.moments import canonical
from bot.matching.syntax import Before, LanguageIs, Node, Since, SourceIs, TopicIs

_EDGES = EDGES + "* "
_URL = re.compile(r"(?:https?://)?([^/\s:]+\.[^/\s:]+)(?::\d+)?(?:/\S*)?", re.IGNORECASE)

# ISO 639-1, and the groups that `bot.matching.text.languages_of` spreads.
_ISO_639 = """
aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et
eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk
kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny
oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk
tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
bcms cnr me sh
"""
_CODES = frozenset(_ISO_639.split())
# Countries and native names taken for a code; ISO 639-2 and English names are `bot.matching.language`'s.
_MISTAKEN = """
en gb us engleski, sr rs srpski српски, hr hrvatski, bs bosanski, cnr crnogorski, sq xk shqip albanski,
mk makedonski македонски, bg bugarski български, el grčki ελληνικά, ro rumunski română, de at nemački deutsch,
fr francuski français, it italijanski italiano, es španski español, pt portugalski português, tr turski türkçe,
hu mađarski magyar, sl slovenački slovenski, ru ruski русский, uk ua ukrajinski українська, cs cz, da dk, ja jp, zh cn
"""
_MEANT = {other: code for code, *others in map(str.split, _MISTAKEN.split(",")) for other in others}


def made(name: str, value: str) -> Node | None:
    """The node of `name:value`, or None where the value is none that the field takes."""
    value = " ".join(value.split()).strip(_EDGES)
    if name == "lang":
        code = value.lower().partition("-")[0]
        return LanguageIs(code) if code in _CODES else None
    if name in ("since", "before"):
        at = canonical(value)
        return (Since(at) if name == "since" else Before(at)) if at else None
    value = value.strip(_EDGES + "-")
    if not trimmed(value):
        return None
    if name == "topic":
        return TopicIs(value.lower())
    url = _URL.fullmatch(value)
    return SourceIs(url[1].lower() if url else value)


def mended(name: str, value: str) -> Node | None:
    """The nearest node to a value that `made` refuses, or None."""
    value = value.strip(_EDGES + "-")
    if name == "lang":
        code = _MEANT.get(value.lower()) or normalise(value)
        return LanguageIs(code) if code in _CODES else None
    if name in ("since", "before") and value:
        months = (value, f"{value[:7]}-01", f"{value[:4]}-01-01")
        at = next(filter(None, map(canonical, months)), "7d")
        return Since(at) if name == "since" else Before(at)
    return None
