"""What may be fetched: every spelling of a forbidden address is refused, and everybody reads a URL alike."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from yarl import URL

from bot.core.errors import Forbidden, Missing, SourceError, Unreachable
from bot.sources.web.addresses import Target, addresses_of, admit, join, parse, refusal, shown

FORBIDDEN_V4 = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255",
    "127.0.0.1", "127.255.255.254", "168.63.129.16", "169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255",
    "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255", "198.18.0.1", "198.19.255.255",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
]  # fmt: skip
PUBLIC_V4 = [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
    "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
    "198.20.0.0", "223.255.255.255",
]  # fmt: skip
FORBIDDEN_V6 = [
    "::", "::1", "::7f00:1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::a00:1",
    "64:ff9b::7f00:1", "64:ff9b:1::808:808", "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:10::1",
    "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::1", "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1",
    "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "4000::1",
]  # fmt: skip
PUBLIC_V6 = ["2606:4700:4700::1111", "2a00:1450:4001::1", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", [*FORBIDDEN_V4, *FORBIDDEN_V6])
def test_what_is_not_on_the_public_web_is_refused(address: str) -> None:
    assert refusal(ip_address(address))


@pytest.mark.parametrize("address", [*PUBLIC_V4, *PUBLIC_V6])
def test_what_is_on_the_public_web_is_not(address: str) -> None:
    assert refusal(ip_address(address)) is None


addresses = st.integers(0, 2**32 - 1).map(IPv4Address) | st.sampled_from(FORBIDDEN_V4).map(IPv4Address)


@given(addresses)
def test_whatever_the_standard_library_calls_private_is_refused(address: IPv4Address) -> None:
    if not address.is_global or address.is_multicast:
        assert refusal(address)


@given(
    st.integers(0, 2**128 - 1).map(IPv6Address)
    | st.integers(0, 2**125 - 1).map(lambda low: IPv6Address(low | 1 << 125))
)
def test_whatever_the_standard_library_calls_private_is_refused_in_ipv6(address: IPv6Address) -> None:
    if not address.is_global or address.is_multicast or address.sixtofour or address.teredo:
        assert refusal(address)


@st.composite
def spellings(draw: st.DrawFn) -> tuple[IPv4Address, str]:
    """An IPv4 address, and a host that means it: one to four numbers, each in any base, in any script's digits."""
    address = draw(addresses)
    count = draw(st.integers(1, 4))
    value = int(address)
    heads = [value >> (24 - 8 * index) & 255 for index in range(count - 1)]
    last = value & (256 ** (5 - count) - 1)
    written = [
        draw(st.sampled_from(["{:d}", "{:#x}", "0X{:X}", "0{:o}", "000{:o}", "0x000{:x}"])).format(number)
        for number in [*heads, last]
    ]
    host = draw(st.sampled_from([".", "。", "．"])).join(written) + draw(st.sampled_from(["", "."]))
    if draw(st.booleans()):
        host = host.translate({ord(digit): chr(ord(digit) - ord("0") + ord("０")) for digit in "0123456789"})
    return address, host


@settings(deadline=None)
@given(spellings())
def test_every_spelling_of_an_ipv4_address_is_that_address(spelling: tuple[IPv4Address, str]) -> None:
    address, host = spelling
    target = parse(f"http://{host}/")
    assert target.host == str(address)
    if refusal(address):
        with pytest.raises(Forbidden):
            admit(target)
    else:
        admit(target)


@settings(deadline=None)
@given(addresses, st.sampled_from(["::ffff:{}", "::{}", "64:ff9b::{}", "::ffff:0:{}"]), st.booleans())
def test_every_embedding_of_a_forbidden_address_is_refused(address: IPv4Address, form: str, exploded: bool) -> None:
    assume(refusal(address))
    embedded = IPv6Address(form.format(address))
    for host in (form.format(address), embedded.exploded if exploded else embedded.compressed):
        with pytest.raises(Forbidden):
            admit(parse(f"https://[{host}]:8443/x"))
    low = f"{int(address) >> 16:x}:{int(address) & 0xFFFF:x}"
    for host in (f"2002:{low}::1", f"2001:0:{low}::1"):
        with pytest.raises(Forbidden):
            admit(parse(f"https://[{host}]/"))


def read(url: str) -> Target | None:
    """The target, None where it is Forbidden."""
    try:
        return parse(url)
    except Forbidden:
        return None


