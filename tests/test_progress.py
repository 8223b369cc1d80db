"""The progress bar of a scan: one a kind of work, full at its end."""

from __future__ import annotations

import io

import pytest
from rich.progress import Progress

from bot.cli.archive import bar


class Terminal(io.StringIO):
    """What takes itself for a terminal."""

    def isatty(self) -> bool:
        return True


def test_each_kind_of_work_has_one_bar_and_fills_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Progress] = []
    entered = Progress.__enter__

    def entering(self: Progress) -> Progress:
        made.append(self)
        return entered(self)

    monkeypatch.setattr("sys.stderr", Terminal())
    monkeypatch.setattr(Progress, "__enter__", entering)
    with bar() as moved:
        for left, name in enumerate(("Third", "Second", "First")):
            moved("scanning", name, 2 - left)
        moved("reading pages", "wire.example", 1)
        (progress,) = made
        assert [(task.description, task.completed, task.total) for task in progress.tasks] == [
            ("scanning: First", 3, 3),
            ("reading pages: wire.example", 1, 2),
        ]


def test_without_a_terminal_nothing_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    with bar() as moved:
        moved("scanning", "First", 0)
    assert capsys.readouterr() == ("", "")
