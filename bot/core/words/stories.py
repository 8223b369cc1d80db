"""Phrases of stories that are followed, and of those that ring again."""

PHRASES: dict[str, tuple[str, str]] = {
    # Buttons
    "readers.follow_it": ("Follow", "Прати"),
    "readers.unfollow_it": ("Unfollow", "Не прати више"),
    "stories.all_followed": ("What you follow", "Шта пратите"),
    "stories.unfollow_one": ("Unfollow #{number}", "Не прати #{number}"),
    # What rings again
    "stories.accounts": (
        "Another account of a story you follow: {story}|{n} more accounts of a story you follow: {story}",
        "Још један извештај о вести коју пратите: {story}|Још {n} извештаја о вести коју пратите: {story}"
        "|Још {n} извештаја о вести коју пратите: {story}",
    ),
    "stories.outlets_told": (
        "{n} outlet has an account of its own by now: {story}|{n} outlets have accounts of their own by now: {story}",
        "О овоме већ сам извештава {n} медиј: {story}|О овоме већ сами извештавају {n} медија: {story}"
        "|О овоме већ само извештава {n} медија: {story}",
    ),
    "stories.again_account": ("another account of a story you follow", "још један извештај о вести коју пратите"),
    "stories.again_outlets": ("many outlets carry it by now", "већ је има много медија"),
    # follow
    "stories.following": (
        "You follow this story: {story}. Another account of it rings as a reply, at most every half hour; copies do"
        " not.",
        "Пратите ову вест: {story}. Сваки нов извештај о њој јавља се као одговор, највише на пола сата; преписи се"
        " не јављају.",
    ),
    "stories.following_already": ("You follow it already: {story}.", "Већ је пратите: {story}."),
    "stories.following_muted": (
        "It is muted, so nothing of it rings. {command} changes that.",
        "Утишана је, па се ништа о њој не јавља. {command} то мења.",
    ),
    "stories.over": (
        "Nothing came to it for three days: it is over, and there is nothing to follow. {story}",
        "Три дана ништа није стигло о њој: завршена је и нема шта да се прати. {story}",
    ),
    "stories.followed": (
        "You follow {n} story|You follow {n} stories",
        "Пратите {n} вест|Пратите {n} вести|Пратите {n} вести",
    ),
    "stories.since": ("since {time}", "од {time}"),
    "stories.carried_by": ("{n} outlet|{n} outlets", "{n} медиј|{n} медија|{n} медија"),
    "stories.none_followed": (
        "You follow no story. Alerts have a button for it, or write {example}.",
        "Не пратите ниједну вест. Дојаве имају дугме за то, или пишите {example}.",
    ),
    # unfollow
    "stories.unfollowed": (
        "You follow it no more: {story}. New accounts of it do not ring.",
        "Више је не пратите: {story}. Нови извештаји о њој се не јављају.",
    ),
    "stories.unfollowed_all": ("You follow no story any more: {story}.", "Више не пратите ниједну вест: {story}."),
    "stories.not_followed": ("You do not follow that story.", "Ту вест не пратите."),
    "stories.undone_followed": ("Undone: you do not follow {story}.", "Опозвано: не пратите {story}."),
    "stories.undone_unfollowed": ("Undone: you follow {story} again.", "Опозвано: опет пратите {story}."),
    "commands.held_follows": (
        "{n} followed story|{n} followed stories",
        "{n} праћена вест|{n} праћене вести|{n} праћених вести",
    ),
    "commands.status_followed": ("Followed", "Прати се"),
    "help.follow": ("hear more of one story, account by account", "јављање о једној вести, извештај по извештај"),
    "help.unfollow": ("follow a story no more", "не прати више неку вест"),
    # why
    "stories.as_account": ("another account", "нов извештај"),
    "stories.as_outlets": ("number of outlets", "број медија"),
    "stories.fate_unfollowed": (
        "Not sent as {kind}: you follow the story no more.",
        "Није послато као {kind}: више не пратите ту вест.",
    ),
    # settings
    "commands.setting_outlets": ("Ring a story again", "Поновно јављање вести"),
    "stories.outlets_now": ("at {n} outlet|at {n} outlets", "код {n} медија|код {n} медија|код {n} медија"),
    "stories.not_again": ("never", "никад"),
    "stories.bad_outlets": (
        "“{text}” is not a number of outlets from 2 to 99, nor 0 for never.",
        "„{text}“ није број медија од 2 до 99, ни 0 за никад.",
    ),
    "stories.outlets_mean": (
        "A story you were told rings once more when so many outlets have their own account of it; copies of one account"
        " do not count.",
        "Вест која вам је јављена јавља се још једном кад толико медија има свој извештај о њој; преписи истог"
        " извештаја се не броје.",
    ),
}
