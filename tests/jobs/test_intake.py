"""Articles in: what is archived, what rings, and what never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.jobs.intake import BATCH, Status
from tests.jobs.conftest import NOW, Newsbell, article


def test_a_new_article_rings_once_and_says_why(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.take(article())
    assert bell.deliver().sent == 1
    assert bell.deliver().sent == 0
    assert "Frontex opens an office in Skopje" in bell.texts[0]
    assert "frontex" in bell.texts[0]


def test_what_is_known_is_neither_added_nor_rung_again(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.take(article())
    bell.deliver()
    assert [entry.status for entry in bell.take(article())] == [Status.KNOWN]
    assert bell.deliver().sent == 0


def test_an_edited_article_changes_in_place_and_never_rings_twice(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    [first] = bell.take(article())
    bell.deliver()
    [second] = bell.take(article(text="Frontex has changed its mind about Skopje.", guid=first.guid))
    assert second.status is Status.UPDATED
    assert second.archived.id == first.archived.id
    assert bell.deliver().sent == 0


def test_an_edit_that_brings_in_a_subscribed_word_rings_who_has_not_heard(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.take(article("Office opens in Skopje", guid="1"))
    assert bell.deliver().sent == 0
    bell.take(article("Office opens in Skopje", guid="1", text="It is an office of Frontex."))
    assert bell.deliver().sent == 1


def test_a_headline_that_is_corrected_is_an_edit(bell: Newsbell) -> None:
    text = "The agency will train border police in Skopje and open a small office there in spring."
    bell.take(article("Frontex opens office in Skopke", guid="1", text=text))
    [taken] = bell.take(article("Frontex to open an office in Skopje", guid="1", text=text))
    assert taken.status is Status.UPDATED
    assert taken.archived.first_title == "Frontex opens office in Skopke"


def test_one_guid_for_two_different_articles_loses_neither(bell: Newsbell) -> None:
    bell.subscribe("skopje")
    monday = article("Office opens in Skopje", guid="0", text="It will train the police of three countries.")
    tuesday = article("Storm over the lake", guid="0", text="Boats stayed in harbour while Skopje saw no rain.")
    assert [entry.status for entry in bell.take(monday, tuesday)] == [Status.NEW, Status.NEW]
    bell.deliver()
    assert "Office opens" in bell.texts[0]
    assert "Storm" in bell.texts[0]
    assert [entry.status for entry in bell.take(monday, tuesday)] == [Status.KNOWN, Status.KNOWN]


def test_copies_of_a_story_ring_once(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    text = "Frontex will open an office. " + " ".join(f"Sentence number {number} of the wire." for number in range(20))
    bell.take(article("Wire one", text=text, guid="1"), article("Wire one", text=text, guid="2", source="Other Post"))
    bell.take(article("Wire one", text=text + " More.", guid="3", source="Third Post"), now=NOW + timedelta(hours=1))
    assert bell.deliver(NOW + timedelta(hours=1)).sent == 1
    assert bell.deliver(NOW + timedelta(hours=2)).sent == 0
    assert bell.app.store.read(lambda session: session.articles.count()) == 3


def test_every_rings_for_each_article_of_a_story(bell: Newsbell) -> None:
    bell.subscribe("frontex", every=True)
    text = "Frontex will open an office. " + " ".join(f"Sentence number {number} of the wire." for number in range(20))
    for guid in "12":
        bell.take(article("Wire one", text=text, guid=guid, source=f"Post {guid}"))
        assert bell.deliver().sent == 1


def test_several_subscriptions_of_a_chat_hear_a_story_once(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.subscribe("skopje")
    bell.take(article())
    assert bell.deliver().sent == 1
    assert "frontex" in bell.texts[0]
    assert "skopje" in bell.texts[0]


def test_an_article_older_than_two_days_enters_the_digest_and_does_not_ring(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.subscribe("frontex", chat="reader", cadence="daily 08:00")
    bell.take(article(published_at=NOW - timedelta(days=3)))
    assert bell.deliver().sent == 0
    bell.deliver(NOW + timedelta(days=1))
    [(chat, text)] = bell.platform.sent
    assert chat == "terminal:reader"
    assert "Skopje" in text


def test_a_fresh_copy_of_an_old_article_rings(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    text = "Frontex will open an office. " + " ".join(f"Sentence number {number} of the wire." for number in range(20))
    bell.take(article("Old", text=text, guid="1", published_at=NOW - timedelta(days=3)))
    assert bell.deliver().sent == 0
    bell.take(article("Old", text=text, guid="2", source="Other Post", published_at=NOW))
    assert bell.deliver().sent == 1


def test_a_story_that_began_in_a_language_the_chat_does_not_read_rings_by_a_copy_in_one_it_does(bell: Newsbell) -> None:
    bell.chat("local", reads=("en",))
    bell.subscribe("frontex")
    text = "Frontex will open an office. " + " ".join(f"Sentence number {number} of the wire." for number in range(20))
    bell.take(article("Wire", text=text, guid="1", language="de"))
    assert bell.deliver().sent == 0
    bell.take(article("Wire", text=text, guid="2", source="Other Post"))
    assert bell.deliver().sent == 1
    bell.take(article("Wire", text=text, guid="3", source="Third Post"))
    assert bell.deliver().sent == 0


def test_an_article_from_the_future_is_published_when_it_was_seen(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    [taken] = bell.take(article(published_at=NOW + timedelta(days=400)))
    assert taken.archived.published_at == NOW
    assert bell.deliver().sent == 1


def test_a_first_fetch_stores_and_tags_but_rings_nothing(bell: Newsbell) -> None:
    bell.subscribe("topic:migration")
    [taken] = bell.take(article("Migrants cross the border", text="Asylum seekers and migrants arrived."), ring=False)
    assert taken.archived.topics
    assert bell.deliver().sent == 0


def test_a_batch_larger_than_one_transaction_is_taken_whole(bell: Newsbell) -> None:
    articles = [article(f"Note {number}", guid=str(number)) for number in range(BATCH * 2 + 3)]
    assert {entry.status for entry in bell.take(*articles)} == {Status.NEW}
    assert bell.app.store.read(lambda session: session.articles.count()) == len(articles)


def test_the_same_article_twice_in_a_batch_is_one(bell: Newsbell) -> None:
    statuses = [entry.status for entry in bell.take(article(), article())]
    assert statuses == [Status.NEW, Status.KNOWN]


def test_a_subscription_made_meanwhile_is_matched_from_the_next_batch(bell: Newsbell) -> None:
    bell.take(article("Something else", guid="0"))
    bell.subscribe("skopje")
    bell.take(article())
    assert bell.deliver().sent == 1


def test_topic_filters_see_the_tags_of_the_same_batch(bell: Newsbell) -> None:
    bell.subscribe("topic:migration -frontex")
    migrants = article("Migrants cross the border", text="Asylum seekers and migrants arrived.")
    bell.take(migrants, replace(migrants, guid="2", title="Frontex counts migrants", text="Asylum seekers. Frontex."))
    assert bell.deliver().sent == 1
    assert "Frontex" not in bell.texts[0]


def test_every_subscription_is_known_before_the_first_batch_waits_for_the_write_lock(bell: Newsbell) -> None:
    for number in range(100):
        bell.subscribe(f"frontex word{number}", chat=f"c{number}")
    standing = bell.app.intake.standing
    standing.catch_up(bell.app.store)
    reached = standing.version
    assert reached > 0
    assert bell.app.store.read(standing.sync) == 0
    (taken,) = bell.take(article("Frontex says word7 and word70"))
    assert (taken.alerts, standing.version) == (2, reached)


def test_a_subscription_made_between_two_looks_is_asked_in_the_batch(bell: Newsbell) -> None:
    bell.app.intake.standing.catch_up(bell.app.store)
    bell.subscribe("frontex")
    (taken,) = bell.take(article("Frontex opens an office"))
    assert taken.alerts == 1
