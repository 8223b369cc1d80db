"""What whoever hosts newsbell is given: the systemd unit, and the question how the bot does."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.cli import COMMANDS, run
from bot.cli.hosting import HOME, unit
from bot.ending import CUT_AFTER

ROOT = Path(__file__).parent.parent
COMMAND = Path("/opt/newsbell/.venv/bin/newsbell")

SERVICE = """
    Type NotifyAccess ExecStart WorkingDirectory EnvironmentFile User Group StateDirectory StateDirectoryMode UMask
    Restart RestartSec TimeoutStartSec WatchdogSec TimeoutStopSec KillMode MemoryHigh MemoryMax OOMPolicy TasksMax
    LimitNOFILE LimitCORE NoNewPrivileges CapabilityBoundingSet AmbientCapabilities ProtectSystem ProtectHome
    PrivateTmp PrivateDevices PrivateUsers PrivateIPC PrivateMounts ProtectClock ProtectControlGroups
    ProtectHostname ProtectKernelLogs ProtectKernelModules ProtectKernelTunables ProtectProc
    RestrictAddressFamilies RestrictNamespaces RestrictRealtime RestrictSUIDSGID LockPersonality
    MemoryDenyWriteExecute RemoveIPC KeyringMode SystemCallArchitectures SystemCallFilter SystemCallErrorNumber
"""

KNOWN = {
    "Unit": {"Description", "Wants", "After", "StartLimitIntervalSec"},
    "Install": {"WantedBy"},
    "Service": set(SERVICE.split()),
}
"""Directives of systemd.unit(5), systemd.service(5), systemd.exec(5), systemd.kill(5) and systemd.resource-control(5),
all known to systemd 248 and later."""

NEEDED = {
    "Type": "notify", "Restart": "always", "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes",
    "PrivateTmp": "yes", "StateDirectory": "newsbell", "UMask": "0077", "KillMode": "mixed", "LimitCORE": "0",
    "CapabilityBoundingSet": "", "MemoryDenyWriteExecute": "yes",
}  # fmt: skip

SPANS = {"": 1, "s": 1, "min": 60}


def parsed(text: str) -> dict[str, list[tuple[str, str]]]:
    """Sections and their directives, in order, as systemd.syntax(7) has them."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for line in text.splitlines():
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            name, is_there, value = line.partition("=")
            assert is_there, line
            section.append((name, value))
    return sections


def seconds(span: str) -> int:
    number = span.rstrip("smin")
    return int(number) * SPANS[span.removeprefix(number)]


def test_every_directive_is_one_that_systemd_knows() -> None:
    sections = parsed(unit(COMMAND))
    assert sections.keys() == KNOWN.keys()
    for name, directives in sections.items():
        assert {directive for directive, _ in directives} == KNOWN[name]
        once = [directive for directive, _ in directives if directive != "SystemCallFilter"]
        assert len(once) == len(set(once))


def test_the_service_may_do_little_comes_back_and_is_given_the_time_it_needs() -> None:
    service = dict(parsed(unit(COMMAND))["Service"])
    assert {name: service[name] for name in NEEDED} == NEEDED
    assert service["ExecStart"] == '"/opt/newsbell/.venv/bin/newsbell" run'
    assert service["WorkingDirectory"] == HOME == "/var/lib/newsbell"
    assert service["EnvironmentFile"].startswith("-/"), "without the file it starts all the same"
    assert service["RestrictAddressFamilies"].split() == ["AF_UNIX", "AF_INET", "AF_INET6"]
    assert seconds(service["TimeoutStopSec"]) > 2 * CUT_AFTER
    assert 60 <= seconds(service["WatchdogSec"]) <= 600
    assert seconds(service["RestartSec"]) >= 5


def test_a_command_with_odd_letters_is_one_word() -> None:
    assert 'ExecStart="/srv/100%%/a \\"b\\"/newsbell" run\n' in unit(Path('/srv/100%/a "b"/newsbell'))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_itself_finds_nothing_wrong(tmp_path: Path) -> None:
    path = tmp_path / "newsbell.service"
    path.write_text(unit(Path(sys.executable)))
    checked = subprocess.run(["systemd-analyze", "verify", "--man=no", path], capture_output=True, text=True)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", path], capture_output=True, text=True
    )
    assert rated.returncode == 0, "an exposure of at most 2.0 of 10"


def test_systemd_prints_the_unit_of_this_installation(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/opt/newsbell/.venv/bin/python")
    assert run(["systemd"]) == 0
    assert capsys.readouterr() == (unit(COMMAND), "")
    monkeypatch.setattr(sys, "executable", "/home/ana/newsbell/.venv/bin/python")
    assert run(["systemd"]) == 0
    assert "/opt/newsbell" in capsys.readouterr().err


@contextmanager
def answering(status: int, text: str) -> Iterator[int]:
    """A bot that says so of itself; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert self.path == "/healthz"
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path)
    return monkeypatch


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_health_is_what_the_running_bot_says(
    here: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], status: int, code: int, host: str
) -> None:
    with answering(status, "as it is\n") as port:
        here.setenv("NEWSBELL_HTTP", f"{host}:{port}")
        assert run(["health"]) == code
    assert capsys.readouterr() == ("as it is\n", "")


def test_health_of_no_bot_says_what_to_do(here: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with answering(200, "") as port:
        pass
    here.setenv("NEWSBELL_HTTP", f"127.0.0.1:{port}")
    assert run(["health"]) == 1
    assert "is it running?" in capsys.readouterr().err
    here.setenv("NEWSBELL_HTTP", "")
    assert run(["health"]) == 1
    assert "NEWSBELL_HTTP is empty" in capsys.readouterr().err


YEARS = (ROOT / "README.md").read_text().partition("\n## Run it for years\n")[2].partition("\n## ")[0]
SHELL = [line.strip() for line in YEARS.splitlines() if line.startswith("    ")]


def test_readme_names_only_commands_and_targets_that_are_there() -> None:
    said = " ".join(SHELL)
    asked = set(re.findall(r"(?:sudo|exec newsbell|newsbell:new|/data) newsbell (\w+)", said))
    assert {"doctor", "backup", "restore", "systemd"} <= asked <= set(COMMANDS)
    targets = {
        line.partition(":")[0] for line in (ROOT / "Makefile").read_text().splitlines() if re.match(r"\w+:", line)
    }
    made = set(re.findall(r"make -C \S+ (\w+)", said))
    assert made == {"install", "upgrade"} <= targets
    for row in re.findall(r"sudo newsbell (\w+)", YEARS):
        assert row in COMMANDS


def test_readme_and_unit_are_about_the_same_places() -> None:
    service = dict(parsed(unit(COMMAND))["Service"])
    created = next(line for line in SHELL if line.startswith("sudo useradd"))
    assert f"--home-dir {service['WorkingDirectory']} " in created
    assert created.endswith(f" {service['User']}")
    assert any(
        f"-o {service['User']} -g {service['Group']} -m {service['StateDirectoryMode']} {HOME}" in line
        for line in SHELL
    )
    assert f"HOME_OF_SERVICE := {HOME}\n" in (ROOT / "Makefile").read_text()


def test_the_command_that_runs_newsbell_as_the_service_does(tmp_path: Path) -> None:
    (printed,) = (line.partition(" > ")[0] for line in SHELL if line.startswith("printf '#!/bin/sh"))
    script = subprocess.run(["sh", "-c", printed], capture_output=True, text=True, check=True).stdout
    shebang, does = script.splitlines()
    assert shebang == "#!/bin/sh"
    assert does == f'cd {HOME} && exec runuser -u newsbell -- {COMMAND} "$@"'
