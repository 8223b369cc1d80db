"""Plain text as a story: metadata, title lines, first sentences."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.prose import HEADLINE_LIMIT, first_sentence, story


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two.", "One."),
        ("No end at all", "No end at all"),
        ("Sir Keir and Mr. Smith met Dr. Jones. They talked.", "Sir Keir and Mr. Smith met Dr. Jones."),
        ("The U.S. Senate voted at 10.30 on No. 4. It passed.", "The U.S. Senate voted at 10.30 on No. 4. It passed."),
        ("The vote in 2024. Then it ended.", "The vote in 2024."),
        ("Sastali su se 7. novembra u Beogradu. Potom su otišli.", "Sastali su se 7. novembra u Beogradu."),
        ("Am 7. November tagte der Rat. Danach nichts.", "Am 7. November tagte der Rat."),
        ("Предложио је проф. др Петровић. Нико други.", "Предложио је проф. др Петровић."),
        ("J. K. Rowling wrote it. She said so.", "J. K. Rowling wrote it."),
        ("“Stop!” he said. Nobody did.", "“Stop!” he said."),
        ("She said: “It is over.” Then she left.", "She said: “It is over.”"),
        ("Who pays? Nobody knows.", "Who pays?"),
        ("Well... that is it. Yes.", "Well... that is it."),
        ("边境关闭了。记者报道。", "边境关闭了。"),
        ("She said no. He left.", "She said no."),
        ("U skladu sa čl. 4 i br. 12. Potom su otišli.", "U skladu sa čl. 4 i br. 12. Potom su otišli."),
        ("First line\nsecond line. Third.", "First line second line."),
        ("A paragraph without an end\n\nAnother.", "A paragraph without an end"),
        ("Costs rose by 3.5 per cent. Wages did not.", "Costs rose by 3.5 per cent."),
        ("", ""),
    ],
)  # fmt: skip
def test_the_first_sentence_ends_where_a_reader_ends_it(text: str, expected: str) -> None:
    assert first_sentence(text) == expected


def test_a_long_sentence_is_cut_at_a_word() -> None:
    cut = first_sentence("word " * 200)
    assert len(cut) <= HEADLINE_LIMIT
    assert cut.endswith("word…")


@settings(deadline=None)
@given(st.text(alphabet="ab.A1 !?\n“”…", max_size=120))
def test_a_first_sentence_is_one_line_and_opens_the_text(text: str) -> None:
    sentence = first_sentence(text)
    assert "\n" not in sentence
    assert " ".join(text.split()).startswith(sentence)


BODY = "The agency will send forty officers to the border, its director said on Monday.\n\nMore will follow."


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        (f"Frontex sends officers\n\n{BODY}", "Frontex sends officers", BODY),
        (f"Who pays for the border?\n\n{BODY}", "Who pays for the border?", BODY),
        (f"Frontex sends officers\n{BODY}", "Frontex sends officers", BODY),
        (f"\n\n  Frontex sends officers  \r\n\r\n{BODY}\r\n", "Frontex sends officers", BODY),
        (BODY, "The agency will send forty officers to the border, its director said on Monday.", BODY),
        ("Only a line", "Only a line", "Only a line"),
        ("Only a sentence.", "Only a sentence.", "Only a sentence."),
        ("Credit: Somebody\n\nFrontex sends officers\n\nThey go.", "Frontex sends officers", "They go."),
        ("One.\n\nPhoto credit: Somebody, Agency\n\nTwo.", "One.", "One.\n\nTwo."),
    ],
)
def test_a_title_line_is_told_from_a_first_sentence(text: str, title: str, body: str) -> None:
    found = story(text)
    assert (found.title, found.text) == (title, body)


def test_hard_wrapped_prose_has_no_title_line() -> None:
    wrapped = (
        "The prime minister of the United Kingdom said on Monday that the\n"
        "European Union and his government had agreed on how to police the\n"
        "border. He gave no date."
    )
    found = story(wrapped)
    assert found.title.endswith("how to police the border.")
    assert found.text == wrapped


def test_a_line_too_long_for_a_title_is_text() -> None:
    long = "word " * 50
    assert story(f"{long}\n\nMore.").text.startswith("word word")


@pytest.mark.parametrize(
    ("line", "author", "published_at"),
    [
        (
            " date 2024-11-07 By Ana Anić • Published: 07 Nov 2024 • 10:53 • 2 minutes read",
            "Ana Anić",
            datetime(2024, 11, 7, 10, 53, tzinfo=UTC),
        ),
        ("date 2024-11-07", None, datetime(2024, 11, 7, tzinfo=UTC)),
        ("date 2024-11-07 By Ana Anić", "Ana Anić", datetime(2024, 11, 7, tzinfo=UTC)),
        ("By Ana Anić | Published: 2024-11-07T10:53:00+01:00", "Ana Anić", datetime(2024, 11, 7, 9, 53, tzinfo=UTC)),
        ("Published: 7 November 2024", None, datetime(2024, 11, 7, tzinfo=UTC)),
    ],
)
def test_a_metadata_line_is_read_and_left_out(line: str, author: str | None, published_at: datetime) -> None:
    found = story(f"{line}\n\n{BODY}")
    assert (found.author, found.published_at, found.text) == (author, published_at, BODY)


@pytest.mark.parametrize(
    "line",
    [
        "The report was Published: nobody knows when, and it says little.",
        "date palms grow in Egypt and in other places of that kind, too.",
        "Credit: the bank says more of it is to be had. " * 10,
    ],
)
def test_a_line_that_only_looks_like_metadata_is_text(line: str) -> None:
    assert line.strip() in story(f"{line}\n\n{BODY}").text


def test_metadata_alone_is_no_story() -> None:
    assert story("date 2024-11-07 By Ana Anić\n\nCredit: Somebody\n").title == ""


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    found = story(text)
    assert "\n" not in found.title
    assert not found.text or found.title
