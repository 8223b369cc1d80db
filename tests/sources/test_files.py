"""Files of every kind and condition, as articles or as one line that says what is wrong."""

import gzip
import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.model import Article, Refused
from bot.sources import files, jsonl
from bot.sources.files import expand, read

GZIPPED = gzip.compress(b'{"title": "One"}', mtime=0)
SEED = Path(__file__).parents[2] / "seeds" / "articles" / "000_f6be979400d58779.txt"


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def article(path: Path) -> Article:
    (item,) = read(path)
    assert isinstance(item, Article), item
    return item


def refusal(path: Path) -> Refused:
    (item,) = read(path)
    assert isinstance(item, Refused), item
    assert item.reason
    assert "\n" not in item.reason
    return item


def jsonl_lines(folder: Path, *lines: str | bytes | dict[str, object]) -> list[Article | Refused]:
    encoded = [
        line if isinstance(line, bytes) else (line if isinstance(line, str) else json.dumps(line)).encode()
        for line in lines
    ]
    return list(read(write(folder, "news.jsonl", b"".join(line + b"\n" for line in encoded))))


def test_the_document_the_product_began_from() -> None:
    found = article(SEED)
    assert found.guid == "000_f6be979400d58779.txt"
    assert found.title.startswith("UK Prime Minister Sir Keir Starmer has signed three new agreements with Serbia")
    assert found.title.endswith("operating across Europe.")
    assert found.text.startswith(found.title)
    assert found.text.endswith("illegal migration and organised crime in Europe.")
    assert "Credit:" not in found.text
    assert "minutes read" not in found.text
    assert (found.author, found.source) == ("Letara Draghia", "articles")
    assert found.published_at == datetime(2024, 11, 7, 10, 53, tzinfo=UTC)
    assert not found.sample


def test_a_line_of_jsonl_with_everything(tmp_path: Path) -> None:
    line: dict[str, object] = {
        "id": "a1",
        "url": "https://example.org/a1",
        "source": "Granica info",
        "published": "2026-11-20T09:30:00+01:00",
        "language": "sr-Latn",
        "title": "Nova pravila\n na granici",
        "text": "Prvi pasus.\r\n\r\nDrugi\u0000 pasus.",
        "author": "Ana Anić",
        "sample": True,
        "unknown": [1],
    }
    assert jsonl_lines(tmp_path, line) == [
        Article(
            guid="a1",
            title="Nova pravila na granici",
            text="Prvi pasus.\n\nDrugi pasus.",
            source="Granica info",
            url="https://example.org/a1",
            published_at=datetime(2026, 11, 20, 8, 30, tzinfo=UTC),
            language="sr",
            author="Ana Anić",
            sample=True,
        )
    ]


def test_a_line_needs_no_more_than_title_or_text(tmp_path: Path) -> None:
    titled, told = jsonl_lines(tmp_path, {"title": "A title", "text": None}, {"text": "A sentence. Another."})
    assert titled == Article("news.jsonl:1", "A title", "", tmp_path.name)
    assert told == Article("news.jsonl:2", "A sentence.", "A sentence. Another.", tmp_path.name)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("nonsense", "not JSON"),
        ('{"title": "raw \x01 control"}', "not JSON"),
        (b'{"title": "\xff"}', "not UTF-8"),
        ("[1]", "not a JSON object"),
        ('"text"', "not a JSON object"),
        ("null", "not a JSON object"),
        ("{}", "neither title nor text"),
        ('{"title": " ", "text": "\\u0000"}', "neither title nor text"),
        ('{"title": ["a"]}', '"title" must be text'),
        ('{"title": "a", "text": {}}', '"text" must be text'),
        ('{"title": "a", "id": true}', '"id" must be text'),
        ('{"title": "a", "url": []}', '"url" must be text'),
        ("[" * 100_000, "nested too deep"),
        ('{"title": ' + "1" * 5_000 + "}", "a number too long"),
    ],
)
def test_a_bad_line_is_refused_with_its_number_and_the_rest_goes_on(
    tmp_path: Path, line: str | bytes, reason: str
) -> None:
    first, bad, last = jsonl_lines(tmp_path, {"title": "Before"}, line, {"title": "After"})
    assert isinstance(bad, Refused)
    assert bad.id == "news.jsonl:2"
    assert reason in bad.reason
    assert [item.guid for item in (first, last) if isinstance(item, Article)] == ["news.jsonl:1", "news.jsonl:3"]


