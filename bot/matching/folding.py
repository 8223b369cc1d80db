"""Folding: the one form in which differently spelled letters meet, whatever the language, and always the same twice.

Case, width and diacritics go; Cyrillic becomes the Latin a Serb would type without diacritics (ж = ž = z, ћ = ч = c,
љ = lj, й = j, щ = st, ю = ju, я = ja, ъ = a, ь = nothing), a letter a rule and never a rule a language; Greek stays
Greek without tonos and final sigma; points and vowel signs of Hebrew and Arabic go, those of Indic and Thai words stay.
Đ is found however it was typed: đ, ђ and dj all fold to d (Đinđić = Ђинђић = Djindjic = Dindic), except in Latin ad-j
(adjust) and in short words (DJ, DJI).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CYRILLIC = (
    "аa бb вv гg дd ђd еe жz зz иi јj кk лl љlj мm нn њnj оo пp рr сs тt ћc уu фf хh цc чc џdz шs ѕdz щst ъa ыy ь эe"
)
_FURTHER = "юju яja іi єe ґg ѣe đd ðd þth łl ıi øo æae œoe ħh ŧt ŋn ĸk əe ςσ"
_SILENT = "ʹʻʼʾʿـ\u00ad\u200b\u200c\u200d\u2060\ufeff"
_LETTERS = {pair[0]: pair[1:] for pair in (*f"{_CYRILLIC} {_FURTHER}".split(" "), *_SILENT)}
"""What a single decomposed, lower-case letter folds to."""

_PAIRS = (("и\u0306", "ј"), ("г\u0301", "gj"), ("к\u0301", "kj"))
"""Letters that decompose to a base and a mark, yet are letters of their own: й, Macedonian ѓ and ќ."""

_DJ = re.compile(r"(?<!\ba)(?!\bdj\w?\b)dj")
_RUN = re.compile(r"\S{1,64}")


def fold(text: str) -> str:
    """`text` with case, diacritics, width and script folded, a letter at a time; idempotent, in linear time."""
    if text.isascii():
        lowered = text.lower()
        return _DJ.sub("d", lowered) if "dj" in lowered else lowered
    return _RUN.sub(lambda run: _fold_run(run[0]), text)


@lru_cache(maxsize=16_384)
def _fold_run(run: str) -> str:
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", run).casefold())
    for pair, plain in _PAIRS:
        letters = letters.replace(pair, plain)
    kept = "".join(_LETTERS.get(letter, letter) if letter.isalpha() else _sign(letter) for letter in letters)
    folded = unicodedata.normalize("NFC", _DJ.sub("d", kept))
    return folded or run


def _sign(letter: str) -> str:
    """A digit as ASCII, a mark only where it is a letter's part: vowel signs, virama, kana voicing, Thai tones."""
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    rank = unicodedata.combining(letter)
    dropped = 10 <= rank < 84 or rank >= 200 or rank == 1 or letter in _LETTERS
    return "" if dropped else letter
