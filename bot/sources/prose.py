"""Plain text as a news story: metadata lines, a title line where there is one, and the first sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bot.sources.dates import moment
from bot.sources.fields import clean, one_line

HEADLINE_LIMIT = 200
"""Characters of a title line, and of a sentence that serves as headline."""

_HEAD_LINES = 8
"""Metadata stands among the first lines, or it is no metadata."""
_METADATA_LIMIT = 300
_SENTENCE_SEARCH = 2_000

_DATE = re.compile(r"date (\d{4}-\d\d-\d\d)\b", re.IGNORECASE)
_PUBLISHED = re.compile(r"\bPublished: ([^|]{1,80})")
_AUTHOR = re.compile(r"(?:^|\s)by ([^•|]{2,100}?)\s*(?:[•|]|$)", re.IGNORECASE)
_CREDIT = re.compile(r"(?:(?:photo|image|picture|video)\s+)?credits?\s?:.{0,300}", re.IGNORECASE)

_ENDS = re.compile(r"""([.!?…]+)[»”’"')\]]*(?=\s|$)|[。！？]+[」』”’]*""")
_SENTENCE_END = re.compile(r"""[.…:,;][»”"']?$""")
_BLANK_LINES = re.compile(r"\n{3,}")
_LAST_WORD = re.compile(r"[\w.]{1,20}$")
_ABBREVIATION = re.compile(
    "mrs?|ms|dr|prof|st|gen|col|lt|sgt|capt|rev|hon|[js]r|vs|inc|ltd|co|corp|mt|ft|sen|rep|gov|pres|approx|ca|cf"
    "|jan|feb|apr|aug|sept|oct|nov|dec|hr|bzw|dott|sig|av|str|god|gđa|gdja|tzv|tj|npr|ul|bul|inž|ing|dipl|akad|mag"
    "|гђа|тзв|тј|нпр|ул|бул|др|проф|инж|акад|стр|год"
)


@dataclass(frozen=True, slots=True)
class Story:
    """What a document that is one article says of itself; `text` is without metadata, credits and headline."""

    title: str
    text: str
    author: str | None = None
    published_at: datetime | None = None
    language: str | None = None
    url: str | None = None
    outlet: str | None = None


def story(text: str) -> Story:
    """Reads a plain text; the title is a title line, else the first sentence; both are empty for no story."""
    lines = [line.strip() for line in clean(text).split("\n")]
    head = [line for line in lines[:_HEAD_LINES] if len(line) <= _METADATA_LIMIT and _published(line)]
    kept = [line for number, line in enumerate(lines) if not (number < _HEAD_LINES and line in head)]
    whole = clean("\n".join(line for line in kept if not _CREDIT.fullmatch(line)))
    opening, _, rest = whole.partition("\n")
    titled = _opens_with_title(opening, rest)
    body = _BLANK_LINES.sub("\n\n", rest.strip() if titled else whole)
    return Story(
        title=one_line(opening) if titled else first_sentence(body),
        text=body,
        author=next(filter(None, map(_author, head)), None),
        published_at=next(filter(None, map(_published, head)), None),
    )


def first_sentence(text: str, limit: int = HEADLINE_LIMIT) -> str:
    """The first sentence on one line, at most `limit` characters; abbreviations and `7. novembra` do not end it."""
    opening = one_line(text.split("\n\n", 1)[0][:_SENTENCE_SEARCH], _SENTENCE_SEARCH)
    for end in _ENDS.finditer(opening):
        after = opening[end.end() :].lstrip()[:1]
        if not after.islower() and not (after and end.group(1) == "." and _is_inner_dot(opening[: end.start()], after)):
            return one_line(opening[: end.end()], limit)
    return one_line(opening, limit)


def _is_inner_dot(before: str, after: str) -> bool:
    """Whether the full stop between belongs to an abbreviation, an initial, an ordinal or `No. 4`."""
    found = _LAST_WORD.search(before[-20:])
    word = found.group().casefold() if found else ""
    ordinal = word.isdigit() and len(word) <= 2
    initial = word[-1:].isalpha() and len(word.rpartition(".")[2]) == 1
    numbered = after.isdigit() and len(word) <= 3
    return ordinal or initial or numbered or _ABBREVIATION.fullmatch(word) is not None


def _opens_with_title(opening: str, rest: str) -> bool:
    """Whether the first line is a title: short, ends no sentence, and a blank or a clearly longer line follows.

    Hard-wrapped prose has lines of about equal length, so a line that is merely the first of several is none.
    """
    if not rest or len(opening) > HEADLINE_LIMIT or _SENTENCE_END.search(opening):
        return False
    following = rest.partition("\n")[0]
    return not following or (len(following) > 1.6 * len(opening) and not following[0].islower())


def _author(line: str) -> str | None:
    found = _AUTHOR.search(line)
    return one_line(found.group(1)) if found else None


def _published(line: str) -> datetime | None:
    """The `Published:` time of a metadata line, else the `date` it opens with; None for any other line."""
    exact, day = _PUBLISHED.search(line), _DATE.match(line)
    return (moment(exact.group(1)) if exact else None) or (moment(day.group(1)) if day else None)