def test_blank_lines_count_but_are_no_articles(tmp_path: Path) -> None:
    items = jsonl_lines(tmp_path, b"\xef\xbb\xbf" + b'{"title": "With a mark"}', "", "  \r", {"title": "Fourth"})
    assert [item.guid for item in items if isinstance(item, Article)] == ["news.jsonl:1", "news.jsonl:4"]
    assert len(items) == 2


def test_an_endless_line_is_refused_and_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "LINE_LIMIT", 100)
    fits = '{"title": "' + "x" * 87 + '"}'
    long, exact, last = jsonl_lines(tmp_path, '{"title": "' + "x" * 500 + '"}', fits, {"title": "After"})
    assert isinstance(long, Refused)
    assert "longer than 100 bytes" in long.reason
    assert len(fits) == 100
    assert isinstance(exact, Article)
    assert isinstance(last, Article)
    assert last.guid == "news.jsonl:3"


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("guid", {"id": 42}, "42"),
        ("guid", {"id": ""}, "news.jsonl:1"),
        ("guid", {"id": None}, "news.jsonl:1"),
        ("url", {"url": "HTTPS://Example.org/ü x"}, "HTTPS://Example.org/ü%20x"),
        ("url", {"url": "https://example.org/a\n b"}, "https://example.org/a%20b"),
        ("url", {"url": "javascript:alert(1)"}, None),
        ("url", {"url": "file:///etc/passwd"}, None),
        ("url", {"url": "https://" + "x" * 5_000}, None),
        ("language", {"language": "EN"}, "en"),
        ("language", {"language": "English"}, None),
        ("language", {"language": "und"}, None),
        ("published_at", {"published": "never"}, None),
        ("published_at", {"published": "-2d 14:20"}, None),
        ("published_at", {"published": 1730976780}, datetime(2024, 11, 7, 10, 53, tzinfo=UTC)),
        ("author", {"author": " "}, None),
        ("sample", {"sample": "yes"}, False),
        ("source", {"source": "A\u202e\tB"}, "A\u202e B"),
        ("title", {"title": "lone \ud800 surrogate"}, "lone \ufffd surrogate"),
        ("title", {"title": "one \x1b[31m\x07 line\u2028here"}, "one [31m line here"),
    ],
)
def test_each_field_is_kept_as_far_as_it_makes_sense(
    tmp_path: Path, field: str, value: dict[str, object], expected: object
) -> None:
    (item,) = jsonl_lines(tmp_path, {"title": "T"} | value)
    assert getattr(item, field) == expected


def test_samples_are_dated_from_the_planting(tmp_path: Path) -> None:
    path = write(tmp_path, "samples.jsonl", '{"title": "T", "published": "-2d 14:20", "sample": true}')
    (item,) = read(path, planted_at=datetime(2026, 11, 24, 3, 10, tzinfo=UTC))
    assert isinstance(item, Article)
    assert item.published_at == datetime(2026, 11, 22, 14, 20, tzinfo=UTC)


def test_a_name_given_is_what_ids_call_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", '{"title": "T"}\n{')
    good, bad = read(path, name="sub/a.jsonl")
    assert isinstance(good, Article)
    assert isinstance(bad, Refused)
    assert (good.guid, bad.id) == ("sub/a.jsonl:1", "sub/a.jsonl:2")


