"""Files with secrets in them that everybody on the machine may read."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path

from bot.config import OPTIONS

SECRETS = tuple(option.name for option in OPTIONS if option.secret)


def exposed(environment: Mapping[str, str], env_file: Path = Path(".env")) -> list[Path]:
    """Of the file of settings and those it or the environment names (NAME_FILE): which anybody may read."""
    from dotenv import dotenv_values

    said = dotenv_values(env_file, interpolate=False) if env_file.is_file() else {}
    given = {**said, **environment}
    named = [Path(path).expanduser() for name in SECRETS if (path := given.get(f"{name}_FILE"))]
    holding = [env_file] if any(said.get(name) for name in SECRETS) else []
    return [path for path in dict.fromkeys([*holding, *named]) if _is_anybodys(path)]


def _is_anybodys(path: Path) -> bool:
    """Whether others than its owner and group may read it, and get there."""
    try:
        whole = path.resolve(strict=True)
        return bool(whole.stat().st_mode & stat.S_IROTH) and all(map(_may_pass, whole.parents))
    except OSError:
        return False


def _may_pass(folder: Path) -> bool:
    return bool(folder.stat().st_mode & stat.S_IXOTH)
