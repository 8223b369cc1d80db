"""Short things people type (a city, a day, a flag), compared without case, script, accents or width."""

from __future__ import annotations

import unicodedata

from bot.core.words import latin


def loose(text: str) -> str:
    """Lower-case letters without accents, Cyrillic as Latin, single spaces: `Priština`, `ПРИШТИНА` -> `pristina`."""
    letters = unicodedata.normalize("NFKD", latin(unicodedata.normalize("NFKC", text)).casefold().replace("đ", "dj"))
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())
