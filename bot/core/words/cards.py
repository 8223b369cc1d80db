"""Phrases of cards and digests."""

PHRASES: dict[str, tuple[str, str]] = {
    "cards.matched": ("Matched {reasons}", "Разлог: {reasons}"),
    "cards.subscriptions": (
        "subscription {numbers}|subscriptions {numbers}",
        "претплата {numbers}|претплате {numbers}|претплате {numbers}",
    ),
    "cards.untitled": ("(no headline)", "(без наслова)"),
    "cards.sample": ("sample", "пример"),
    "cards.seen": ("seen {time}", "виђено {time}"),
    "cards.more_reasons": ("{n} more", "још {n}"),
    "cards.new_stories": ("{n} new story|{n} new stories", "{n} нова вест|{n} нове вести|{n} нових вести"),
    "cards.also": ("also {labels}", "такође {labels}"),
    "cards.already": ("already alerted", "већ јављено"),
    "cards.digest": (
        "Digest: {n} story|Digest: {n} stories",
        "Преглед: {n} вест|Преглед: {n} вести|Преглед: {n} вести",
    ),
    "cards.digest_empty": ("Digest: nothing new", "Преглед: ништа ново"),
    "cards.since": ("Since {time}.", "Од {time}."),
    "cards.first": ("This is the first digest.", "Ово је први преглед."),
    "cards.newest": (
        "The newest stories; no digest was sent here yet.",
        "Најновије вести; овде још није стигао ниједан преглед.",
    ),
    "cards.late": ("It was due {time} and comes {length} late.", "Требало је да стигне {time}; касни {length}."),
    "cards.nothing_new": ("Nothing new: {labels}.", "Ништа ново: {labels}."),
    "cards.stop_empty": ("stops digests with nothing in them.", "искључује празне прегледе."),
    "cards.more": ("{n} more|{n} more", "Још {n}|Још {n}|Још {n}"),
    "cards.share": ("{shown} of {total}", "{shown} од {total}"),
}
