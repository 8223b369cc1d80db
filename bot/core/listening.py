"""Where newsbell listens, as a setting says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Listening:
    """A host and a port to listen at; port 0 is any that is free."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """`HOST:PORT`, `[IPV6]:PORT` or a port alone, this machine's own; None for nothing; else ValueError."""
        if not text:
            return None
        host, _, port = text.rpartition(":")
        host = host[1:-1] if host.startswith("[") and host.endswith("]") else host
        known = all(letter.isalnum() or letter in ".-:" for letter in host) and host.isascii()
        if not known or (":" in host and "[" not in text) or not port.isascii() or not port.isdigit():
            raise ValueError(f"{text!r} is no place to listen at; write one like 127.0.0.1:8787, or leave it empty")
        if len(port) > 5 or int(port) > 65_535:
            raise ValueError(f"{text!r}: a port is at most 65535")
        return cls(host or LOOPBACK, int(port))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
