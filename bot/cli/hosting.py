"""systemd and health: what whoever hosts newsbell installs, and asks."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.cli.opening import note, settings

HOME = "/var/lib/newsbell"
"""Where a service's database, backups, watched folder and `.env` are: StateDirectory=newsbell."""

HIDDEN = ("/home", "/root", "/run/user", "/tmp", "/var/tmp")  # noqa: S108
"""What the service cannot see: ProtectHome and PrivateTmp."""

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
"""Where what listens everywhere is asked."""

ASKED_FOR = 10.0
"""Seconds an answer may take: twice as long as the bot looks into its database."""

LONGEST = 65_536
"""Bytes of an answer that are shown."""

UNIT = """\
# newsbell as a service, made by `newsbell systemd`. Settings stand in {home}/.env, where `newsbell doctor` and the
# other commands find them, too; what is in /etc/newsbell.env, if there is such a file, wins over them.

[Unit]
Description=newsbell, the news bell in chat
Wants=network-online.target
After=network-online.target
# A machine without a network for a day is tried again on the second day, too.
StartLimitIntervalSec=0

[Service]
# READY=1 when a platform listens, WATCHDOG=1 while nothing hangs, STATUS= for systemctl status.
Type=notify
NotifyAccess=main
ExecStart="{command}" run
WorkingDirectory={home}
EnvironmentFile=-/etc/newsbell.env
User=newsbell
Group=newsbell
StateDirectory=newsbell
StateDirectoryMode=0700
UMask=0077

Restart=always
RestartSec=15
# An upgrade of a large database may take minutes before anything is served.
TimeoutStartSec=30min
WatchdogSec=2min
# It ends within ten seconds, by itself; its workers get no signal of their own, they end with it.
TimeoutStopSec=30
KillMode=mixed

# More than it usually takes. A worker that wants too much is ended and costs its own source; the bot goes on.
MemoryHigh=800M
MemoryMax=1G
OOMPolicy=continue
TasksMax=256
LimitNOFILE=4096
# A core dump would hold the tokens.
LimitCORE=0

NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateUsers=yes
PrivateIPC=yes
PrivateMounts=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
KeyringMode=private
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""


def systemd(_: argparse.Namespace) -> int:
    """Prints a unit that runs this installation; where the service could not see it, that is said."""
    command = Path(sys.executable).with_name("newsbell")
    print(unit(command), end="")
    if any(command.is_relative_to(hidden) for hidden in HIDDEN):
        note(f"the service cannot see {command}: put newsbell where nobody's home is, such as /opt/newsbell")
    return 0


def unit(command: Path) -> str:
    """The unit that runs this command."""
    escaped = str(command).replace("%", "%%").replace("\\", "\\\\").replace('"', '\\"')
    return UNIT.format(home=HOME, command=escaped)


def health(arguments: argparse.Namespace) -> int:
    """What the running bot says of itself at NEWSBELL_HTTP: exit code 0 when nothing stalls."""
    from http.client import HTTPConnection, HTTPException

    from bot.core.errors import BotError, ConfigError

    at = settings(arguments).http
    if at is None:
        raise ConfigError("NEWSBELL_HTTP is empty, so that a running newsbell cannot be asked; name a place there")
    asked = HTTPConnection(EVERYWHERE.get(at.host, at.host), at.port, timeout=ASKED_FOR)
    try:
        asked.request("GET", "/healthz")
        answer = asked.getresponse()
        print(answer.read(LONGEST).decode("utf-8", "replace"), end="")
    except (OSError, HTTPException) as error:
        raise BotError(f"no newsbell answers at {at} ({error or type(error).__name__}); is it running?") from error
    finally:
        asked.close()
    return 0 if answer.status == 200 else 1