def test_gzip_is_read_as_what_it_holds(tmp_path: Path) -> None:
    path = write(tmp_path, "n.jsonl.gz", gzip.compress(b'{"title": "One"}\n{"title": "Two"}'))
    assert [item.title for item in read(path) if isinstance(item, Article)] == ["One", "Two"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("n.jsonl.gz", b"not gzip", "damaged"),
        ("n.jsonl.gz", GZIPPED[:-12], "ends early"),
        ("n.jsonl.gz", GZIPPED[:10] + b"\xff" * 50, "damaged"),
        ("n.txt", b"", "empty"),
        ("n.jsonl", b"", "empty"),
        ("n.txt", b" \n\n ", "no story"),
        ("n.html", b"<script>1</script>", "no story"),
        ("n.txt", b"\x89PNG\r\n\x1a\n\0\0\0", "binary"),
        ("n.html", bytes(range(256)), "binary"),
        ("n.pdf", b"%PDF-1.4", "unknown kind"),
        ("README", b"words", "unknown kind"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_refusal(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    refused = [item for item in read(write(tmp_path, name, content)) if isinstance(item, Refused)]
    assert [item.id for item in refused] == [name]
    assert reason in refused[0].reason


def test_a_gzip_bomb_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "INFLATED_FREE", 1_000_000)
    path = write(tmp_path, "bomb.jsonl.gz", gzip.compress(b'{"title": "One"}\n' + b" " * 50_000_000))
    article, refused = read(path)
    assert isinstance(article, Article)
    assert isinstance(refused, Refused)
    assert "proportion" in refused.reason


@pytest.mark.parametrize("name", ["big.txt", "big.html"])
def test_a_huge_document_is_refused_unread(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as stream:
        stream.truncate(100_000_000)  # sparse: nothing is written, and nothing may be read
    assert "100,000,000 bytes" in refusal(path).reason


def test_missing_folders_pipes_and_devices_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    assert "no such file" in refusal(tmp_path / "missing.txt").reason
    assert "pipe" in refusal(tmp_path / "pipe.txt").reason
    assert "folder" in refusal(tmp_path / "folder.txt").reason
    assert "symbolic links" in refusal(tmp_path / "loop.txt").reason
    assert "device" in refusal(Path("/dev/zero")).reason


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", "words")
    path.chmod(0)
    assert "permissions" in refusal(path).reason


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1250"])
def test_text_in_any_encoding(tmp_path: Path, codec: str) -> None:
    text = "Naslov šezdeset\n\nMinistar kaže da će građani čekati."
    found = article(write(tmp_path, "a.txt", text.encode(codec)))
    assert (found.title, found.text) == ("Naslov šezdeset", "Ministar kaže da će građani čekati.")


def test_html_in_a_declared_encoding(tmp_path: Path) -> None:
    html = '<html lang="mk"><meta charset="windows-1251"><h1>Наслов</h1><p>Министерот рече.</p>'
    found = article(write(tmp_path, "Outlet/a.HTM", html.encode("cp1251")))
    assert (found.guid, found.title, found.text, found.source) == ("a.HTM", "Наслов", "Министерот рече.", "Outlet")


def names(paths: Iterable[Path], folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in paths]


def test_folders_stand_for_their_files_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.jsonl", "sub/c.html", "sub/.hidden.txt", ".git/d.txt", "e.txt.part", "f.txt~", "g.tmp"):
        write(tmp_path, name, "words")
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    found = list(expand([tmp_path, tmp_path / "missing.txt", tmp_path / ".git" / "d.txt"]))
    assert names(found, tmp_path) == ["a.jsonl", "b.txt", "sub/c.html", "missing.txt", ".git/d.txt"]


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([b"{", b"}", b'"title"', b":", b'"a"', b"\n", b"\xff", b"\0", b"[", b",", b"1", b"\\u0000"]),
        max_size=30,
    )
)
def test_no_bytes_break_the_reader(tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]) -> None:  # fmt: skip
    folder = tmp_path_factory.getbasetemp()
    for name in ("a.jsonl", "a.txt", "a.html"):
        for item in read(write(folder, name, b"".join(pieces))):
            assert isinstance(item, Article | Refused)