HOST_TEXT = st.text(alphabet="abz019.-_xX[]:%@\\/?#éß。０①🙂 \t\n\x00", min_size=1, max_size=14)


@settings(deadline=None, max_examples=400)
@given(
    HOST_TEXT | st.text(max_size=12), st.sampled_from(["", "user:pw@", "a@b@", ":@"]), st.sampled_from(["", ":80", ":"])
)
@example("127.0.0.1\\", "a@b@", "")
@example("1.1.1.1 &@2.2.2.2# @3.3.3.3", "", "")
def test_everybody_who_reads_the_url_afterwards_sees_the_same_host(host: str, user: str, port: str) -> None:
    target = read(f"http://{user}{host}{port}/path?q#f")
    if target is None:
        return
    for library_host in (URL(target.url, encoded=True).raw_host, urlsplit(target.url).hostname):
        assert library_host == target.host
    assert URL(target.url, encoded=True).port == urlsplit(target.url).port or target.port == 80
    assert target.url.isascii()
    assert target.url.isprintable()
    assert " " not in target.url
    assert parse(target.url) == Target(target.scheme, target.host, target.port, target.path)
    try:
        meant = socket.inet_ntoa(socket.inet_aton(target.host))
    except OSError:
        return
    assert meant == target.host  # what the C library would read as a number is one here as well


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=40) | st.from_regex(r"[a-z]{2,6}:[/\\]{0,3}[a-z:@/?#\[\]%0-9.]{0,20}", fullmatch=True))
def test_any_text_is_a_target_or_forbidden(text: str) -> None:
    base = parse("https://me:pw@example.org/a/b")
    for reading in (parse, lambda location: join(base, location)):
        try:
            target = reading(text)
        except Forbidden:
            continue
        assert target.scheme in ("http", "https")
        assert (target.authorization is None) or target.origin == base.origin or "@" in text


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "//example.org/",
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://example.org/",
        "feed:https://example.org/",
        "https:example.org",
        "https:/example.org/",
        "https:///example.org/",
        "https://",
        "http://a..b/",
        "http://.example.org/",
        "http://example.org../",
        "http://-a.example/",
        "http://ex ample.org/",
        "http://ex%61mple.org/",
        "http://example.org\\@127.0.0.1/",
        "http://example.org:99999/",
        "http://example.org:0/",
        "http://example.org:-1/",
        "http://example.org:8o/",
        "http://[::1/",
        "http://[::1]x/",
        "http://[fe80::1%25eth0]/",
        "http://[1.2.3.4]/",
        "http://256.1.1.1/",
        "http://1.2.3.4.5/",
        "http://1.2.3.08/",
        "http://4294967296/",
        "http://0x100000000/",
        "http://example.0x/",
        "http://" + "a" * 64 + ".org/",
        "http://" + "a." * 130 + "org/",
        "http://a/" + "x" * 5_000,
    ],
)
def test_what_is_no_web_address_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(Forbidden) as caught:
        parse(url)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://Example.ORG", "https://example.org/"),
        ("http://example.org:80/", "http://example.org/"),
        ("https://example.org:80/", "https://example.org:80/"),
        (" https://example.org./a b/ü?q=ž#frag ", "https://example.org/a%20b/%C3%BC?q=%C5%BE"),
        ("https://exam\nple.org/a\tb", "https://example.org/ab"),
        ("https://example.org/%7euser/%", "https://example.org/%7euser/%"),
        ("https://example.org?x=1", "https://example.org/?x=1"),
        ("http://Bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://бгд.срб/", "http://xn--90aed.xn--90a3ac/"),
        ("http://straße.example/", "http://xn--strae-oqa.example/"),
        ("http://foo_bar.example/", "http://foo_bar.example/"),
        ("http://[2606:4700::0001]:8080/", "http://[2606:4700::1]:8080/"),
    ],
)
def test_a_web_address_has_one_form(url: str, canonical: str) -> None:
    assert parse(url).url == canonical


