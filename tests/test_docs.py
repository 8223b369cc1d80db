"""README, `--help` and `.env.example` agree with what is registered."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from bot.cli import COMMANDS, parser
from bot.config import OPTIONS
from handlers.registry import registry
from tests.benchmarks import readme

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize("name", [command.verb for command in registry()])
def test_readme_has_every_chat_command(name: str) -> None:
    assert f"| `/{name}" in README


@pytest.mark.parametrize("name", COMMANDS)
def test_readme_has_every_command_with_its_options(name: str) -> None:
    assert f"| `newsbell {name}" in README
    [row] = [line for line in README.splitlines() if line.startswith(f"| `newsbell {name}")]
    [commands] = [action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)]
    options = [option for action in commands.choices[name]._actions for option in action.option_strings]
    for option in options:
        if option.startswith("--") and option not in ("--help", "--debug"):
            assert option in row, option


@pytest.mark.parametrize("option", [option.name for option in OPTIONS])
def test_readme_has_every_setting(option: str) -> None:
    assert f"| `{option}`" in README


def test_readme_names_no_verb_or_setting_that_is_not_there() -> None:
    verbs = {line.split("`")[1].split()[0] for line in README.splitlines() if line.startswith("| `/")}
    assert verbs == {f"/{command.verb}" for command in registry()}
    prefixes = ("| `NEWSBELL_", "| `TELEGRAM_", "| `SLACK_")
    settings = {line.split("`")[1] for line in README.splitlines() if line.startswith(prefixes)}
    assert settings == {option.name for option in OPTIONS}


def test_the_package_and_the_changelog_are_of_one_version() -> None:
    from importlib.metadata import version

    assert f"## {version('newsbell')}" in (ROOT / "CHANGELOG.md").read_text()


def test_every_pinned_package_is_a_name_and_a_version_and_nothing_else() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert len(pins) > 20
    assert all(line.count("==") == 1 and "/" not in line and "@" not in line for line in pins)


def test_readme_has_the_figures_that_were_measured_last() -> None:
    assert readme.written() == readme.section(), "run: python -m tests.benchmarks.readme"
