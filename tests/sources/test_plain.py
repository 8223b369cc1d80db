"""HTML fragments as the plain text a reader sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources import plain
from bot.sources.fields import flat
from tests.growth import grows_in_step, repeated


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One&nbsp;<b>t</b>wo</p>\n<p>three</p>", "One two\n\nthree"),
        ("one<br>two<br/>three<br></br>four", "one\ntwo\nthree\nfour"),
        ("<ul><li>a</li> <li>b</ul>c", "a\nb\n\nc"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("a<script>if (a < b) {}</script>b<style>p {}</style>c<!-- d -->", "a b c"),
        ("<p>5 < 6, <a href='x>y'>link</a></p>", "5 < 6, link"),
        ("&lt;p&gt; is a tag", "<p> is a tag"),
        ("&lt;p&gt;Escaped &lt;b&gt;twice&lt;/b&gt;&lt;br/&gt;&amp;amp; read&lt;/p&gt;", "Escaped twice\n& read"),
        ("<p>Use &lt;b&gt;bold&lt;/b&gt;</p>", "Use <b>bold</b>"),
        ("First.\n\nSecond.\n\n\n\nThird", "First.\n\nSecond.\n\nThird"),
        ("<p>wrapped\nline</p>", "wrapped line"),
        ("<o:p></o:p><my-card>in</my-card> a card", "in a card"),
        ("an <unclosed", "an <unclosed"),
        ("&#99999999999; &bogus; &amp;amp; &#x1F6A8;", "\ufffd &bogus; &amp; 🚨"),
        ("", ""),
    ],
)
def test_a_fragment_is_read_in_paragraphs(markup: str, text: str) -> None:
    assert plain.prose(markup) == text


def test_a_title_keeps_its_no_break_space() -> None:
    assert plain.title("<b>10\u00a0000</b>  people\n") == "10\u00a0000 people"


@pytest.mark.parametrize(
    "piece", ["<", '<a href="', "<!--", "<script", "&#", "<a ", "<p a='", "<p =", " ", "\n ", "<![", "="]
)
def test_reading_takes_time_in_proportion(piece: str) -> None:
    grows_in_step(repeated(piece), plain.prose, 20_000)
    grows_in_step(repeated(piece), plain.title, 20_000)


@given(
    st.lists(st.text(max_size=9) | st.sampled_from(("<p>", "<BR>", "</Li>", "<b>", "\n", "&#10;", "&nbsp;"))).map(
        "".join
    )
)
def test_a_text_has_single_blanks_and_one_or_two_line_ends(markup: str) -> None:
    text = plain.prose(markup)
    assert flat(text) == text.replace("\n\n", " ").replace("\n", " ")
