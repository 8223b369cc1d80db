"""Accounts of one event in words of their own, and copies of them, as many as a test wants."""

from __future__ import annotations

import random
from dataclasses import replace

from bot.core.model import Article

EVENTS = {
    "ferry": "Frontex ferry Aurora Hvar Perkovic Split rudder captain aground passengers coast guards Vis pilot mayor",
    "mine": "Frontex mine Breza Sarajevo Hodzic shaft methane rescuers miners Kakanj inspector coal Zenica lamp",
    "vote": "Frontex budget Zagreb Babic Horvat ballot amendment speaker treasury Sabor coalition walkout decree",
}
_FILLERS = "while after before although because since until whenever wherever"


def account(event: str, number: int, outlet: str = "", *, language: str = "en") -> Article:
    """The `number`th account of an event: the same names and matters, in sentences that share no run of three words."""
    chance = random.Random(f"{event} {number}")
    words = EVENTS[event].split()
    title = " ".join(chance.sample(words, 6))
    told: list[str] = []
    for _ in range(3):
        chance.shuffle(words)
        fillers = chance.sample(_FILLERS.split(), 2)
        told.append(" ".join([*words[:7], fillers[0], *words[7:], fillers[1], f"{event}{number}x{len(told)}"]) + ".")
    return Article(f"{event} {number} {outlet}", title, " ".join(told), outlet or f"Outlet {number}", language=language)


def copy_of(article: Article, outlet: str) -> Article:
    """Another outlet's copy of it."""
    return replace(article, guid=f"{article.guid} {outlet}", source=outlet)
