"""Phrases that only Slack needs: channels, its page and its forms."""

PHRASES: dict[str, tuple[str, str]] = {
    "slack.invite": (
        "I am not in this channel, so nothing could ring here. Invite me first: {invite}. Then send the command again.",
        "Нисам у овом каналу, па овде не могу да јављам. Прво ме позовите: {invite}. Затим пошаљите команду поново.",
    ),
    "slack.setting_lock": ("Only admins change this channel", "Само администратори мењају канал"),
    "slack.lock_admins": (
        "Only an admin of the workspace or of newsbell may lock this channel or unlock it.",
        "Само администратор радног простора или newsbell-а сме да закључа или откључа овај канал.",
    ),
    "slack.locked": (
        "Locked: only admins may change what this channel gets. Anybody may search. {off} unlocks it.",
        "Закључано: само администратори смеју да мењају шта канал добија. Претраживати сме свако. {off} откључава.",
    ),
    "slack.unlocked": (
        "Unlocked: every member may change what this channel gets.",
        "Откључано: сваки члан сме да мења шта канал добија.",
    ),
    "slack.end_it": ("End it all the same", "Ипак укини"),
    "slack.end_anyway": ("{command} ends it all the same.", "{command} је ипак укида."),
    "slack.of_another": (
        "Subscription {number} ({query}) was made by somebody else in this channel.",
        "Претплату {number} ({query}) направио је неко други у овом каналу.",
    ),
    "slack.platform_ended": (
        "{platform} is not served any more: {reason}. Everything else goes on.",
        "{platform} више не ради: {reason}. Све остало ради даље.",
    ),
}