@pytest.mark.parametrize("port", [1, 22, 25, 53, 110, 143, 465, 587, 993, 2049, 6000, 6667, 10080])
def test_ports_of_other_protocols_are_refused(port: int) -> None:
    target = parse(f"http://example.org:{port}/")
    with pytest.raises(Forbidden, match=f"port {port} "):
        admit(target)
    admit(target, private=True)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST.", "a.localhost", "router.local", "metadata.google.internal", "x.onion"]
)
def test_names_that_are_not_on_the_public_web_are_refused(host: str) -> None:
    target = parse(f"http://{host}/")
    with pytest.raises(Forbidden, match="NEWSBELL_FETCH_PRIVATE"):
        admit(target)
    admit(target, private=True)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://me:secret@example.org/feed", "https://example.org/feed"),
        ("https://me:sec@ret@example.org/", "https://example.org/"),
        ("https://me:sec/ret@example.org/", "https://example.org/"),
        ("https:/me:secret@example.org/", "https:/example.org/"),
        ("me:secret@example.org/", "example.org/"),
        ("https://medium.example/@author/feed", "https://medium.example/@author/feed"),
        ("https://example.org:8080/@author", "https://example.org:8080/@author"),
        ("https://example.org/?a=1&token=secret&b=2", "https://example.org/?a=1&token=…&b=2"),
        ("https://example.org/?api_key=secret", "https://example.org/?api_key=…"),
        ("https://example.org/?keyword=open", "https://example.org/?keyword=open"),
        ("https://example.org/\x1b[31m\n\u202ered", "https://example.org/[31mred"),
        ("https://example.org/" + "x" * 900, "https://example.org/" + "x" * 279 + "…"),
    ],
)
def test_a_url_is_shown_without_what_is_secret(url: str, expected: str) -> None:
    assert shown(url) == expected


@settings(deadline=None)
@given(st.text(max_size=9), st.sampled_from(["https://", "http://", "https:/", "HTTPS://"]), st.text(max_size=9))
def test_a_password_is_never_shown(user: str, scheme: str, tail: str) -> None:
    assume("?" not in user and "#" not in user)
    text = shown(f"{scheme}{user}:hunter2@example.org/{tail}")
    assert "hunter2" not in text or "/" in user or "\\" in user
    with pytest.raises(Forbidden) as caught:
        parse(f"{scheme}u:hunter2@exa mple.org/{tail}")
    assert "hunter2" not in str(caught.value)


def test_credentials_are_sent_and_kept_but_not_seen() -> None:
    target = parse("https://m%C3%AB:p%3Aw@example.org/feed")
    assert target.authorization == "Basic bcOrOnA6dw=="
    assert target.url_with_credentials == "https://m%C3%AB:p%3Aw@example.org/feed"
    assert "p%3Aw" not in repr(target)
    assert "Basic" not in repr(target)
    assert parse("https://:@example.org/").authorization is None


@pytest.mark.parametrize(
    ("location", "keeps"),
    [
        ("/other", True),
        ("https://example.org:443/x", True),
        ("https://her:own@example.org/x", True),
        ("http://example.org/", False),
        ("https://example.org:8443/", False),
        ("https://www.example.org/", False),
        ("//example.net/", False),
    ],
)
def test_credentials_stay_within_their_origin(location: str, keeps: bool) -> None:
    base = parse("https://me:secret@example.org/a")
    there = join(base, location)
    assert there.authorization == (base.authorization if keeps else None)
    assert ("me:secret@" in there.url_with_credentials) is keeps


def looked_up(*found: str, private: bool = False, error: OSError | None = None) -> list[str]:
    async def resolve(host: str, port: int) -> list[str]:
        if error is not None:
            raise error
        return list(found)

    return [str(each) for each in asyncio.run(addresses_of("name.example", 443, resolve, private=private))]


def test_every_address_of_a_name_is_checked() -> None:
    assert looked_up("1.1.1.1", "2606:4700::1") == ["1.1.1.1", "2606:4700::1"]
    for bad in ("127.0.0.1", "::1", "::ffff:10.0.0.1", "fe80::1%2", "169.254.169.254"):
        with pytest.raises(Forbidden, match=r"name\.example"):
            looked_up("1.1.1.1", bad)
        assert len(looked_up("1.1.1.1", bad, private=True)) == 2


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), Missing),
        (socket.gaierror(socket.EAI_FAIL, "x"), Missing),
        (socket.gaierror(socket.EAI_AGAIN, "x"), Unreachable),
        (OSError("x"), Unreachable),
    ],
)
def test_a_name_that_is_not_found_says_whether_it_ever_may_be(error: OSError, kind: type[SourceError]) -> None:
    with pytest.raises(SourceError) as caught:
        looked_up(error=error)
    assert type(caught.value) is kind
    with pytest.raises(Missing):
        looked_up()
    with pytest.raises(Unreachable):
        looked_up("not an address")
