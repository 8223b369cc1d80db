"""How settings are read that name files and folders; ValueError says what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

SHIPPED = "shipped"


def seeds() -> Path:
    """What a new installation starts from: a folder inside the installed package, else beside it in a clone."""
    inside = Path(__file__).parent / "seeds"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "seeds"


def path(text: str) -> Path:
    """A path, which may begin with a home directory; ValueError."""
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise ValueError(f"{text!r} begins with a home directory that is not there") from error


def path_or_none(text: str) -> Path | None:
    """A path, None for nothing; ValueError."""
    return path(text) if text else None


def seed_articles(text: str) -> Path | None:
    """What a new database is planted with; ValueError when it is not there."""
    found = seeds() / "articles" if text == SHIPPED else path_or_none(text)
    if found is not None and not _is(found.exists):
        raise ValueError(f"{text!r} is not there; name a folder or file of articles, or leave it empty to plant none")
    return found


def sources(text: str) -> Path | None:
    """A list of sources; ValueError when it is no file."""
    found = seeds() / "sources.opml" if text == SHIPPED else path_or_none(text)
    if found is not None and not _is(found.is_file):
        raise ValueError(f"{text!r} is no file; name an OPML list, or leave it empty to begin without sources")
    return found


def _is(look: Callable[[], bool]) -> bool:
    """Whether a file is there; where its name is too long for one, it is not."""
    try:
        return look()
    except OSError:
        return False
