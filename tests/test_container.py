"""The Dockerfile can be built and does what it says, as far as that can be told where no engine runs."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from bot.cli import COMMANDS
from bot.config import OPTIONS

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

KNOWN = set("ARG CMD COPY ENTRYPOINT ENV FROM HEALTHCHECK RUN STOPSIGNAL USER VOLUME WORKDIR".split(" "))  # noqa: SIM905
"""Instructions of the Dockerfile reference that we use; ADD, which fetches and unpacks, is not one of them."""

Instruction = tuple[str, str]


def instructions(text: str) -> list[Instruction]:
    """(instruction, arguments), lines joined and comments left out."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n", " ", "\n".join(lines))
    return [(name, rest.strip()) for line in joined.splitlines() if line for name, _, rest in [line.partition(" ")]]


def stages() -> list[list[Instruction]]:
    """What is before the first FROM, then each stage."""
    found: list[list[Instruction]] = [[]]
    for instruction in instructions((ROOT / "Dockerfile").read_text()):
        if instruction[0] == "FROM":
            found.append([])
        found[-1].append(instruction)
    return found


START, BUILD, FINAL = stages()


def only(stage: list[Instruction], name: str) -> str:
    """The arguments of an instruction that is there once."""
    (found,) = (arguments for instruction, arguments in stage if instruction == name)
    return found


def is_ignored(path: str, patterns: list[str]) -> bool:
    """Whether .dockerignore leaves a file out: the last pattern that matches it, or a folder it is in, decides."""
    parts = path.split("/")
    places = ["/".join(parts[: number + 1]) for number in range(len(parts))]
    ignored = False
    for pattern in patterns:
        wanted = pattern.removeprefix("!")
        if any(_matches(place, wanted) for place in places):
            ignored = not pattern.startswith("!")
    return ignored


def _matches(place: str, pattern: str) -> bool:
    anywhere = pattern.removeprefix("**/")
    if anywhere != pattern:
        return fnmatchcase(place.rpartition("/")[2], anywhere)
    return place.count("/") == pattern.count("/") and fnmatchcase(place, pattern)


IGNORED = [
    line for line in (ROOT / ".dockerignore").read_text().splitlines() if line.strip() and not line.startswith("#")
]


def copied() -> list[str]:
    """What the build takes from the folder."""
    return [path for name, rest in BUILD if name == "COPY" for path in shlex.split(rest)[:-1]]


def test_every_instruction_is_one_that_is_known() -> None:
    assert {name for stage in (START, BUILD, FINAL) for name, _ in stage} <= KNOWN


def test_every_image_is_pinned_to_a_version_that_newsbell_runs_on_and_names_no_registry() -> None:
    name, _, version = only(START, "ARG").partition("=")
    assert name == "PYTHON"
    assert re.fullmatch(r"3\.\d+\.\d+-slim-\w+", version)
    assert tuple(map(int, version.split("-")[0].split(".")[:2])) >= (3, 11)
    assert PROJECT["project"]["requires-python"] == ">=3.11"
    assert only(BUILD, "FROM") == "python:${PYTHON} AS build"
    assert only(FINAL, "FROM") == "python:${PYTHON}"
    text = (ROOT / "Dockerfile").read_text()
    assert "://" not in text
    assert not re.search(r"\b[\w-]+\.(io|com|org|dev|net)\b", text)


def test_what_is_copied_is_there_and_not_ignored() -> None:
    for path in copied():
        assert (ROOT / path).exists(), path
        assert not is_ignored(path, IGNORED), path
        for file in (ROOT / path).rglob("*.*"):
            if "__pycache__" not in file.parts:
                assert not is_ignored(str(file.relative_to(ROOT)), IGNORED), file


def test_what_is_copied_is_all_that_the_package_is_made_of() -> None:
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {*wheel["packages"], *wheel["force-include"], *PROJECT["project"]["license-files"]}
    assert set(copied()) == needed | {PROJECT["project"]["readme"], "pyproject.toml", "constraints.txt"}


@pytest.mark.parametrize(
    "secret",
    [
        ".env", ".env.local", "bot/.env", "newsbell.db", "newsbell.db-wal", "newsbell.db-locks/run", "seeds/n.db",
        "backups/newsbell-2026-11-26.db", "inbox/draft.txt", "token", "secrets/telegram", ".git/config",
        ".venv/bin/python", "bot/__pycache__/app.cpython-311.pyc", "tests/test_docs.py",
    ],
)  # fmt: skip
def test_no_setting_token_or_database_reaches_the_engine(secret: str) -> None:
    assert is_ignored(secret, IGNORED)


def test_it_is_installed_with_the_versions_that_were_tested() -> None:
    assert "PIP_CONSTRAINT=/src/constraints.txt" in only(BUILD, "ENV").split()
    assert only(BUILD, "WORKDIR") == "/src"
    venv, pip = only(BUILD, "RUN").split(" && ")
    assert venv == "python -m venv /opt/newsbell"
    assert pip == "/opt/newsbell/bin/pip install ."
    assert only(FINAL, "COPY") == "--from=build /opt/newsbell /opt/newsbell", "the same place: a venv cannot be moved"
    assert only(FINAL, "ENV").split()[0] == "PATH=/opt/newsbell/bin:${PATH}"


def test_it_runs_as_nobody_s_root_on_a_volume_of_its_own() -> None:
    user = only(FINAL, "USER")
    assert re.fullmatch(r"(\d+):\1", user), "a number, so that it can be told not to be root"
    uid = user.split(":")[0]
    assert int(uid) >= 10_000
    added = only(FINAL, "RUN")
    assert f"useradd --system --uid {uid} --user-group" in added
    assert "--owner=newsbell --group=newsbell --mode=0700 /data" in added
    assert json.loads(only(FINAL, "VOLUME")) == [only(FINAL, "WORKDIR")] == ["/data"]
    names = [name for name, _ in FINAL]
    assert names.index("RUN") < names.index("USER"), "nothing is made after it is given up"


def test_what_is_started_is_the_command_that_is_installed_and_signals_reach_it() -> None:
    (command,) = json.loads(only(FINAL, "ENTRYPOINT"))
    assert command in PROJECT["project"]["scripts"]
    (does,) = json.loads(only(FINAL, "CMD"))
    assert does in COMMANDS
    assert only(FINAL, "STOPSIGNAL") == "SIGTERM"


def test_its_health_is_asked_of_the_bot_itself() -> None:
    options, _, asked = only(FINAL, "HEALTHCHECK").partition(" CMD ")
    command, does = json.loads(asked)
    assert command in PROJECT["project"]["scripts"]
    assert does in COMMANDS
    assert set(re.findall(r"--(\S+)=\d+[sm]?", options)) == {"interval", "timeout", "start-period", "retries"}
    (http,) = (option for option in OPTIONS if option.name == "NEWSBELL_HTTP")
    assert http.read(http.default) is not None, "by default there is something to ask"
