"""Sealing: commands of long buttons are kept so that only who holds the button can read them.

A button holds a key; what is kept stands at a digest of that key, and is read with the key itself. Who reads the
database learns nothing of what people looked for, and nothing of it has to be found when one of them is forgotten.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from hashlib import blake2b

_BLOCK = blake2b.MAX_DIGEST_SIZE


def place_of(key: str) -> str:
    """Where what the button of this key means is kept."""
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16, person=b"newsbell place").hexdigest()


def sealed(key: str, text: str) -> str:
    """The text as it is kept: never two under one key, as a key is made of its text."""
    return b64encode(_mixed(key, text.encode("utf-8", "surrogatepass"))).decode()


def opened(key: str, kept: str) -> str:
    """The text that was sealed with this key."""
    return _mixed(key, b64decode(kept)).decode("utf-8", "surrogatepass")


def _mixed(key: str, data: bytes) -> bytes:
    """The data with a stream of digests of the key, which turns it back as well (counter mode)."""
    secret = blake2b(key.encode("utf-8", "surrogatepass"), person=b"newsbell seal").digest()
    numbers = range(-(-len(data) // _BLOCK))
    stream = b"".join(blake2b(number.to_bytes(8, "big"), key=secret).digest() for number in numbers)
    return bytes(byte ^ mask for byte, mask in zip(data, stream, strict=False))
