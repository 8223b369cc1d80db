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
    "cards.grown": (
        "+{n} source: {names}|+{n} sources: {names}",
        "+{n} извор: {names}|+{n} извора: {names}|+{n} извора: {names}",
    ),
    "cards.held": (
        "Held since {time}, while messages could not reach this chat: {n} story.|"
        "Held since {time}, while messages could not reach this chat: {n} stories.",
        "Задржано од {time}, док поруке нису могле да стигну у овај разговор: {n} вест.|"
        "Задржано од {time}, док поруке нису могле да стигну у овај разговор: {n} вести.|"
        "Задржано од {time}, док поруке нису могле да стигну у овај разговор: {n} вести.",
    ),
    "cards.alerts_late": (
        "Late: due {time}, {length} ago.|Late: due since {time}, for {length}.",
        "Касни: требало је да стигне {time}, пре {length}.|Касни: чека од {time}, већ {length}.|"
        "Касни: чека од {time}, већ {length}.",
    ),
    "cards.may_not_write": (
        "newsbell may no longer write in {chat} ({reason}). Its subscriptions are kept and wait until it may.",
        "newsbell више не сме да пише у {chat} ({reason}). Претплате су сачуване и чекају док поново не буде смео.",
    ),
}
