"""What may be fetched: web addresses read strictly, and network addresses that are somebody else's to offer.

A URL is read once, here, and only what was understood is used: the host is a canonical name or number, so that the
check, the resolver and the connection can never mean different machines.
"""

from __future__ import annotations

import re
import socket
from base64 import b64encode
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, unquote, urljoin

from bot.core.errors import Forbidden, Missing, Unreachable

IP = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host name, as text; OSError (socket.gaierror) when there are none."""

URL_LIMIT = 4_000
SHOWN_LIMIT = 300
_PORTS = {"http": 80, "https": 443}
_BAD_PORTS = frozenset(
    [0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
     110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
     532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060,
     5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080]
)  # fmt: skip
"""Ports of other protocols, which a web request could speak to by accident (WHATWG Fetch, port blocking)."""

_REFUSED_V4 = tuple(
    (IPv4Network(network), what)
    for network, what in (
        ("0.0.0.0/8", "an address of this network"),
        ("10.0.0.0/8", "a private address"),
        ("100.64.0.0/10", "a carrier's inner address"),
        ("127.0.0.0/8", "this machine"),
        ("168.63.129.16/32", "a cloud's metadata"),
        ("169.254.0.0/16", "a link-local address"),
        ("172.16.0.0/12", "a private address"),
        ("192.0.0.0/24", "a reserved address"),
        ("192.0.2.0/24", "an address for examples"),
        ("192.88.99.0/24", "a reserved address"),
        ("192.168.0.0/16", "a private address"),
        ("198.18.0.0/15", "an address for measurements"),
        ("198.51.100.0/24", "an address for examples"),
        ("203.0.113.0/24", "an address for examples"),
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "a reserved address"),
    )
)
"""RFC 6890 and the registry it founded; metadata of clouds is link-local, carrier space or named here."""
_PUBLIC_V6 = IPv6Network("2000::/3")
_REFUSED_V6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
"""Protocol assignments with Teredo, examples (RFC 3849, RFC 9637), and 6to4, which hides an IPv4 address (RFC 7526)."""
_MAPPED, _TRANSLATED = IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96")
"""IPv6 that is IPv4 on the wire: mapped (RFC 4291) and translated (NAT64, RFC 6052), judged by the IPv4 address."""

_PRIVATE_NAMES = ("localhost", "localdomain", "local", "internal", "intranet", "lan", "home.arpa", "onion", "invalid")
"""Names that never are on the public web (RFC 6761, 6762, 7686, 8375; ICANN on `.internal`)."""

_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*):(?://(?P<authority>[^/?#]*)(?P<rest>[^#]*))?", re.IGNORECASE)
_AUTHORITY = re.compile(r"(?:(?P<user>.*)@)?(?P<host>\[[^\[\]@]*\]|[^:@\[\]]*)(?::(?P<port>[0-9]{0,5}))?", re.DOTALL)
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f\\]")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_USER = re.compile(
    r"^([a-z][a-z0-9+.-]*:[/\\]+)?[^/?#\\]*@|^([a-z][a-z0-9+.-]*:[/\\]+)[^/?#\\:]*:(?!\d*[/?#\\]).*@",
    re.IGNORECASE,
)
"""Credentials, also where a slash inside them makes the URL malformed."""
_SECRET = re.compile(
    r"([?&;](?:(?:api|access|auth|private|feed|secret|user)[_-]?)?"
    r"(?:token|key|secret|password|passwd|pwd|auth|sig|signature)=)[^&;#]*",
    re.IGNORECASE,
)
"""Parameters by which some sites tell their subscribers apart."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where one HTTP request goes; `path` is percent-encoded, with its query; `authorization` is the header's value."""

    scheme: str
    host: str
    port: int
    path: str
    authorization: str | None = field(default=None, repr=False)
    user: str = field(default="", repr=False)
    """The credentials as the URL spelled them, to write the URL again."""

    @property
    def origin(self) -> tuple[str, str, int]:
        """What credentials and robots.txt hold for (RFC 6454)."""
        return self.scheme, self.host, self.port

    @property
    def site(self) -> str:
        """The origin as text, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _PORTS[self.scheme] else f":{self.port}")

    @property
    def url(self) -> str:
        """The address without credentials: the base of links, and fit to be seen but for secrets in its query."""
        return self.site + self.path

    @property
    def url_with_credentials(self) -> str:
        """The address to store, and never to show."""
        return self.url.replace("://", f"://{self.user}@", 1) if self.user else self.url


def parse(url: str) -> Target:
    """The target a URL names; Forbidden, in words without its credentials, when it is not http(s) or cannot be read.

    Read as browsers do (WHATWG URL): the last `@` ends the credentials, tabs and line ends do not count, and a host
    that ends in a number is an IPv4 address in decimal, octal or hexadecimal, of one to four parts.
    """
    text = url.strip().translate({9: None, 10: None, 13: None})
    if len(text) > URL_LIMIT:
        raise Forbidden(f"{shown(text)}: longer than a web address may be ({URL_LIMIT:,} characters)")
    found = _URL.match(text)
    scheme = found["scheme"].lower() if found else ""
    if found is None or (scheme in _PORTS and not found["authority"]):
        raise Forbidden(f"{shown(text)}: not a web address; write one like https://example.org/feed")
    if scheme not in _PORTS:
        raise Forbidden(f"{shown(text)}: {scheme}: is never fetched, only http: and https:")
    parts = _AUTHORITY.fullmatch(found["authority"])
    if parts is None or _UNREADABLE.search(found["authority"]):
        raise Forbidden(f"{shown(text)}: not a web address, as its host cannot be read")
    user = parts["user"] or ""
    return Target(
        scheme, _host(parts["host"], text), _port(parts["port"], scheme, text), _path(found["rest"]), _basic(user), user
    )


def join(base: Target, location: str) -> Target:
    """Where a redirect leads; credentials go along only within their origin, and those it names are left out.

    Forbidden like `parse`. A cross-origin redirect must not take credentials with it (WHATWG Fetch, HTTP-redirect).
    """
    try:
        there = parse(urljoin(base.url, location.strip()))
    except ValueError as problem:
        raise Forbidden(f"{shown(base.url)}: redirects to no web address") from problem
    same = there.origin == base.origin
    return Target(*there.origin, there.path, base.authorization if same else None, base.user if same else "")


def shown(url: str) -> str:
    """A URL, however malformed, as a log, an error or a chat may show it: one line, no credentials, secrets as `…`."""
    text = "".join(character for character in url.strip() if character.isprintable())
    text = _SECRET.sub(r"\1…", _USER.sub(r"\1\2", text, count=1))
    return text if len(text) <= SHOWN_LIMIT else text[: SHOWN_LIMIT - 1] + "…"


def refusal(address: IP) -> str | None:
    """What an address is that must not be fetched from, None for a public one (RFC 6890)."""
    if isinstance(address, IPv4Address):
        return next((what for network, what in _REFUSED_V4 if address in network), None)
    if address in _MAPPED or address in _TRANSLATED:
        return refusal(IPv4Address(int(address) & 0xFFFFFFFF))
    if address not in _PUBLIC_V6 or any(address in network for network in _REFUSED_V6):
        return "this machine" if address.is_loopback else "no public address"
    return None


def admit(target: Target, *, private: bool = False) -> None:
    """Raises Forbidden for a host or port that is never fetched; `private` permits every host and port."""
    if private:
        return
    if target.port in _BAD_PORTS:
        raise Forbidden(f"{shown(target.url)}: port {target.port} is no web server's")
    if any(target.host == name or target.host.endswith("." + name) for name in _PRIVATE_NAMES):
        raise Forbidden(f"{shown(target.url)}: {target.host} is not on the public web{_HINT}")
    literal = numeric(target.host)
    if literal is not None:
        _admit_address(literal, target.host)


async def addresses_of(host: str, port: int, resolve: Resolve, *, private: bool = False) -> tuple[IP, ...]:
    """Every address of a host, all of them checked, to connect to one of these and never to ask again.

    Forbidden when any of them may not be fetched from, so that a name cannot show a good address to the check and
    another to the connection; Missing when there is no such host, Unreachable when that cannot be told now.
    """
    literal = numeric(host)
    try:
        found = [host] if literal is not None else list(await resolve(host, port))
        addresses = tuple(ip_address(text.partition("%")[0]) for text in found)
    except socket.gaierror as problem:
        kind = Unreachable if problem.errno == socket.EAI_AGAIN else Missing
        raise kind(f"{host}: no such host could be found") from problem
    except (OSError, ValueError) as problem:
        raise Unreachable(f"{host}: its address could not be found") from problem
    if not addresses:
        raise Missing(f"{host}: no such host could be found")
    if not private:
        for address in addresses:
            _admit_address(address, host)
    return addresses


def numeric(host: str) -> IP | None:
    """The address a canonical host spells, None for a name."""
    if ":" not in host and not host[-1:].isdigit():
        return None
    try:
        return ip_address(host)
    except ValueError:
        return None


_HINT = "; NEWSBELL_FETCH_PRIVATE=1 would allow it"


def _admit_address(address: IP, host: str) -> None:
    what = refusal(address)
    if what is not None:
        named = host if str(address) == host else f"{host}, which is at {address},"
        raise Forbidden(f"{named} is {what}{_HINT}")


def _basic(user: str) -> str | None:
    """The Authorization header of `name:password` (RFC 7617)."""
    if not user.strip(":"):
        return None
    name, _, password = user.partition(":")
    return "Basic " + b64encode(f"{unquote(name)}:{unquote(password)}".encode(errors="replace")).decode()


def _port(text: str | None, scheme: str, url: str) -> int:
    port = int(text) if text else _PORTS[scheme]
    if not 0 < port <= 65_535:
        raise Forbidden(f"{shown(url)}: there is no port {port}")
    return port


def _path(rest: str) -> str:
    """Path and query, percent-encoded where they are not yet."""
    encoded = quote(rest.encode(errors="replace"), safe="%/?:@!$&'()*+,;=~-._[]|")
    return encoded if encoded.startswith("/") else "/" + encoded


def _host(text: str, url: str) -> str:
    """The host in its one canonical form: an IPv4 or IPv6 address, or a name in lower case ASCII, no dot at its end."""
    try:
        if text.startswith("["):
            return str(_unmapped(IPv6Address(text[1:-1])))
        name = _ascii(text).removesuffix(".")
        address = _ipv4(name)
    except ValueError as problem:
        raise Forbidden(f"{shown(url)}: no host can have this name") from problem
    return str(address) if address is not None else name


def _unmapped(address: IPv6Address) -> IP:
    if address.scope_id:
        raise ValueError("an address of one interface only")
    return address.ipv4_mapped or address


def _ascii(text: str) -> str:
    """The name as the DNS knows it (UTS 46); ValueError when it cannot be one."""
    if not text.isascii():
        import idna

        text = idna.uts46_remap(text, std3_rules=False, transitional=False)
        text = text if text.isascii() else idna.encode(text).decode()  # IDNAError is a ValueError
    name = text.lower()
    bare = name.removesuffix(".")
    if len(bare) > 253 or not all(_LABEL.fullmatch(label) for label in bare.split(".")):
        raise ValueError("not a host name")
    return name


def _ipv4(name: str) -> IPv4Address | None:
    """The IPv4 address that a name spells, None for one that does not end in a number (WHATWG URL, IPv4 parser)."""
    parts = name.split(".")
    if not (parts[-1].isdigit() or re.fullmatch(r"0x[0-9a-f]*", parts[-1])):
        return None
    *heads, last = [_number(part) for part in parts]
    if len(heads) > 3 or any(head > 255 for head in heads) or last >= 256 ** (4 - len(heads)):
        raise ValueError("not an IPv4 address")
    return IPv4Address(sum(head << (24 - 8 * index) for index, head in enumerate(heads)) + last)


def _number(part: str) -> int:
    """A number as C reads it: 0x for hexadecimal, 0 for octal; ValueError for anything else."""
    if not part.isascii() or "_" in part:
        raise ValueError("not a number")
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    return int(part, 8) if part.startswith("0") else int(part)
