"""Secrets out of text that somebody else may read: those that are known, and what looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterable

HIDDEN = "…"

LEAST = 6
"""Characters from which a secret is one: what is shorter would hide half the language."""

PARTS_FROM = 16
"""Characters from which a part of a token, without the public number before its colon, is a secret by itself."""

_LOOKS = (
    (
        re.compile(
            r"(?i)\b([a-z][a-z0-9+.-]{0,20}://)"
            r"(?:[^\s/?#\"'<>]*@|[^\s/?#\"'<>:]*:(?!\d*[/?#])[^\s\"'<>]*@)"
        ),
        rf"\1{HIDDEN}@",
    ),
    (
        re.compile(
            r"(?i)([?&;](?:(?:api|access|auth|private|feed|secret|user)[_-]?)?"
            r"(?:token|key|secret|password|passwd|pwd|auth|sig|signature)=)[^&;#\s\"'<>]+"
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(?i)\b(bearer|basic) +[\w.~+/=:%-]{6,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"(?i)\b(bot)?\d{5,16}(?::|%(?:25)*3a)[\w-]{30,64}"), rf"\1{HIDDEN}"),
    (re.compile(r"x(?:ox[a-z]|app)-[\w.-]{6,}"), HIDDEN),
)
"""Credentials in URLs, secrets in their queries and in headers, and the tokens of Telegram and of Slack.

core.telegram.org/bots/api#authorizing-your-bot; docs.slack.dev/authentication/tokens.
"""


class Redaction:
    """Hides secrets, however they are percent-encoded: as they are, in part, once or several times over."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        whole = {secret.strip() for secret in secrets}
        parts = {part for secret in whole for part in secret.split(":")[1:] if len(part) >= PARTS_FROM}
        known = sorted({text for text in whole | parts if len(text) >= LEAST}, key=len, reverse=True)
        self._known = re.compile("|".join(map(_spelt, known))) if known else None

    def __call__(self, text: str) -> str:
        """The text with `…` in the place of each secret."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        for pattern, shown in _LOOKS:
            text = pattern.sub(shown, text)
        return text


def _spelt(secret: str) -> str:
    """A pattern for every way to write it in a URL."""
    return "".join(
        rf"(?:{re.escape(character)}|{''.join(_encoded(byte) for byte in character.encode())})" for character in secret
    )


def _encoded(byte: int) -> str:
    digits = "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in f"{byte:02x}")
    return f"%(?:25)*{digits}"
