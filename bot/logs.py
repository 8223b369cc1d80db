"""The log: one line an event, on standard error, and no secret in any of them."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TextIO

from bot.core.redaction import Redaction

LOUD = ("httpx", "httpcore", "telegram", "slack_sdk", "slack_bolt", "aiohttp", "urllib3", "asyncio", "apscheduler")
"""Loggers of libraries that tell of every call and its address, or of every run: only what goes wrong is told."""


class OneLine(logging.Formatter):
    """`TIME LEVEL LOGGER what=happened ...`, and what was raised as one more value; secrets hidden in all of it."""

    def __init__(self, redaction: Redaction) -> None:
        super().__init__()
        self.redaction = redaction

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever is in the record."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        parts = [at, record.levelname, record.name, _flat(record.getMessage())]
        if record.exc_info and record.exc_info[0] is not None:
            parts.append(f"raised={_quoted(self.formatException(record.exc_info))}")
        if record.stack_info:
            parts.append(f"stack={_quoted(record.stack_info)}")
        return self.redaction(" ".join(parts))


class Lines(logging.StreamHandler[TextIO]):
    """Writes them; a line that cannot be written, for the log's disk is full, is lost and stops nothing."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self.lines = OneLine(Redaction())
        self.setFormatter(self.lines)

    def handleError(self, record: logging.LogRecord) -> None:
        """Nowhere is left to say so."""


def begin(*, detailed: bool = False, stream: TextIO | None = None) -> None:
    """Sets the log up, anew where it was; with `detailed` it tells of everything but the calls of libraries."""
    root = logging.getLogger()
    for ours in [handler for handler in root.handlers if isinstance(handler, Lines)]:
        root.removeHandler(ours)
    root.addHandler(Lines(stream or sys.stderr))
    root.setLevel(logging.DEBUG if detailed else logging.WARNING)
    logging.captureWarnings(capture=True)
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)


def hide(secrets: Iterable[str]) -> None:
    """From now on these are hidden, beside what looks like a secret."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, Lines):
            handler.lines.redaction = Redaction(secrets)


def redacted(text: str) -> str:
    """Text for standard error as the log would show it, its lines kept."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, Lines):
            return handler.lines.redaction(text)
    return Redaction()(text)


def say(text: str) -> None:
    """Says something on standard error, in lines of its own; one that cannot be written stops nothing."""
    try:
        print(redacted(text), file=sys.stderr, flush=True)
    except OSError:
        return


def _flat(text: str) -> str:
    """Text on one line, without what could steer a terminal: such a character is shown as Python would write it."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)


def _quoted(text: str) -> str:
    return _flat(json.dumps(text, ensure_ascii=False))
