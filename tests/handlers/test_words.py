"""The catalogue and the code agree: no phrase is missing, and none is there for nobody."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from bot.core.words import keys
from handlers.registry import registry

HANDLERS = Path(__file__).parents[2] / "handlers"
SOURCES = [*HANDLERS.glob("*.py"), *(HANDLERS / "commands").glob("*.py")]
ROOMS = ("commands.", "help.")


def _said() -> tuple[set[str], list[re.Pattern[str]]]:
    """Keys the code names, and the patterns of those it puts together."""
    literal: set[str] = set()
    patterns = [re.compile("help[.](" + "|".join(entry.verb for entry in registry()) + ")")]
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                literal.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [str(part.value) if isinstance(part, ast.Constant) else "\0" for part in node.values]
                patterns.append(re.compile(re.escape("".join(parts)).replace("\0", "[a-z_]+")))
    return literal, [pattern for pattern in patterns if pattern.pattern.startswith(("commands", "help"))]


def test_every_phrase_is_said_somewhere() -> None:
    literal, patterns = _said()
    ours = [key for key in keys() if key.startswith(ROOMS)]
    assert ours
    assert [key for key in ours if key not in literal and not any(p.fullmatch(key) for p in patterns)] == []


def test_every_key_is_in_the_catalogue() -> None:
    literal, patterns = _said()
    named = {text for text in literal if re.fullmatch(r"(commands|help)\.[a-z_]*[a-z]", text)}
    assert named - set(keys()) == set()
    assert [p.pattern for p in patterns if not any(p.fullmatch(key) for key in keys())] == []
