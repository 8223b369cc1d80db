"""TLS on one connection, between the event loop's transport and who speaks through it.

Event loops have their own, which is made for connections that live on: it sends the end of the handshake by itself,
wakes who waits for it, and only then is asked to send the request; it keeps timers, and a quarter of a megabyte for
what may come. Where ten thousand hosts are asked one thing each, that was a tenth of the work.
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from typing import cast

_RECORD = 1 << 14
"""Bytes that TLS brings at once at the most (RFC 8446, 5.1)."""


class Secured(asyncio.Protocol, asyncio.Transport):
    """The protocol of a TCP connection; to `speaker`, whose connection is made once it is safe, it is the transport.

    The connection of a speaker that was never made is lost with the ssl.SSLError that says why, or the network's error.
    """

    def __init__(self, context: ssl.SSLContext, host: str, speaker: asyncio.Protocol) -> None:
        super().__init__()
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        name = host.encode("ascii")  # as a Target has it: text would be encoded as IDNA once more
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=name)
        self._speaker = speaker
        self._safe = self._paused = self._over = False
        self._tcp: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begins the handshake."""
        self._tcp = cast(asyncio.Transport, transport)  # uvloop's is one in all but its class
        self._advance()

    def data_received(self, data: bytes) -> None:
        """Takes in what came, as far as who reads it can bear."""
        self._incoming.write(data)
        self._advance()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tells the speaker, unless it knows; an end that nobody announced is HTTP's to judge (RFC 9112, 9.8)."""
        if not self._over:
            self._over = True
            self._speaker.connection_lost(exc)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Sends it, together with whatever TLS has to send."""
        self._tls.write(data)
        self._flush()

    def pause_reading(self) -> None:
        """Brings nothing more for now."""
        self._paused = True
        self._tcp.pause_reading()

    def resume_reading(self) -> None:
        """Brings what has come meanwhile, soon, as whoever asks for it is in the middle of something; then what comes.

        Until then nothing more is taken in: the end of the connection would be told before what came before it.
        """
        self._paused = False
        asyncio.get_running_loop().call_soon(self._resume)

    def close(self) -> None:
        """Says so, and waits for no answer (RFC 8446, 6.1); who has closed is told nothing."""
        if not self._tcp.is_closing():
            with suppress(ssl.SSLError):
                self._tls.unwrap()
            self._flush()
            self._tcp.close()
        self._paused = True

    def _resume(self) -> None:
        self._advance()
        if not self._paused and not self._tcp.is_closing():
            self._tcp.resume_reading()

    def _advance(self) -> None:
        """Goes on with the handshake, and then with what came."""
        try:
            if not self._safe:
                self._tls.do_handshake()
                self._safe = True
                self._speaker.connection_made(self)
            self._bring()
        except ssl.SSLWantReadError:
            self._flush()
        except ssl.SSLError as error:
            self._flush()  # which tells the other side what was wrong
            self._tcp.close()
            self.connection_lost(error)

    def _bring(self) -> None:
        """Hands over what has come, all of it unless told to pause, and the end where the other side has said so."""
        while not self._paused and (self._incoming.pending or self._tls.pending()):
            if not (data := self._tls.read(_RECORD)):
                self._tcp.close()
                return
            self._speaker.data_received(data)
        self._flush()

    def _flush(self) -> None:
        if self._outgoing.pending and not self._tcp.is_closing():
            self._tcp.write(self._outgoing.read())
