"""`make upgrade`: one command, in an order in which nothing is lost; what it calls is recorded instead of done."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.skipif(not shutil.which("git") or not shutil.which("make"), reason="needs git and make")

RECORDS = '#!/bin/sh\necho "$(basename $0) $*" >> "$RECORD"\n'
RUNS_AS = f'{RECORDS}shift 3; exec "$@"\n'


class Clone:
    """A clone that is one change behind, on a machine whose every command but git's and make's is a recording one."""

    def __init__(self, folder: Path) -> None:
        self.record, self.commands, self.place = folder / "record", folder / "bin", folder / "clone"
        origin = folder / "origin"
        origin.mkdir()
        self.commands.mkdir()
        shutil.copy(ROOT / "Makefile", origin / "Makefile")
        for name in ("pyproject.toml", "constraints.txt"):
            (origin / name).write_text("")
        self.git(origin, "init", "--quiet", "--initial-branch=main")
        self.commit(origin, "first")
        self.git(folder, "clone", "--quiet", str(origin), str(self.place))
        self.old = self.git(self.place, "rev-parse", "--short", "HEAD").strip()
        (origin / "news").write_text("")
        self.commit(origin, "second")
        installed = self.place / ".venv" / "bin"
        installed.mkdir(parents=True)
        for path in (self.commands / "systemctl", installed / "python", installed / "newsbell"):
            self.command(path, RECORDS)
        self.command(self.commands / "runuser", RUNS_AS)
        (self.place / ".venv" / ".run").touch()

    def command(self, path: Path, text: str) -> None:
        path.write_text(text)
        path.chmod(0o755)

    def git(self, folder: Path, *arguments: str) -> str:
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        return subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout

    def commit(self, folder: Path, message: str) -> None:
        self.git(folder, "add", "--all")
        self.git(folder, "commit", "--quiet", "--message", message)

    def upgrade(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PATH": f"{self.commands}:{os.environ['PATH']}", "RECORD": str(self.record)}
        for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
            environment.pop(name, None)
        return subprocess.run(
            ["make", "upgrade", *arguments], cwd=self.place, env=environment, capture_output=True, text=True
        )

    @property
    def done(self) -> list[str]:
        """What was called."""
        return self.record.read_text().splitlines()


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


COMPILED = "python -m compileall -q bot handlers store"


def test_it_takes_the_latest_upgrades_the_database_and_says_how_to_go_back(clone: Clone) -> None:
    ran = clone.upgrade()
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == f"newsbell: this is {clone.old}; to go back to it: git checkout {clone.old} && make install\n"
    assert (clone.place / "news").exists()
    assert clone.done == [COMPILED, "newsbell upgrade"]


def test_a_service_is_stopped_before_its_database_is_upgraded_as_its_own_user(clone: Clone, tmp_path: Path) -> None:
    ran = clone.upgrade("SERVICE=newsbell", f"HOME_OF_SERVICE={tmp_path}")
    assert ran.returncode == 0, ran.stderr
    assert clone.done == [
        COMPILED,
        "systemctl stop newsbell",
        f"runuser -u newsbell -- {clone.place}/.venv/bin/newsbell upgrade",
        "newsbell upgrade",
        "systemctl start newsbell",
    ]


def test_a_database_that_cannot_be_upgraded_is_not_served(clone: Clone, tmp_path: Path) -> None:
    clone.command(clone.place / ".venv" / "bin" / "newsbell", RECORDS + "echo no room >&2\nexit 1\n")
    ran = clone.upgrade("SERVICE=newsbell", f"HOME_OF_SERVICE={tmp_path}")
    assert ran.returncode != 0
    assert "no room" in ran.stderr
    assert "newsbell is stopped" in ran.stderr
    assert "systemctl start newsbell" not in clone.done


def test_what_was_changed_here_is_not_overwritten(clone: Clone) -> None:
    (clone.place / "Makefile").write_text((clone.place / "Makefile").read_text() + "# mine\n")
    clone.git(clone.place, "commit", "--quiet", "--all", "--message", "mine")
    ran = clone.upgrade()
    assert ran.returncode != 0
    assert not clone.record.exists(), "nothing was stopped and nothing upgraded"
