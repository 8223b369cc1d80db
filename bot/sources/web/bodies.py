"""Bodies as they arrive: decompressed in small bounded pieces, whole or an error."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from bot.core.errors import TooLarge, Unreadable

CODINGS = "gzip, deflate"
"""What we say that we can read; nothing else is (RFC 9110, 8.4.1)."""
PIECE = 1 << 18
"""Bytes decompressed at a time, so that nobody waits long for the event loop."""
MEMBERS_LIMIT = 1_000


class Inflater:
    """Undoes one content coding, piece by piece, and never holds more than a piece of what it gives.

    `coding` is the Content-Encoding header; Unreadable for one that was not offered.
    """

    def __init__(self, coding: str) -> None:
        self._coding = coding.strip().lower().removeprefix("x-")
        if self._coding not in ("", "identity", "gzip", "deflate"):
            raise Unreadable(f"compressed in a way that was not offered ({self._coding[:20]!r})")
        self._stream: zlib._Decompress | None = None
        self._members = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The next pieces of the body, each of at most PIECE bytes; Unreadable when it is damaged."""
        if self._coding in ("", "identity"):
            yield data
            return
        while data and not (self._stream is not None and self._stream.eof and not self._continues(data)):
            if self._stream is None or self._stream.eof:
                self._stream = self._opened(data)
            try:
                piece = self._stream.decompress(data, PIECE)
            except zlib.error as problem:
                raise Unreadable("damaged, or not compressed as its server says") from problem
            data = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
            if piece:
                yield piece

    def finish(self) -> None:
        """Raises Unreadable when the compressed body ended early."""
        if self._stream is not None and not self._stream.eof:
            raise Unreadable("its body ends early: cut off on the way")

    def _continues(self, data: bytes) -> bool:
        """Whether another gzip member follows (RFC 1952, 2.2); padding at the end is passed over."""
        return self._coding == "gzip" and data.startswith(b"\x1f\x8b"[: len(data)])

    def _opened(self, data: bytes) -> zlib._Decompress:
        self._members += 1
        if self._members > MEMBERS_LIMIT:
            raise Unreadable("compressed in too many parts")
        if self._coding == "gzip":
            return zlib.decompressobj(16 + zlib.MAX_WBITS)
        headed = data[0] & 15 == 8 and (len(data) < 2 or (data[0] << 8 | data[1]) % 31 == 0)
        return zlib.decompressobj(
            zlib.MAX_WBITS if headed else -zlib.MAX_WBITS
        )  # some send it bare (RFC 9110, 8.4.1.2)


def unzipped(data: bytes, limit: int) -> bytes:
    """A body that is itself a gzip file, as sitemaps are, unpacked; any other as it is.

    TooLarge beyond `limit` bytes, Unreadable when damaged.
    """
    if not data.startswith(b"\x1f\x8b"):
        return data
    inflater, body = Inflater("gzip"), bytearray()
    for piece in inflater.feed(data):
        body += piece
        if len(body) > limit:
            raise TooLarge(f"more than {limit:,} bytes when unpacked")
    inflater.finish()
    return bytes(body)
