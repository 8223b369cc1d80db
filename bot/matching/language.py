"""Which language a text is in: as its source said, else as its script and words show."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

UNKNOWN = "und"
"""The tag of a language that nobody knows (BCP 47): what an article without one is filtered by."""

LANGUAGE_GROUPS = {"bcms": ("sr", "hr", "bs", "cnr"), UNKNOWN: (UNKNOWN,)}
"""Codes a filter may name for several languages at once, or for none."""

_SPELLINGS = """
sr srp scc sh hbs serbian, hr hrv scr croatian, bs bos bosnian, cnr me mne montenegrin, sl slv slovene slovenian,
mk mkd mac macedonian, bg bul bulgarian, sq sqi alb al albanian, el ell gre gr greek, ro ron rum mo mol romanian,
en eng english, de deu ger german, fr fra fre french, it ita italian, es spa spanish, pt por portuguese,
tr tur turkish, hu hun hungarian, ru rus russian, uk ukr ukrainian, pl pol polish, cs ces cze czech,
nl nld dut dutch, no nb nn nob nno nor norwegian, sv swe swedish, da dan danish, fi fin finnish,
he iw, yi ji, id in, ar ara arabic, zh zho chi chinese, ja jpn japanese, ko kor korean
"""
_CODES = {other: code for code, *others in map(str.split, _SPELLINGS.split(",")) for other in others}
"""ISO 639-2 codes, retired and mistaken codes and English names, to the code we use."""

_NO_LANGUAGE = frozenset(("und", "mul", "zxx", "mis", "qaa"))

_SCRIPTS = {
    "latin": "A-Za-z\u00c0-\u024f\u1e00-\u1eff",
    "cyrillic": "\u0400-\u04ff",
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "hy": "\u0530-\u058f",
    "he": "\u0590-\u05ff",
    "arabic": "\u0600-\u06ff",
    "indic": "\u0900-\u0dff",
    "th": "\u0e00-\u0e7f",
    "ka": "\u10a0-\u10ff",
    "ko": "\u1100-\u11ff\uac00-\ud7af",
    "ja": "\u3040-\u30ff",
    "zh": "\u3400-\u9fff",
}
"""Letters of a script, by the one language it is of or by the name of its list of candidates."""

_OWN_LETTERS = {"sr": "ђћ", "mk": "ѓќѕ", "bg": "ъ", "uk": "іїєґ", "ru": "ыэё", "be": "ў"}
_CANDIDATES = {
    "latin": "en de fr it es pt ro tr hu sr hr bs sl sq nl sv da no fi pl cs sk ca et lv lt id vi af is ga mt sw tl",
    "cyrillic": "sr mk bg uk ru be",
    "arabic": "ar fa ur",
    "indic": "hi mr ne bn ta te gu kn ml pa",
}
"""Languages of a script that words decide between."""

_SAMPLE = 600
"""Letters of a text that are looked at: more makes it no surer, and slower."""
_GLANCE, _SURE = 200, 0.99
"""Letters that are looked at first, and the likelihood from which on they decide, as nearly always more would."""
_LEAST = 25
"""Letters without which words decide nothing."""


def normalise(code: str | None) -> str | None:
    """ISO 639-1 (cnr: Montenegrin) of a code or English name as sources write it: `sr-Latn`, `srp`, `en_GB`, `me`.

    None for what is neither; a code of two or three letters is believed, known here or not.
    """
    plain = re.split(r"[-_@.]", (code or "").strip().lower())[0]
    known = _CODES.get(plain, plain)
    return known if re.fullmatch("[a-z]{2,3}", known) and known not in _NO_LANGUAGE else None


def languages_of(code: str) -> tuple[str, ...]:
    """The languages of articles that `lang:code` covers: `bcms` is sr, hr, bs and cnr; empty for what is no code."""
    found = normalise(code)
    return LANGUAGE_GROUPS.get(code.strip().lower()) or ((found,) if found else ())


def detect(text: str) -> str | None:
    """The language of the beginning of `text`, the script having the first say; None when too little of it tells.

    Serbian, Croatian, Bosnian and Montenegrin are told apart poorly: any of them may come back for any.
    """
    sample = text[:_SAMPLE]
    signs = Counter(sample)
    script = _script(signs)
    if script not in _CANDIDATES:
        return script
    own = _by_letters(sample.lower()) if script == "cyrillic" else None
    if own or sum(count for sign, count in signs.items() if sign.isalpha()) < _LEAST:
        return own
    return _by_words(sample[:_GLANCE], script, _SURE) or _by_words(sample, script, 0.5)


def _script(signs: Counter[str]) -> str | None:
    """The script most letters are of: a language where it decides one, else the name of a list of candidates."""
    counts = dict.fromkeys(_SCRIPTS, 0)
    for sign, count in signs.items():
        script = _script_of(sign)
        if script:
            counts[script] += count
    if counts["ja"] * 20 > counts["zh"]:
        counts["ja"] += counts.pop("zh")
    name = max(counts, key=lambda script: counts[script])
    return name if counts[name] else None


@lru_cache(maxsize=8_192)
def _script_of(sign: str) -> str | None:
    return next((name for name, letters in _SCRIPTS.items() if re.match(f"[{letters}]", sign)), None)


def _by_letters(sample: str) -> str | None:
    """The Cyrillic language whose own letters are used, clearly more than any other's."""
    counts = Counter(sample)
    scores = sorted(((sum(counts[letter] for letter in own), code) for code, own in _OWN_LETTERS.items()), reverse=True)
    (most, code), (second, _) = scores[:2]
    return code if most > 2 * second else None


def _by_words(sample: str, script: str, likely: float) -> str | None:
    """The candidate that is likelier than `likely`; sr, hr and bs count as one, and the likeliest of them stands."""
    candidates = _CANDIDATES[script].split()
    shares: dict[str, float] = {}
    best: dict[str, str] = {}
    for code, share in _model().rank(sample):
        if code in candidates:
            group = "sr" if code in LANGUAGE_GROUPS["bcms"] else code
            shares[group] = shares.get(group, 0.0) + share
            best.setdefault(group, code)
    likeliest = max(shares, key=lambda group: shares[group])
    return best[likeliest] if shares[likeliest] > sum(shares.values()) * likely else None


@lru_cache(maxsize=1)
def _model() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    whole = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    candidates = {code for codes in _CANDIDATES.values() for code in codes.split()}
    whole.set_languages([*candidates.intersection(whole.nb_classes)])
    return LanguageIdentifier(  # of these languages alone: the whole one keeps 20 MB of the others beside them
        whole.nb_ptc, whole.nb_pc, whole.nb_classes, whole.tk_nextmove, whole.tk_output, True, tk_row=whole.tk_row
    )
