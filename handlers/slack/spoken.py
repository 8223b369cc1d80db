"""Commands in both directions: as people type them in Slack behind the one slash command, and as newsbell has them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass
from html import unescape

PUBLIC = ("public", "javno", "јавно")
"""Said first, everybody in the channel sees the answer."""

COMMAND = "/newsbell"

_COMMAND = re.compile(r"/(?P<verb>[a-z_]+)(?=$|\s)")
_COMMAND_WITHIN = re.compile(r"(?<![\w/])/[a-z_]+(?![\w/])")
_BRACKET = re.compile(r"<(?P<inside>[^<>]*)>")
_SCHEME = re.compile(r"^(?:https?://|mailto:)")
_NEAR = 0.75


@dataclass(frozen=True)
class Speech:
    """How the bot is spoken to here: the slash command, and every word that names a command behind it."""

    command: str = COMMAND
    verbs: Collection[str] = ()

    def typed(self, text: str) -> str:
        """`/search kosovo` -> `/newsbell search kosovo`; anything else as it is."""
        found = _COMMAND.match(text)
        return f"{self.command} {text[1:]}" if found and found["verb"] in self.verbs else text

    def within(self, text: str) -> str:
        """The same for every command in a sentence of the bot's own."""
        return _COMMAND_WITHIN.sub(lambda found: self.typed(found[0]), text)

    def meant(self, text: str) -> str:
        """What is typed behind the slash command or a mention as a line of chat: its verb gets the slash.

        Without a verb it is a search; what looks like a verb is taken for one, so that it is put right.
        """
        typed = text.strip()
        word = typed.split(maxsplit=1)[0] if typed else ""
        bare = word.rstrip(":,").casefold()
        if bare in self.verbs:
            return f"/{bare} {typed[len(word) :].strip()}".strip()
        near = len(bare) > 2 and difflib.get_close_matches(bare[:40], self.verbs, 1, _NEAR)
        return f"/{typed}" if near and not word.startswith("/") else typed


def is_public(text: str) -> tuple[bool, str]:
    """Whether the answer is asked for in front of everybody, and what is left to do."""
    word, _, rest = text.strip().partition(" ")
    return (True, rest.strip()) if word.casefold() in PUBLIC and rest.strip() else (False, text.strip())


def unmarked(text: str) -> str:
    """What somebody typed, without what Slack has made of it: `&amp;`, `<https://e.org|e.org>`, `<#C1|desk>`."""
    return unescape(_BRACKET.sub(lambda found: _bracket(found["inside"]), text)).strip()


def _bracket(inside: str) -> str:
    target, _, label = inside.partition("|")
    if target[:1] in ("#", "@", "!"):
        return f"{target[0].replace('!', '@')}{label.lstrip('@#')}" if label else target.replace("!", "@", 1)
    return label if label and label == _SCHEME.sub("", target).rstrip("/") else target
