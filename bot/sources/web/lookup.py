"""The system's resolver, asked in threads of its own, so that slow name servers hold up nothing else."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

_THREADS = 32


class Lookup:
    """Looks host names up; a `Resolve` of bot.sources.web.addresses."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="lookup")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host in the order to try them; socket.gaierror when there are none."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, _addresses, host, port)

    def close(self) -> None:
        """Takes no more questions."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _addresses(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host.encode("ascii"), port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))
