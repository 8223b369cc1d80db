"""An option: one setting as it is declared, and what the environment, `.env` and files of secrets say of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.core.errors import ConfigError
from bot.setting_paths import path


@dataclass(frozen=True, slots=True)
class Option:
    """One setting: its name, its default as text, how text is read (ValueError says what is wrong), and its help."""

    name: str
    default: str
    read: Callable[[str], Any]
    help: str
    field: str
    secret: bool = False
    """Whether it may also be given as NAME_FILE, a file that holds it."""

    def value(self, given: Mapping[str, str]) -> object:
        """What it is set to; ValueError."""
        return self.read(self._given(given).strip())

    def _given(self, given: Mapping[str, str]) -> str:
        named = given.get(f"{self.name}_FILE", "").strip() if self.secret else ""
        if not named:
            return given.get(self.name, self.default)
        if given.get(self.name):
            raise ValueError(f"{self.name}_FILE is set, too; leave one of them out")
        try:
            return path(named).read_text()
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"{self.name}_FILE: {named} cannot be read ({type(error).__name__})") from error


def written(env_file: Path) -> dict[str, str]:
    """What a file such as `.env` says, nothing where there is none; ConfigError when it cannot be read."""
    if not env_file.is_file():
        return {}
    from dotenv import dotenv_values

    try:
        return {name: value or "" for name, value in dotenv_values(env_file, interpolate=False).items()}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{env_file} cannot be read ({error}); fix it or move it away") from error


def unknown(given: Iterable[str], known: Iterable[str]) -> list[str]:
    """A line for each name that looks like a setting of ours and is none."""
    names = list(known)
    strange = sorted(name for name in given if name.startswith("NEWSBELL_") and name not in names)
    return [f"{name} is not a setting of newsbell{_nearest(name, names)}" for name in strange]


def _nearest(name: str, names: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, names, 1)
    return f"; did you mean {near[0]}?" if near else "; see .env.example for those that are"
