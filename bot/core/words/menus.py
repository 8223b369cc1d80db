"""Phrases of menus: settings and subscriptions that are changed with buttons, and other chats of a reader."""

PHRASES: dict[str, tuple[str, str]] = {
    "menus.zone_guess": ("{zone} (now {time}, a guess)", "{zone} (сада је {time}, процена)"),
    "menus.guess": ("guess", "процена"),
    "menus.city": ("Or name a city: {example}", "Или наведите град: {example}"),
    "menus.city_or_place": (
        "Or name a city: {example} – or send your location here (attach, Location); only the zone is kept.",
        "Или наведите град: {example} – или овде пошаљите своју локацију (прилог, локација); чува се само зона.",
    ),
    "menus.all_settings": ("All settings", "Сва подешавања"),
    "menus.remove": ("Remove", "Укини"),
    "menus.urgent_on": ("Also in quiet hours", "И у тихим сатима"),
    "menus.urgent_off": ("Not in quiet hours", "Не у тихим сатима"),
    "menus.when": ("When: {when}", "Када: {when}"),
    "menus.type_a_time": ("Or any other time: {example}", "Или неко друго време: {example}"),
    "menus.no_cadence": (
        "“{text}” is no time for a subscription. Write instant, daily 08:00, weekdays 08:00,18:00 or weekly Mon 08:00.",
        "„{text}“ није време за претплату. Пишите instant, daily 08:00, weekdays 08:00,18:00 или weekly Mon 08:00.",
    ),
    "menus.no_subscription": ("There is no subscription {number}.", "Нема претплате {number}."),
    "menus.say_there": (
        "Say this in the chat that is to get it: {command}",
        "Реците ово у разговору који то треба да добија: {command}",
    ),
    "menus.channel_what": (
        "What should another chat of yours hear of? A topic, or any query: {example}",
        "Шта треба да стиже у неки други ваш разговор? Тема, или било који упит: {example}",
    ),
    "menus.where": (
        "Where? Pick a chat in which you are an admin, and I will do {command} there.",
        "Где? Изаберите разговор у коме сте администратор, и тамо ћу извршити {command}.",
    ),
    "menus.pick_channel": ("A channel …", "Канал …"),
    "menus.pick_group": ("A group …", "Група …"),
    "menus.in_chat": ("In {title}:", "У разговору {title}:"),
    "menus.not_your_chat": (
        "Only an admin of {title} may do that.",
        "То може само администратор разговора {title}.",
    ),
    "menus.cannot_post": (
        "I may not write in {title}: make me a member there, in a channel an admin who may post.",
        "У разговору {title} не смем да пишем: учланите ме, у каналу као администратора који објављује.",
    ),
    "menus.carried_out": (
        "{command} was carried out; newsbell was restarted before it could say so.",
        "{command} је извршено; newsbell се поново покренуо пре него што је то јавио.",
    ),
    "menus.pause_all": ("Pause everything", "Паузирај све"),
}
