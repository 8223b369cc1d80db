"""The bot's own words: a catalogue of phrases in English and Serbian, picked by a chat's `language`.

Each module of this package holds the phrases of one room as `PHRASES: dict[key, (English, Serbian in Cyrillic)]`;
keys are `room.name`. Serbian Latin is derived from the Cyrillic (that direction is unambiguous), so whatever a person
types or copies (commands, queries) is written in ASCII inside a phrase and stays as it is. `{name}` is a detail; a
phrase for a count holds its plural forms split by `|`: two for English (one, many), three for Serbian (1 · 2-4 · 5+).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module

ROOMS = (
    "access",
    "errors",
    "query",
    "topics",
    "cards",
    "commands",
    "readers",
    "stories",
    "looking",
    "menus",
    "pauses",
    "sources",
    "reports",
    "space",
    "slack",
    "help",
    "times",
    "languages",
)
LANGUAGES = ("en", "sr-Latn", "sr-Cyrl")

_CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџш"
_LATIN: tuple[str, ...] = ("a", "b", "v", "g", "d", "đ", "e", "ž", "z", "i", "j", "k", "l", "lj", "m")
_LATIN += ("n", "nj", "o", "p", "r", "s", "t", "ć", "u", "f", "h", "c", "č", "dž", "š")
_TO_LATIN = str.maketrans(
    dict(zip(_CYRILLIC, _LATIN, strict=True))
    | {upper.upper(): lower.capitalize() for upper, lower in zip(_CYRILLIC, _LATIN, strict=True)}
)


@cache
def _phrases() -> dict[str, tuple[str, str]]:
    merged: dict[str, tuple[str, str]] = {}
    for room in ROOMS:
        merged.update(import_module(f"{__name__}.{room}").PHRASES)
    return merged


def keys() -> list[str]:
    """Every key of the catalogue, sorted."""
    return sorted(_phrases())


def latin(text: str) -> str:
    """Serbian Cyrillic in Latin letters; anything else stays."""
    return text.translate(_TO_LATIN)


def language_of(text: str) -> str | None:
    """The catalogue's language a person means by `text` (`en`, `sr`, `sr-cyrl`, `hr` ...), or None if it has none.

    Tags are BCP 47; `sr` alone is Latin, as are hr, bs and me, whose readers share these words.
    """
    tag = text.strip().lower().replace("_", "-")
    if tag in ("sr-cyrl", "sr-cyrillic", "ср", "срп", "српски", "cyrillic", "ћирилица"):
        return "sr-Cyrl"
    if tag in ("serbian", "srpski", "latin") or tag.split("-")[0] in ("sr", "hr", "bs", "me", "cnr", "sh"):
        return "sr-Latn"
    return "en" if tag == "english" or tag.split("-")[0] == "en" else None


@dataclass(frozen=True, slots=True)
class Words:
    """The catalogue in one language; a language it lacks falls back to English."""

    language: str = "en"

    def phrase(self, key: str) -> str:
        """The phrase as written, its details unfilled; KeyError for a key no room has."""
        english, serbian = _phrases()[key]
        if self.language == "sr-Cyrl":
            return serbian
        return latin(serbian) if self.language == "sr-Latn" else english

    def say(self, key: str, /, **details: object) -> str:
        """The phrase with its details filled in."""
        return self.phrase(key).format(**details)

    def count(self, key: str, number: int, /, **details: object) -> str:
        """The plural form of the phrase for `number`, which it may show as `{n}`."""
        return self.plural(key, number).format(n=f"{number:,}", **details)

    def plural(self, key: str, number: int) -> str:
        """The same form as written, its details unfilled."""
        forms = self.phrase(key).split("|")
        return forms[min(self._form(number), len(forms) - 1)]

    def _form(self, number: int) -> int:
        """Plural form by the CLDR rules of English and Serbian."""
        if not self.language.startswith("sr"):
            return 0 if number == 1 else 1
        if number % 10 == 1 and number % 100 != 11:
            return 0
        return 1 if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else 2


ENGLISH = Words("en")
