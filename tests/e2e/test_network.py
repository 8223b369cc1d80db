"""Sources over the network, as a person adds, checks and scans them: real processes, a server on this machine."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.e2e.conftest import ROOT, Shell
from tests.jobs.web import Entry, rss

PAGE = b"<html><head><link rel='alternate' type='application/rss+xml' href='/feed.xml'></head><body>News</body></html>"


@dataclass
class Site:
    """A web site on a port of its own; `asked` are the paths it was asked for."""

    port: int = 0
    pages: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def serving(site: Site) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            body = site.pages.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site(pages={"/": PAGE, "/feed.xml": rss(Entry("1", "Rain in Tirana", at=None))})
    with serving(made):
        yield made


@pytest.fixture
def online(shell: Shell) -> Shell:
    """Sources on this machine may be asked; articles' pages are not, as most of their addresses lead elsewhere."""
    shell.settings |= {"NEWSBELL_FETCH_PRIVATE": "1", "NEWSBELL_FOLDER": ""}
    shell.settings["NEWSBELL_FULLTEXT"] = "0"
    return shell


def test_a_source_is_checked_added_scanned_and_listed(online: Shell, site: Site) -> None:
    feed, item = online.prints("sources", "check", site.url("/feed.xml"), "--json")
    assert (feed["kind"], feed["title"], item["title"]) == ("rss", "Wire", "Rain in Tirana")
    assert not (online.folder / "newsbell.db").exists()

    site.asked.clear()
    said = online.says("sources", "add", site.url("/"))
    assert said.startswith(f"added: Wire, an RSS feed: {site.url('/feed.xml')}\n1 articles")
    assert site.asked == ["/", "/feed.xml"], "nothing is asked for twice"
    assert online.prints("scan", "--json") == [], "not due yet"

    online.says("chat", typed="/subscribe frontex\n")
    site.pages["/feed.xml"] = rss(Entry("2", "Frontex opens an office", at=None), Entry("1", "Rain in Tirana", at=None))
    (taken,) = online.prints("scan", "wire", "--json")
    assert (taken["id"], taken["status"]) == ("2", "new")
    *rung, _ = online.prints("tick", "--json")
    assert "Frontex opens an office" in rung[0]["text"]
    (source,) = online.prints("sources", "list", "--json")
    assert (source["name"], source["standing"], source["articles"]) == ("Wire", "ok", 2)

    site.pages["/feed.xml"] = rss(
        Entry("2", "Frontex opens two offices", at=None), Entry("1", "Rain in Tirana", at=None)
    )
    (taken,) = online.prints("scan", "wire", "--json")
    assert (taken["id"], taken["status"]) == ("2", "updated")
    (corrected,) = online.prints("search", "title:two", "--json")
    assert (corrected["title"], corrected["first_title"]) == ("Frontex opens two offices", "Frontex opens an office")
    *rung, _ = online.prints("tick", "--json")
    assert rung == [], "a correction rings no second time"

    assert "removed: Wire" in online.says("sources", "remove", "wire")
    assert online.prints("sources", "list", "--json") == []
    assert len(online.prints("search", "tirana OR frontex", "--json")) == 2


STORY = """<html lang=en><head><title>New boats for the river</title></head><body><main><article><h1>New boats</h1>
<p>Border police along the river will be given new boats next spring, the ministry said in the capital on Monday.</p>
<p>The boats were bought after Frontex officers had counted too few patrols on the river in the last two years.</p>
<p>Each crew will have an interpreter, and a doctor will be on call in the town on every day of the week.</p>
<p>Fishermen who work on the river at night were told that they must carry lamps and papers from now on.</p>
</article></main></body></html>"""


