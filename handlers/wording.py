"""Phrases of the catalogue as spans, so that what is typed, bold or a link keeps its form inside a sentence."""

from __future__ import annotations

from string import Formatter

from bot.core.message import Code, Link, Mark, Span, Spans, Strong, Text, When

SPANS = (Text, Strong, Mark, Code, Link, When)


def fill(phrase: str, /, **details: object) -> Spans:
    """A phrase with its `{details}` filled in, each a span, several spans or anything with a text."""
    parts: list[Span] = []
    for literal, name, _, _ in Formatter().parse(phrase):
        if literal:
            parts.append(Text(literal))
        if name is not None:
            parts.extend(_as_spans(details[name]))
    return tuple(parts)


def _as_spans(detail: object) -> Spans:
    if isinstance(detail, tuple):
        return detail
    return (detail,) if isinstance(detail, SPANS) else (Text(str(detail)),)
