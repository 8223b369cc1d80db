"""What went wrong between us and a web server, as the SourceError that says it in one line."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

import aiohttp
from aiohttp.http import HttpProcessingError

from bot.core.errors import (
    Forbidden,
    Gone,
    Missing,
    RateLimited,
    SourceError,
    Unreachable,
    Unreadable,
)
from bot.sources.web.addresses import Target, shown
from bot.sources.web.answers import pause_for, retry_after

_PASSING = (408, 425)
"""Of the answers that say it is our fault, those that may be others the next time (RFC 9110, 15.5.9; RFC 8470, 5.2)."""
_DETAIL_LIMIT = 100


def refused(target: Target, status: int, headers: Mapping[str, str], now: datetime) -> SourceError:
    """The error of an answer that brings nothing (RFC 9110, 15)."""
    text = f"{shown(target.url)}: answers {status} {_phrase(status)}".rstrip()
    if status == 410:
        return Gone(text)
    if status == 429:
        return RateLimited(text, pause_for(headers, now))
    if status == 503 and (pause := retry_after(headers, now)) is not None:
        return RateLimited(text, pause)
    if status == 404:
        return Missing(text)
    if 400 <= status < 500 and status not in _PASSING:
        return Forbidden(text + ("; its address may need a name and password" if status == 401 else ""))
    return Unreachable(text)


def explained(error: BaseException, target: Target) -> SourceError:
    """The SourceError of what the HTTP client, the network or TLS raised."""
    where = shown(target.url)
    match error:
        case aiohttp.ConnectionTimeoutError():
            return Unreachable(f"{where}: no connection in time")
        case TimeoutError():
            return Unreachable(f"{where}: no whole answer in time")
        case ssl.SSLError():
            return Unreachable(f"{where}: no safe connection: {_tls(error)}")
        case aiohttp.ClientPayloadError():
            return Unreadable(f"{where}: its body ends early, or is damaged on the way")
        case aiohttp.ServerDisconnectedError():
            return Unreachable(f"{where}: hung up without an answer")
        case HttpProcessingError() | ValueError():
            return Unreadable(f"{where}: what it answers is not HTTP")
        case OSError(strerror=str(reason)) if reason:
            return Unreachable(f"{where}: no connection: {_line(reason)}")
    return Unreachable(f"{where}: the connection failed ({type(error).__name__})")


def located(error: SourceError, target: Target) -> SourceError:
    """The same error, saying where."""
    return type(error)(f"{shown(target.url)}: {error}")


def _tls(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _line(error.verify_message)
    return _line(error.reason or "it does not speak TLS")


def _line(text: str) -> str:
    """A foreign explanation as part of one line."""
    return " ".join(text.split())[:_DETAIL_LIMIT].rstrip(".")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
