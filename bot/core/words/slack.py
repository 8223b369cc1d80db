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
    # The page and its forms
    "slack.subscriptions": ("Subscriptions", "Претплате"),
    "slack.schedule": ("When things come", "Када шта стиже"),
    "slack.sources": ("Sources", "Извори"),
    "slack.resume": ("Resume", "Настави"),
    "slack.add": ("Add a subscription", "Додај претплату"),
    "slack.set": ("Settings", "Подешавања"),
    "slack.save": ("Save", "Сачувај"),
    "slack.cancel": ("Cancel", "Одустани"),
    "slack.query": ("What to ring for", "О чему да јављам"),
    "slack.query_hint": (
        'A topic such as migration, or any words: "border force" OR frontex, title:kosovo, migra*, -football',
        'Тема, на пример migration, или било које речи: "border force" OR frontex, title:kosovo, migra*, -football',
    ),
    "slack.when": ("When", "Када"),
    "slack.rhythm_instant": ("As it happens", "Чим се деси"),
    "slack.rhythm_daily": ("Every day", "Сваког дана"),
    "slack.rhythm_weekdays": ("On weekdays", "Радним данима"),
    "slack.rhythm_weekly": ("Every week", "Сваке недеље"),
    "slack.time": ("At (for digests; else the digest time that is set)", "У (за прегледе; иначе подешено време)"),
    "slack.day": ("Day (for every week)", "Дан (за сваке недеље)"),
    "slack.day_mon": ("Monday", "Понедељак"),
    "slack.day_tue": ("Tuesday", "Уторак"),
    "slack.day_wed": ("Wednesday", "Среда"),
    "slack.day_thu": ("Thursday", "Четвртак"),
    "slack.day_fri": ("Friday", "Петак"),
    "slack.day_sat": ("Saturday", "Субота"),
    "slack.day_sun": ("Sunday", "Недеља"),
    "slack.flags": ("Also", "Још"),
    "slack.flag_urgent": ("Break quiet hours", "И у време тишине"),
    "slack.flag_every": ("Each article, not each story", "Сваки чланак, не само сваку вест"),
    "slack.where": ("Where", "Где"),
    "slack.where_hint": (
        "A channel that you and I are in. Left empty, it rings in your messages with me.",
        "Канал у коме смо и ви и ја. Ако остане празно, јављам у вашим порукама са мном.",
    ),
    "slack.invite_first": (
        "I am not in this channel. Invite me there first.",
        "Нисам у овом каналу. Прво ме позовите.",
    ),
    "slack.not_a_member": (
        "You are not a member of this channel, as far as I can see.",
        "Колико видим, нисте члан овог канала.",
    ),
    "slack.is_locked": (
        "This channel is locked: only admins may change what it gets.",
        "Канал је закључан: само администратори смеју да мењају шта добија.",
    ),
    "slack.quiet_from": ("Quiet from", "Тишина од"),
    "slack.quiet_to": ("Quiet until", "Тишина до"),
    "slack.empty_on": ("Also when there is nothing in it", "И када у њему нема ничега"),
    "slack.platform_ended": (
        "{platform} is not served any more: {reason}. Everything else goes on.",
        "{platform} више не ради: {reason}. Све остало ради даље.",
    ),
}
