"""Runs newsbell commands in processes forked from one that has loaded the program: loading is half of what they take.

A request is a datagram on the socket that standard input is: arguments, folder and environment as JSON, and what is to
be the command's standard input, output and error as descriptors. The answer is its exit code. `Launcher` asks.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from subprocess import DEVNULL
from typing import cast

LOADED = (
    "bot.app", "bot.cli.access", "bot.cli.archive", "bot.cli.doctor", "bot.cli.live", "bot.cli.sources",
    "bot.cli.upkeep", "bot.sources.network", "bot.sources.web.http", "bot.sources.workers", "handlers.console.inbound",
)  # fmt: skip
WITHIN = 60.0
"""Seconds that a command may take."""

MOST = 65_536
"""Bytes of a request, and of what is typed: what a pipe holds."""


class Launcher:
    """The process that has loaded the program."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._begin()

    def _begin(self) -> None:
        self._asking, asked = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._asking.settimeout(WITHIN)
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=asked.fileno(), stdout=DEVNULL, env=self._environment, process_group=0
        )
        asked.close()

    def run(
        self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], typed: str
    ) -> subprocess.CompletedProcess[str]:
        """One command, whatever it exits with; TimeoutError, and its end, where it takes longer than WITHIN."""
        request = json.dumps([list(arguments), str(folder), dict(environment)]).encode()
        line = typed.encode()
        assert max(len(request), len(line)) <= MOST
        reading, writing = os.pipe()
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as complaints:
            os.write(writing, line)
            os.close(writing)
            socket.send_fds(self._asking, [request], [reading, out.fileno(), complaints.fileno()])
            os.close(reading)
            try:
                code = int(self._asking.recv(MOST))
            except TimeoutError:
                self.close()
                self._begin()
                raise
            said, complained = ((file.seek(0), file.read().decode())[1] for file in (out, complaints))
        return subprocess.CompletedProcess(["newsbell", *arguments], code, said, complained)

    def close(self) -> None:
        """Ends it, and the command that it runs."""
        self._asking.close()
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def serve(asked: socket.socket) -> int:
    """Answers requests; returns in each command's process with its exit code, and at the end of requests."""
    while True:
        request, descriptors, _, _ = socket.recv_fds(asked, MOST, 3)
        if not request:
            return 0
        if not (child := os.fork()):
            asked.close()
            arguments, folder, environment = json.loads(request)
            return _command(arguments, folder, environment, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        asked.send(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())


def _command(arguments: list[str], folder: str, environment: dict[str, str], descriptors: Sequence[int]) -> int:
    """Runs it with these as its standard input, output and error; returns its exit code."""
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv = ["newsbell", *arguments]
    return cast(int, import_module("bot.__main__").main())


if __name__ == "__main__":
    for name in LOADED:
        import_module(name)
    sys.exit(serve(socket.socket(fileno=os.dup(0))))
