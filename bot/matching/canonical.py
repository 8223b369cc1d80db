"""The canonical text of a query: one spelling for one tree, which `bot.matching.query.parse` reads back."""

from __future__ import annotations

from bot.matching.evidence import Row, Signal, Weighed, Wording
from bot.matching.syntax import (
    And,
    Before,
    LanguageIs,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Proximity,
    Since,
    SourceIs,
    Title,
    TopicIs,
    Word,
)


def write(node: Node) -> str:
    """The canonical text of `node`; parentheses only where meaning needs them; TypeError for what is no query.

    Of weighed evidence, which only topic files hold, it is a text to read, that `parse` does not.
    """
    match node:
        case Word(text):
            return text
        case Prefix(text):
            return f"{text}*"
        case Phrase(words, prefix):
            return f'"{" ".join(words)}{"*" if prefix else ""}"'
        case Proximity(words, slop):
            return f'"{" ".join(words)}"~{slop}'
        case Near(left, right, distance):
            return f"{_grouped(left)} NEAR/{distance} {_grouped(right)}"
        case Or(children):
            return " OR ".join(map(write, children))
        case And(children):
            return _written_and(children)
        case Not(child):
            return f"NOT {write(child)}" if isinstance(child, Near) else f"-{_grouped(child)}"
        case Title(child):
            return f"title:{f'({write(child)})' if isinstance(child, And | Or | Not | Near) else write(child)}"
        case SourceIs(text):
            return f"source:{_quoted(text)}"
        case LanguageIs(code):
            return f"lang:{code}"
        case TopicIs(name):
            return f"topic:{_quoted(name)}"
        case Since(value):
            return f"since:{value}"
        case Before(value):
            return f"before:{value}"
        case Row(parts):
            return " ".join(map(write, parts))
        case Weighed(threshold, signals):
            return "\n".join((f"{threshold} points of:", *map(_signal, signals)))
    raise TypeError(f"{type(node).__name__} is not a query")


def _signal(signal: Signal) -> str:
    """A signal on a line of its own."""
    kind = "supports, " * signal.supports + "anywhere, " * signal.anywhere
    text = f"  {signal.points:+} {signal.name} ({kind}at most {signal.most}): {_wordings(signal.words)}"
    if signal.near:
        text += f" NEAR/{signal.within} ({_wordings(signal.near)})"
    return f"{text} unless {_wordings(signal.unless)}" if signal.unless else text


def _wordings(wordings: tuple[Wording, ...]) -> str:
    return "; ".join(f"{entry.language or 'any'}: {', '.join(map(write, entry.terms))}" for entry in wordings)


def _written_and(children: tuple[Node, ...]) -> str:
    """Side by side; with AND spelled out where a NEAR among them would be hard to read otherwise."""
    near = any(
        isinstance(child, Near) or (isinstance(child, Not) and isinstance(child.child, Near)) for child in children
    )
    return (" AND " if near else " ").join(
        f"({write(child)})" if isinstance(child, Or) else write(child) for child in children
    )


def _grouped(node: Node) -> str:
    return f"({write(node)})" if isinstance(node, And | Or) else write(node)


def _quoted(text: str) -> str:
    return f'"{text}"' if any(mark in " ()" for mark in text) else text
