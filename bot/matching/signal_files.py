"""Weighed evidence in topic files: signals with their points, and lists of words that several signals share.

A person who does not program reads and changes these, so a term is written as it is said: `migrant` stands for its
inflected forms, `migrant*` for all words that begin so, `granična policija` for the two in a row, each inflected,
`"border force"` in double quotes for exactly that, and `#bn` for any amount: 1bn, 1.1bn, 999bn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.matching.evidence import FURTHEST, Row, Signal, Weighed, Wording, spoken
from bot.matching.syntax import Node, Phrase, Prefix, Word
from bot.matching.text import folded_words

Problem = Callable[..., None]
"""Notes what is wrong: the text, the keys that lead there, and which `entry` of a list it is."""
Wordings = tuple[Wording, ...]

MOST = 6
"""What mentions of a signal count as together, unless the file says otherwise."""
_PART = re.compile(r'"([^"]+)"|([^\s"]+)')
_KEYS = ("name", "points", "most", "supports", "anywhere", "words", "near", "within", "unless")
_AMOUNT = re.compile(r"#([^\W\d_]{1,4})")
_AMOUNTS = re.compile(r"#([^\W\d_]{1,4})")
_NUMBERS = (*map(str, range(1, 1_000)), *(f"{whole}.{tenth}" for whole in range(1, 50) for tenth in range(1, 10)))
"""The numbers of amounts that are written with a unit, as one word: 1bn, 34.4bn, 476bn."""
_ANY = "any"
_LIMIT = 1_000


class SignalReader:
    """Reads `[lists]` and `[[signal]]` of one file, and says what is wrong with them."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._lists: dict[str, Wordings] = {}
        self.terms = 0
        """Terms read so far; those of a list once."""

    def read(self, table: Mapping[str, object]) -> Weighed | None:
        """The evidence of a file; None where there is none, or after a complaint."""
        self._read_lists(table.get("lists", {}))
        value = table.get("signal", [])
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            self._problem("signals are written as [[signal]] tables", "signal")
            return None
        signals = [self._signal(number, entry) for number, entry in enumerate(value)]
        threshold = table.get("threshold")
        if not signals:
            if threshold is not None:
                self._problem("a threshold is for [[signal]] tables, and there are none", "threshold")
            return None
        if not _is_number(threshold, 1):
            self._problem("threshold must be a whole number of points, 1 or more", "threshold")
            return None
        found = tuple(signal for signal in signals if signal)
        assert isinstance(threshold, int)
        weighed = Weighed(threshold, found)
        if len(found) == len(signals) and not any(True for _ in weighed.leading()):
            self._problem("no signal has points above 0 without supports", "signal")
        return weighed if len(found) == len(signals) else None

    def _read_lists(self, value: object) -> None:
        if not isinstance(value, dict):
            self._problem("[lists] must hold lists of terms by language", "lists")
            return
        for name, entries in value.items():
            self._lists[name] = self._wordings(entries, ("lists", name), f"list “{name}”")

    def _signal(self, number: int, table: Mapping[str, object]) -> Signal | None:
        at = ("signal", str(number))
        name = table.get("name")
        if not isinstance(name, str) or not name.strip():
            self._problem(f"signal {number + 1}: name must be text in quotes", *at, "name")
            return None
        title = f"signal “{name}”"
        for key in table.keys() - set(_KEYS):
            self._problem(f"{title}: unknown key “{key}”; known are {', '.join(_KEYS)}", *at, key)
        numbers = self._numbers(table, at, title)
        words, near, unless = (
            self._wordings(table.get(key, {}), (*at, key), f"{title}, {key}") for key in ("words", "near", "unless")
        )
        if not words and "words" not in table:
            self._problem(f"{title}: words are missing", *at)
        if bool(near) is not bool(numbers.get("within")):
            self._problem(f"{title}: near and within (words between, 1 to {FURTHEST}) go together", *at, "near")
        supports, anywhere = (self._flag(table, key, at, title) for key in ("supports", "anywhere"))
        if not words or len(numbers) < 3:
            return None
        points, most, within = numbers["points"], numbers["most"], numbers["within"]
        return Signal(name, points, words, most, supports, anywhere, near, within, unless)

    def _flag(self, table: Mapping[str, object], key: str, at: tuple[str, ...], title: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            self._problem(f"{title}: {key} must be true or false", *at, key)
        return value is True

    def _numbers(self, table: Mapping[str, object], at: tuple[str, ...], title: str) -> dict[str, int]:
        limits = {"points": (None, -_LIMIT, _LIMIT), "most": (MOST, 1, _LIMIT), "within": (0, 0, FURTHEST)}
        found = {}
        for key, (default, lowest, highest) in limits.items():
            value = table.get(key, default)
            if _is_number(value, lowest, highest) and not (key == "points" and value == 0):
                assert isinstance(value, int)
                found[key] = value
            else:
                what = f"{title}: {key} must be a whole number from {lowest} to {highest}"
                self._problem(what + (", not 0" if key == "points" else ""), *at, key)
        return found

    def _wordings(self, value: object, at: tuple[str, ...], title: str) -> Wordings:
        """Terms by language, or the lists that are named."""
        if isinstance(value, str):
            value = [value]
        if isinstance(value, list):
            return tuple(wording for name in value for wording in self._listed(name, at, title))
        if not isinstance(value, dict):
            self._problem(f"{title} must be lists of terms by language, or names of [lists]", *at)
            return ()
        return tuple(
            Wording("" if language == _ANY else language, terms)
            for language, entries in value.items()
            if (terms := self._terms(language, entries, (*at, language), f"{title}.{language}"))
        )

    def _listed(self, name: object, at: tuple[str, ...], title: str) -> Wordings:
        if not isinstance(name, str) or name not in self._lists:
            known = ", ".join(self._lists) or "none"
            self._problem(f"{title}: there is no list “{name}”; there are {known}", *at)
            return ()
        return self._lists[name]

    def _terms(self, language: str, entries: object, at: tuple[str, ...], title: str) -> tuple[Node, ...]:
        if language != _ANY and not (re.fullmatch("[a-z]{2,3}", language) and spoken(language)):
            self._problem(f"{title}: a language is two or three letters a-z, or “{_ANY}”", *at)
        if not isinstance(entries, list):
            self._problem(f"{title} must be a list of terms in quotes", *at)
            return ()
        found = [self._entry(entry, number, at, title) for number, entry in enumerate(entries, 1)]
        self.terms += len({terms for terms in found if terms})
        return tuple(dict.fromkeys(term for terms in found for term in terms))

    def _entry(self, entry: object, number: int, at: tuple[str, ...], title: str) -> tuple[Node, ...]:
        """The term of an entry, or those of its amounts; none after a complaint."""
        if not isinstance(entry, str) or not entry.strip():
            self._problem(f"{title}, entry {number} must be text in quotes", *at)
            return ()
        if amounts := _AMOUNTS.fullmatch(entry):
            return tuple(Phrase((f"{number}{amounts[1]}",)) for number in _NUMBERS)
        try:
            return (term(entry),)
        except ValueError as error:
            self._problem(f"{title}, entry {number} ({entry}): {error}", *at, entry=entry)
            return ()


def term(text: str) -> Node:
    """The term a text of a topic file says; ValueError says in a few words what is wrong with it."""
    if text.count('"') % 2:
        raise ValueError("a double quote has no partner")
    parts = tuple(_part(exact or plain, exact=bool(exact)) for exact, plain in _PART.findall(text))
    if not parts:
        raise ValueError("there is no word in it")
    return parts[0] if len(parts) == 1 else Row(parts)


def _part(text: str, *, exact: bool) -> Node:
    begun = text.endswith("*")
    plain = text.removesuffix("*").strip()
    if set(plain) & set("()*:~[]{}") or plain.startswith("-") or plain in {"AND", "OR", "NOT", "NEAR"}:
        raise ValueError("a term is words, “word*” for what begins so, and exact words in double quotes")
    if not folded_words(plain):
        raise ValueError("there is no word in it")
    if begun and len(folded_words(plain)[-1]) < 3:
        raise ValueError("a beginning has three letters or more")
    if exact:
        return Phrase(tuple(plain.split()), begun)
    return Prefix(plain) if begun else Word(plain)


def _is_number(value: object, lowest: int, highest: int | None = None) -> bool:
    return type(value) is int and lowest <= value and (highest is None or value <= highest)