def test_what_only_an_article_page_tells_is_found_and_rings_exactly_once(online: Shell, site: Site) -> None:
    online.settings["NEWSBELL_FULLTEXT"] = "1"
    summary = "Border police along the river will be given new boats next spring."
    boats = Entry("2", "New boats for the river", summary, at=None, url=site.url("/boats.html"))
    rain = Entry("1", "Rain in Tirana", at=None, url=site.url("/rain.html"))
    site.pages["/boats.html"] = STORY.encode()
    site.pages["/feed.xml"] = rss(rain)
    online.says("sources", "add", site.url("/feed.xml"))
    online.says("chat", typed="/subscribe frontex\n")
    online.prints("scan", "wire", "--json")

    site.pages["/feed.xml"] = rss(boats, rain)
    taken = online.prints("scan", "wire", "--json")
    assert [(entry["id"], entry["status"]) for entry in taken] == [("2", "new"), ("2", "updated")]
    (hit,) = online.prints("search", "fishermen", "--json")
    assert (hit["id"], "Fishermen who work" in hit["snippet"]) == ("2", True)
    assert online.prints("scan", "wire", "--json") == []
    *rung, totals = online.prints("tick", "--json")
    assert len(rung) == 1
    assert "Frontex officers had counted" in rung[0]["text"]
    assert (totals["sent"], totals["pages"]) == (1, 0)
    *rung, _ = online.prints("tick", "--json")
    assert rung == []
    assert site.asked.count("/boats.html") == site.asked.count("/rain.html") == 1

    online.settings["NEWSBELL_FULLTEXT"] = "0"
    site.pages["/feed.xml"] = rss(Entry("3", "More boats", at=None, url=site.url("/more.html")), boats, rain)
    assert [entry["status"] for entry in online.prints("scan", "wire", "--json")] == ["new"]
    assert "/more.html" not in site.asked


def test_private_addresses_are_refused_and_credentials_never_shown(online: Shell, site: Site) -> None:
    online.settings["NEWSBELL_FETCH_PRIVATE"] = "0"
    done = online.run("sources", "add", f"http://user:hidden@127.0.0.1:{site.port}/feed.xml")
    assert done.returncode == 1
    assert "NEWSBELL_FETCH_PRIVATE" in done.stderr
    assert "hidden" not in done.stderr + done.stdout
    assert site.asked == []


def test_a_list_goes_in_and_comes_out_as_it_was(online: Shell, site: Site) -> None:
    seeds = ROOT / "seeds" / "sources.opml"
    assert online.says("sources", "import", str(seeds)).startswith("149 added, 0 known already")
    first = online.says("sources", "export")
    assert online.says("sources", "import", str(seeds)).startswith("0 added, 149 known already")
    assert online.says("sources", "export") == first
    body = first[first.index("<body>") :]
    assert body == seeds.read_text()[seeds.read_text().index("<body>") :]
    assert site.asked == []


def test_a_running_bot_begins_with_the_list_it_is_given_and_stops_cleanly(online: Shell, site: Site) -> None:
    (online.folder / "mine.opml").write_text(
        "<opml version='2.0'><body>"
        f"<outline title='Mine' text='Mine' type='rss' xmlUrl='{site.url('/feed.xml')}'/></body></opml>"
    )
    online.settings["NEWSBELL_SOURCES"] = "mine.opml"
    with online.running("run") as bot:
        bot.shows("/help")
        while not site.asked:
            bot.types("/status")
            bot.shows("> /status")
        assert bot.ends() == 0
    (source,) = online.prints("sources", "list", "--json")
    assert source["name"] == "Mine"


def test_a_source_is_added_in_chat_with_a_second_answer(online: Shell, site: Site) -> None:
    said = online.says("chat", typed=f"/sources add {site.url('/')}\n/sources add {site.url('/none')}\n/sources\n")
    assert f"Added: Wire, {site.url('/feed.xml')}." in said
    assert f"Not added. {site.url('/none')}: answers 404" in said.replace("\n", " ")
    assert "1 source" in said


def test_a_source_that_fails_is_told_wherever_one_looks(online: Shell, site: Site) -> None:
    online.says("sources", "add", site.url("/"))
    del site.pages["/feed.xml"]
    assert online.run("scan", "Wire").returncode == 1
    first, line, reason = online.says("sources", "list").splitlines()
    assert first == "1 source: 1 failing"
    assert line.split()[:4] == ["failing", "feed", "1", "Wire"]
    told = "failing for 1 minute, tried 1 time, next try in [345] minutes: "
    assert re.fullmatch(f"{told}{re.escape(site.url('/feed.xml'))}: answers 404 Not Found", reason.strip())
    (record,) = online.prints("sources", "list", "--json")
    assert (record["health"], record["standing"], record["failures"]) == ("failing", "ok", 1)
    assert record["failing_since"]
    said = online.says("doctor")
    assert "ok   sources: 1 failing\n" in said
    assert re.search(f"\nok   source Wire: {told}", said)
    assert re.search(told, " ".join(online.says("chat", typed="/status\n").split()))
