"""What systemd is told of the service, and how often: sd_notify(3), a datagram to a socket that it names."""

from __future__ import annotations

import logging
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

log = logging.getLogger(__name__)

UNWATCHED = 30.0
"""Seconds between two words of how it stands where no watchdog waits for them."""

LONGEST = 400
"""Characters of a status."""


@dataclass(frozen=True, slots=True)
class Systemd:
    """The manager at a Unix datagram socket, whose name begins with `@` where it is an abstract one.

    `watchdog_for` is after how many seconds of silence it restarts us, None for never.
    """

    address: str
    watchdog_for: float | None = None

    @classmethod
    def of(cls, environment: Mapping[str, str], process: int) -> Self | None:
        """Whoever started this process to be told by it; None for nobody.

        The watchdog may be meant for another process (sd_watchdog_enabled(3)).
        """
        address = environment.get("NOTIFY_SOCKET", "")
        if not address.startswith(("/", "@")) or len(address) < 2:
            return None
        usec, whose = environment.get("WATCHDOG_USEC", ""), environment.get("WATCHDOG_PID", "")
        ours = usec.isascii() and usec.isdigit() and int(usec) > 0 and whose in ("", str(process))
        return cls(address, int(usec) / 1_000_000 if ours else None)

    @property
    def every(self) -> float:
        """Seconds between two words: three fit into the watchdog's patience."""
        return UNWATCHED if self.watchdog_for is None else min(UNWATCHED, self.watchdog_for / 3)

    def tell(self, *states: str, status: str = "") -> None:
        """Tells states such as `READY=1`, and how it stands in a line; what cannot be told is logged, and no error."""
        said = " ".join(status.split())[:LONGEST]
        lines = [*states, *([f"STATUS={said}"] if said else [])]
        where = "\0" + self.address[1:] if self.address.startswith("@") else self.address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as speaking:
                speaking.setblocking(False)
                speaking.sendto("\n".join(lines).encode(), where)
        except OSError as error:
            log.warning("systemd=unreachable %s", error)
