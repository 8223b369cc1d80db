"""URLs in the one form by which the archive tells whether two addresses are the same article."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_TRACKING = re.compile(
    r"utm_\w+|at_\w+|ns_\w+|wt_?mc\w*|mc_[ce]id|_ga|_gl|_?ga_\w+|gclid|gclsrc|dclid|gbraid|wbraid|fbclid|msclkid|yclid"
    r"|twclid|ttclid|igshid|igsh|mkt_tok|xtor|ocid|smid|smtyp|cmpid?|ito|ref_?src|ref_?url|guccounter|guce_\w+"
    r"|__twitter_impression|amp|amp_\w+|output_?type"
)
"""Parameters that say how a reader came, or ask for an AMP page: never which article it is. Doubtful ones are kept,
as two articles taken for one is a loss and one taken for two meets itself again as a copy."""

_PORTS = {"http": ":80", "https": ":443"}


def canonical_url(url: str) -> str:
    """The address without what does not tell articles apart, to compare and never to open.

    Scheme, user, default port, `www.` and `amp.`, trailing slash, fragment, tracking parameters and AMP forms are
    dropped; the other parameters are sorted. What is not a URL stays as it is, stripped.
    """
    url = url.strip().encode(errors="backslashreplace").decode()
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if not parts.netloc:
        return url
    query = _parameters(parts.query)
    return _host(parts.scheme, parts.netloc) + _path(parts.path) + (f"?{query}" if query else "")


def _host(scheme: str, netloc: str) -> str:
    host = netloc.rpartition("@")[2].lower().removesuffix(_PORTS.get(scheme.lower(), "")).rstrip(".")
    for prefix in ("www.", "amp.", "www."):
        host = host.removeprefix(prefix)
    return host


def _path(path: str) -> str:
    segments = [segment for segment in path.split("/") if segment not in ("amp", "amp.html")]
    return "/".join(segments).rstrip("/").replace(".amp.html", ".html").removesuffix(".amp")


def _parameters(query: str) -> str:
    parameters = [part for part in query.split("&") if part and not _TRACKING.fullmatch(part.partition("=")[0].lower())]
    return "&".join(sorted(parameters))


def host_of(url: str) -> str:
    """The host of an address in small letters without `www.`; "" where it has none."""
    try:
        return (urlsplit(url.strip()).hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:
        return ""


def site_of(host: str) -> str:
    """The part of a host that one outlet's addresses share: `bbc.co.uk` of `feeds.bbc.co.uk`, `dw.com` of `rss.dw.com`.

    A short label before a country's (`co.uk`, `com.mk`) is taken for a registry's, as it nearly always is.
    """
    labels = host.split(".")
    registry = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3 if registry else -2 :])
