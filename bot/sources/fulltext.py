"""The text of an article's page, where its feed gives only a summary; walls are recognised and leave the summary."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from enum import StrEnum

from bot.core.errors import Unreadable
from bot.sources.encoding import decode
from bot.sources.fields import clean
from bot.sources.markup import charset as declared_charset

PAGE_LIMIT = 5_000_000
_MARKUP_LIMIT, _TAGS_LIMIT, _ATTRIBUTES_LIMIT, _WORDS_LIMIT = 1_500_000, 30_000, 1_000, 10_000
"""Bytes, elements, attributes with a value of one element, and words between two, which may be attributes without; all
of it without scripts. Extraction takes a second or two for what is within."""
_WALL_LIMIT = 2_500
"""Characters of text up to which words about paying or cookies make it a wall; articles about these go on."""
_SAME, _TELLING = 0.2, 6
"""Share of the beginnings of the summary's longer words that a page must hold to be the same article, where there are
so many: on news in thirty languages it refuses 2 % of articles by their own headline, and 75 % of other articles."""
_TEXT_LIMIT = 200_000


class Wall(StrEnum):
    """What stands in a page instead of its article."""

    PAID = "paywall"
    CONSENT = "cookie wall"
    ROBOT = "robot check"


@dataclass(frozen=True, slots=True)
class Reading:
    """The text to archive: the page's if `whole`, else the feed's own; `wall` says what kept the page's away."""

    text: str
    whole: bool = False
    wall: Wall | None = None


_LOCKED = re.compile(
    r"\"isAccessibleForFree\"\s*:\s*(?:false|\"(?:https?://schema\.org/)?false\")"
    r"|article:content_tier\"\s+content=\"locked\"",
    re.IGNORECASE,
)
"""How publishers tell search engines of a paywall (schema.org, isAccessibleForFree)."""
_PAYING = re.compile(
    r"subscribe (?:now )?to (?:read|continue|unlock)|(?:only )?(?:for|available to) subscribers|subscribers only"
    r"|to continue reading|already a subscriber|start your (?:free )?trial|this article is for (?:premium|paying)"
    r"|jetzt (?:abo|weiterlesen|testen)|nur für abonnenten|mit .{0,12}abo (?:weiter)?lesen|artikel ist exklusiv"
    r"|réservée? aux abonnés|abonnez-vous pour|il vous reste .{0,9}% de cet article|contenu réservé"
    r"|contenido exclusivo para suscriptores|suscríbete para|riservato agli abbonati|abbonati per"
    r"|samo za pretplatnike|pretplatite se|само за претплатнике|претплатите се|само за абонати|dostęp dla subskrybentów"
    r"|pro předplatitele|csak előfizetőknek|doar pentru abonați|μόνο για συνδρομητές|alleen voor abonnees"
    r"|endast för prenumeranter|для подписчиков|для передплатників|sadece abonelere",
)
_CONSENTING = re.compile(
    r"cookies?\b|kolačić|колачић|pliki cookie|consent\b|gdpr|tracking|einwilligung|zustimmung|datenschutz|privacy"
    r"|partners? (?:store|use)|personali[sz]ed ad|werbung und tracking|consentement|traceurs|consenso|consentimiento"
    r"|çerez|бисквитк|súbory|sütik",
)
_CHECKING = re.compile(
    r"verify (?:that )?you are (?:a )?human|are you a robot|checking your browser|enable javascript"
    r"|javascript (?:is )?(?:disabled|required)|unusual traffic|complete the captcha|security check"
    r"|access (?:to this page has been )?denied|ddos protection|just a moment",
)
_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]{4,5})")
_TAG = re.compile(rb"<[a-zA-Z]")


def fulltext(page: bytes, title: str = "", summary: str = "", charset: str | None = None) -> Reading:
    """The article's text from its page; the summary where the page has no more, is a wall, another page, or too large.

    `charset` is what HTTP declared. Never an error; no network. A second at most for what is within the limits; the
    caller's worker bounds the rest.
    """
    kept = Reading(summary)
    try:
        html = decode(page[:PAGE_LIMIT], charset or declared_charset(page))
    except Unreadable:
        return kept
    if _LOCKED.search(html):
        return Reading(summary, wall=Wall.PAID)
    if len(page) > PAGE_LIMIT or not _bounded(bare := _without_scripts(html)):
        return kept
    text = _tidy(_extracted(bare), title)
    barred = wall(text or _visible(bare))
    if barred is not None:
        return Reading(summary, wall=barred)
    better = len(text) > len(summary) * 1.1 and _is_same(text, f"{title} {summary}")
    return Reading(text, whole=True) if better else kept


def wall(text: str) -> Wall | None:
    """The wall that a page's text is, None for an article."""
    if len(text) > _WALL_LIMIT:
        return None
    folded = text.casefold()
    if _CHECKING.search(folded) and len(folded) < 600:
        return Wall.ROBOT
    if _PAYING.search(folded):
        return Wall.PAID
    mentions = len(_CONSENTING.findall(folded))
    return Wall.CONSENT if mentions >= 3 and mentions * 250 > len(folded) else None


def _extracted(html: str) -> str:
    """The main text as trafilatura finds it; empty when it finds none or fails."""
    from trafilatura import extract  # takes a quarter of a second, and only workers need it

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        return extract(html, include_comments=False, deduplicate=False) or ""
    except Exception:  # whatever a hostile page breaks in there costs this page only
        return ""


def _tidy(text: str, title: str) -> str:
    lines = [line.strip(" -|") for line in text[:_TEXT_LIMIT].split("\n")]
    if lines and title and lines[0].casefold() == title.strip().casefold():
        del lines[0]
    return clean("\n\n".join(filter(None, lines)))


def _without_scripts(html: str) -> str:
    """The page without its scripts and styles, which often are most of it; in linear time."""
    folded = html.casefold() if html.isascii() else html.translate(_LOWER)
    kept, at = [], 0
    while (found := _SCRIPT.search(folded, at)) is not None:
        kept.append(html[at : found.start()])
        end = folded.find(f"</{found[1]}", found.end())
        if end < 0:
            return "".join(kept)
        at = end
    return "".join([*kept, html[at:]])


_SCRIPT = re.compile(r"<(script|style|noscript|svg|template)\b")
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def _bounded(html: str) -> bool:
    """Whether extraction takes bearable time: elements cost, and the attributes of one element cost by their square."""
    data = html.encode(errors="replace")
    if len(data) > _MARKUP_LIMIT or len(_TAG.findall(data)) > _TAGS_LIMIT:
        return False
    return all(part.count(b"=") <= _ATTRIBUTES_LIMIT and len(part.split()) <= _WORDS_LIMIT for part in data.split(b"<"))


def _visible(html: str) -> str:
    """What a reader may see where there is no main text: enough of it to recognise a wall."""
    return " ".join(re.sub(r"<[^<>]*>", " ", html).split())[:_WALL_LIMIT]


def _is_same(text: str, told: str) -> bool:
    """Whether a text is of the article that its title and summary tell of."""
    words = set(_WORD.findall(told.casefold()))
    return len(words) < _TELLING or len(words & set(_WORD.findall(text.casefold()))) >= _SAME * len(words)
