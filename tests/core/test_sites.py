"""Hosts and the site that one outlet's addresses share."""

from __future__ import annotations

import pytest

from bot.core.url import host_of, site_of


@pytest.mark.parametrize(
    ("url", "host", "site"),
    [
        ("https://www.bbc.co.uk/news/1", "bbc.co.uk", "bbc.co.uk"),
        ("https://feeds.bbci.co.uk/news/rss.xml", "feeds.bbci.co.uk", "bbci.co.uk"),
        ("http://RSS.dw.com:8080/xml", "rss.dw.com", "dw.com"),
        ("https://www.rts.rs/vest", "rts.rs", "rts.rs"),
        ("https://vesti.blic.rs/x", "vesti.blic.rs", "blic.rs"),
        ("https://sitel.com.mk/a", "sitel.com.mk", "sitel.com.mk"),
        ("https://user:pass@example.org./x", "example.org", "example.org"),
        ("not a url", "", ""),
        ("https://[broken/", "", ""),
    ],
)
def test_host_and_site(url: str, host: str, site: str) -> None:
    assert (host_of(url), site_of(host_of(url))) == (host, site)
