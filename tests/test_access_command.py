"""`newsbell access` and `newsbell invite`, and a running newsbell that asks its admin."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import run

Shell = Callable[..., tuple[int, str, str]]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Runs a command in this process: (exit code, standard output, standard error)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSBELL_ACCESS", "invited")

    def typed(*arguments: str) -> tuple[int, str, str]:
        code = run(arguments)
        out, complaints = capsys.readouterr()
        return code, out, complaints

    return typed


def test_somebody_is_let_in_listed_and_kept_out_from_the_command_line(shell: Shell) -> None:
    code, out, _ = shell("access", "list")
    assert (code, out) == (0, "Those who were let in may use it, and admins.\nNobody has asked yet.\n")
    assert shell("access", "approve", "telegram:77")[:2] == (0, "Let in: telegram:77.\n")
    assert "Approved by terminal:local" in shell("access", "approve", "telegram:77")[1]
    assert shell("access", "revoke", "telegram:77")[1].startswith("Taken back: telegram:77.")
    [line] = shell("access", "list", "--json")[1].splitlines()
    told = json.loads(line)
    assert (told["id"], told["standing"], told["by"], told["way"]) == (
        ("telegram:77", "revoked", "terminal:local", "admin")
    )
    code, out, complaints = shell("access", "deny", "telegram:78")
    assert (code, out) == (1, "")
    assert complaints.startswith("newsbell: Nobody called “telegram:78” has asked.")
    assert complaints.count("\n") == 1


def test_an_invite_is_made_and_none_where_it_would_be_of_no_use(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (shell("invite")[1] for _ in range(2))
    assert "/start invite-" in first
    assert first.split()[-1] != second.split()[-1]
    assert first.split()[-1].encode() not in Path("newsbell.db").read_bytes()
    monkeypatch.setenv("NEWSBELL_ACCESS", "open")
    code, out, complaints = shell("invite")
    assert (code, out) == (1, "")
    assert "NEWSBELL_ACCESS is open" in complaints
