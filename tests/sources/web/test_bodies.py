"""Bodies decompressed piece by piece: bounded, whole, or an error; and looking hosts up beside the event loop."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import TooLarge, Unreadable
from bot.sources.web.bodies import PIECE, Inflater, unzipped
from bot.sources.web.lookup import Lookup


def bare(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": lambda data: gzip.compress(data[:5]) + gzip.compress(data[5:]),
    "deflate": zlib.compress,
    "DEFLATE": bare,
    "identity": bytes,
    "": bytes,
}


@settings(deadline=None)
@given(st.binary(max_size=400), st.sampled_from(sorted(CODINGS)), st.integers(1, 50))
def test_however_a_body_is_cut_up_on_the_way_it_arrives_whole(data: bytes, coding: str, step: int) -> None:
    sent = CODINGS[coding](data)
    if coding == "DEFLATE" and sent[0] & 15 == 8:
        return  # reads as zlib's own header by chance
    inflater = Inflater(coding)
    parts = [sent[start : start + step] for start in range(0, len(sent), step)]
    assert b"".join(piece for part in parts for piece in inflater.feed(part)) == data
    inflater.finish()


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate"]))
def test_any_bytes_are_a_body_or_unreadable(data: bytes, coding: str) -> None:
    inflater = Inflater(coding)
    try:
        assert all(len(piece) <= PIECE for piece in inflater.feed(data))
        inflater.finish()
    except Unreadable as error:
        assert str(error)  # noqa: PT017


def test_pieces_stay_small_whatever_they_unpack_from() -> None:
    sizes = [len(piece) for piece in Inflater("gzip").feed(gzip.compress(b"\0" * 5_000_000))]
    assert max(sizes) <= PIECE
    assert sum(sizes) == 5_000_000


def test_a_body_that_is_a_gzip_file_is_unpacked_within_its_limit() -> None:
    assert unzipped(b"<urlset/>", 3) == b"<urlset/>"
    assert unzipped(gzip.compress(b"<urlset/>"), 9) == b"<urlset/>"
    with pytest.raises(TooLarge):
        unzipped(gzip.compress(b"<urlset/>"), 8)
    with pytest.raises(Unreadable):
        unzipped(gzip.compress(b"<urlset/>")[:-3], 99)


def test_hosts_are_looked_up_without_leaving_this_machine() -> None:
    async def run() -> list[str]:
        lookup = Lookup()
        try:
            return list(await lookup("127.0.0.1", 80))
        finally:
            lookup.close()

    assert asyncio.run(run()) == ["127.0.0.1"]
