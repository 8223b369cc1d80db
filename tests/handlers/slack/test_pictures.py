"""The pictures in the README show what the bot sends today."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.slackapi.pictures import PICTURES, pages

README = (Path(__file__).parents[3] / "README.md").read_text()


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    """Every page as it is made now."""
    return pages()


@pytest.mark.parametrize("name", ["slack_alert", "slack_digest", "slack_search", "slack_home"])
def test_a_picture_is_of_what_is_sent_now(drawn: dict[str, str], name: str) -> None:
    """When it is not: `python -m tests.slackapi.pictures chromium` takes them anew; look at them."""
    assert (PICTURES / f"{name}.html").read_text(encoding="utf-8") == drawn[name]
    picture = (PICTURES / f"{name}.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 80_000
    assert f"(tests/golden/pictures/{name}.png)" in README
