"""newsbell as a person runs it: a real process in a folder of its own."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.launcher import Launcher

ROOT = Path(__file__).parent.parent.parent

QUIET = {"NEWSBELL_HTTP": ""}
"""Tests run side by side, and a port is one's own."""


def clean_environment() -> dict[str, str]:
    """This process's environment without newsbell's settings and who watches us, then ours."""
    ours = ("NEWSBELL_", "NOTIFY_", "WATCHDOG_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**clean, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", "COLUMNS": "100", **QUIET}


@dataclass
class Shell:
    """Runs newsbell commands in one folder, with one database."""

    folder: Path
    launcher: Launcher
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What every command of this shell begins with."""
        return {**clean_environment(), **self.settings}

    def command(self, *arguments: str) -> list[str]:
        """The command line of one newsbell command."""
        return [sys.executable, "-m", "bot", *arguments]

    def run(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """One command, whatever it exits with."""
        return self.launcher.run(arguments, self.folder, self.environment, typed)

    def says(self, *arguments: str, typed: str = "") -> str:
        """The standard output of a command that must succeed."""
        done = self.run(*arguments, typed=typed)
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout

    def prints(self, *arguments: str) -> list[dict[str, Any]]:
        """The JSON lines of a command that must succeed."""
        return [json.loads(line) for line in self.says(*arguments).splitlines()]

    @contextmanager
    def running(self, *arguments: str) -> Iterator[Running]:
        """A command that goes on, typed to and read from; killed if a test leaves it running."""
        process = subprocess.Popen(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        with process:
            try:
                yield Running(process)
            finally:
                process.kill()


@dataclass
class Running:
    """A process of ours that is still going; `seen` is all it has shown."""

    process: subprocess.Popen[bytes]
    seen: str = ""

    def types(self, line: str) -> None:
        """One line at its prompt."""
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def shows(self, wanted: str, within: float = 30.0) -> str:
        """Waits until it has shown `wanted` and returns what came since the last call; fails when it does not."""
        assert self.process.stdout is not None
        before = len(self.seen)
        while wanted not in self.seen[before:]:
            ready, _, _ = select.select([self.process.stdout], [], [], within)
            chunk = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            assert chunk, f"{wanted!r} never came; it showed:\n{self.seen}"
            self.seen += chunk.decode()
        return self.seen[before:]

    def ends(self) -> int:
        """Ends its input, reads the rest and returns its exit code."""
        rest, _ = self.process.communicate(timeout=30)
        self.seen += rest.decode()
        return self.process.returncode

    def complaints(self) -> str:
        """What it said on standard error."""
        assert self.process.stderr is not None
        return self.process.stderr.read().decode()


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    """What runs the commands of all shells."""
    found = Launcher(clean_environment())
    yield found
    found.close()


@pytest.fixture
def shell(tmp_path: Path, launcher: Launcher) -> Shell:
    """An empty folder to run newsbell in; no articles come along, as to take them in is a second of work."""
    return Shell(tmp_path, launcher, {"NEWSBELL_SEED_ARTICLES": ""})


@pytest.fixture
def seeds(shell: Shell) -> None:
    """The articles that come along, as for everybody who begins."""
    del shell.settings["NEWSBELL_SEED_ARTICLES"]
