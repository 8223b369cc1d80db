"""Phrases of what readers decide: mute, save, mark, pause for a while; and of digests' leftovers."""

PHRASES: dict[str, tuple[str, str]] = {
    # Buttons
    "readers.mute_story": ("Mute story", "Утишај вест"),
    "readers.not_relevant": ("Not relevant", "Није битно"),
    "readers.save_it": ("Save", "Сачувај"),
    "readers.all_muted": ("What is muted", "Шта је утишано"),
    "readers.all_saved": ("What is saved", "Шта је сачувано"),
    "readers.see_kept_back": ("See them", "Прикажи"),
    "readers.unmute_it": ("Unmute {what}", "Врати {what}"),
    "readers.export_them": ("As a table", "Као табела"),
    # What rings late, what was left out, what is said on top
    "readers.left_out": ("Left out of messages: {stories}", "Није стало у поруке: {stories}"),
    "readers.nothing_left": (
        "Nothing was left out of any message. {digest} has the newest.",
        "Ништа није изостало ни из једне поруке. {digest} има најновије.",
    ),
    "readers.left_out_of": ("left out {time}", "изостало {time}"),
    "readers.pause_over": ("Your pause since {since} is over. {held}", "Пауза од {since} је прошла. {held}"),
    "readers.was_held": (
        "Held meanwhile: {n} story.|Held meanwhile: {n} stories.",
        "Задржано: {n} вест.|Задржано: {n} вести.|Задржано: {n} вести.",
    ),
    "readers.nothing_held": ("Nothing came meanwhile.", "За то време није било ничега."),
    "readers.dropped": (
        "I was away for too long: {n} story is too old to ring and was not sent. /search still finds it."
        "|I was away for too long: {n} stories are too old to ring and were not sent. /search still finds them.",
        "Предуго нисам радио: {n} вест је престара и није послата. /search је и даље налази."
        "|Предуго нисам радио: {n} вести су престаре и нису послате. /search их и даље налази."
        "|Предуго нисам радио: {n} вести је престаро и није послато. /search их и даље налази.",
    ),
    # Which story is meant
    "readers.no_story": ("There is no story {number}.", "Нема вести под бројем {number}."),
    "readers.which_story": (
        "Which story? Write its number, as buttons and digests show it, its URL or its headline.",
        "Која вест? Напишите њен број, како стоји на дугмадима и у прегледима, њен URL или наслов.",
    ),
    "readers.no_such_headline": (
        "No story has the headline “{text}”.",
        "Ниједна вест нема наслов „{text}“.",
    ),
    # Times that end something
    "readers.bad_until": (
        "“{text}” is not a time. Write 3d, 12h, 2 weeks, or until 2026-12-24.",
        "„{text}“ није време. Пишите 3d, 12h, 2 nedelje или until 2026-12-24.",
    ),
    "readers.until_past": ("“{time}” is over already.", "„{time}“ је већ прошло."),
    "readers.until_far": (
        "That is more than a year away; without an end it lasts until you take it back.",
        "То је за више од годину дана; без краја траје док га не опозовете.",
    ),
    # mute
    "readers.muted_story": (
        "Muted: {story}. It does not ring here any more.",
        "Утишано: {story}. Овде се више не јавља.",
    ),
    "readers.muted_story_until": (
        "Muted until {until}: {story}",
        "Утишано до {until}: {story}",
    ),
    "readers.muted_source": (
        "Muted: {source}. Its articles do not ring here; a story that others carry too still does.",
        "Утишано: {source}. Његови чланци се овде не јављају; вест коју имају и други и даље стиже.",
    ),
    "readers.muted_source_until": (
        "Muted until {until}: {source}. A story that others carry too still rings.",
        "Утишано до {until}: {source}. Вест коју имају и други и даље стиже.",
    ),
    "readers.muted_same": ("It was muted already.", "Већ је било утишано."),
    "readers.muted_again": ("It was muted already; now {until}.", "Већ је било утишано; сада {until}."),
    "readers.for_good": ("without an end", "без краја"),
    "readers.until": ("until {time}", "до {time}"),
    "readers.mute_took": (
        "{n} story that waited is not sent.|{n} stories that waited are not sent.",
        "{n} вест која је чекала не шаље се.|{n} вести које су чекале не шаљу се.|{n} вести које су чекале не шаље се.",
    ),
    "readers.no_such_source": (
        "No article came from an outlet called “{text}” yet; muted all the same.",
        "Још ниједан чланак није стигао из медија „{text}“; ипак је утишан.",
    ),
    "readers.mute_what": (
        "“{text}” is no story and no source:NAME. To keep a word out, write it into the query: {example}",
        "„{text}“ није вест ни source:ИМЕ. Реч се изоставља у самом упиту: {example}",
    ),
    "readers.mute_source_name": ("Mute which source? Write source:NAME.", "Који извор? Напишите source:ИМЕ."),
    "readers.nothing_muted_yet": (
        "Nothing is muted. {source} mutes an outlet for a week; a story has a button for it.",
        "Ништа није утишано. {source} утишава медиј на недељу дана; вест има дугме за то.",
    ),
    "readers.muted_list": ("{n} muted|{n} muted", "{n} утишано|{n} утишана|{n} утишаних"),
    "readers.kept_back": (
        "{n} story kept back|{n} stories kept back",
        "{n} вест изостављена|{n} вести изостављене|{n} вести изостављено",
    ),
    "readers.unmuted": ("Heard again: {what}.", "Опет се чује: {what}."),
    "readers.unmuted_all": ("Everything is heard again: {what}.", "Опет се чује све: {what}."),
    "readers.not_muted": ("That is not muted.", "То није утишано."),
    "readers.not_coming": (
        "{n} story it kept back is not sent later.|{n} stories it kept back are not sent later.",
        "{n} вест коју је изоставио не шаље се накнадно.|{n} вести које је изоставио не шаљу се накнадно."
        "|{n} вести које је изоставио не шаље се накнадно.",
    ),
    "readers.undone_muted": ("Undone: {what} is heard again.", "Опозвано: опет се чује {what}."),
    "readers.undone_muted_back": (
        "{n} story waits again.|{n} stories wait again.",
        "{n} вест опет чека.|{n} вести опет чекају.|{n} вести опет чека.",
    ),
    "readers.undone_unmuted": ("Undone: {what} is muted again.", "Опозвано: опет је утишано {what}."),
    # why
    "readers.fate_muted": ("Not sent as {kind}: you muted {what}.", "Није послато као {kind}: утишали сте {what}."),
    "readers.fate_muted_until": (
        "Not sent as {kind}: you muted {what} until {until}.",
        "Није послато као {kind}: утишали сте {what} до {until}.",
    ),
    "readers.fate_too_late": (
        "Not sent as {kind}: newsbell was away for too long.",
        "Није послато као {kind}: newsbell предуго није радио.",
    ),
    # save
    "readers.saved": ("Saved: {headline}", "Сачувано: {headline}"),
    "readers.saved_already": ("That is saved already: {headline}", "То је већ сачувано: {headline}"),
    "readers.saved_list": (
        "{n} article saved|{n} articles saved",
        "{n} сачуван чланак|{n} сачувана чланка|{n} сачуваних чланака",
    ),
    "readers.saved_at": ("saved {time}", "сачувано {time}"),
    "readers.saved_gone": ("(no longer in the archive)", "(више није у архиви)"),
    "readers.nothing_saved": (
        "Nothing is saved. Every alert has a button for it, and {example} saves the latest one.",
        "Ништа није сачувано. Свака дојава има дугме за то, а {example} чува последњу.",
    ),
    "readers.saved_dropped": ("No longer saved: {headline}", "Више није сачувано: {headline}"),
    "readers.not_saved": ("That is not saved.", "То није сачувано."),
    "readers.take_away": ("{command} makes a table of them.", "{command} од њих прави табелу."),
    "readers.undone_saved": ("Undone: it is not saved any more.", "Опозвано: више није сачувано."),
    "readers.undone_dropped": ("Undone: it is saved again.", "Опозвано: опет је сачувано."),
    # irrelevant
    "readers.marked": (
        "Thank you. Noted as not relevant to {what}; nothing else changes.",
        "Хвала. Забележено да није битно за: {what}; ништа друго се не мења.",
    ),
    "readers.marked_already": ("That is noted already.", "То је већ забележено."),
    "readers.marked_how": (
        "To hear less of such, leave a word out of the query ({example}), or mute the story ({mute}).",
        "Да такво ређе стиже, изоставите неку реч из упита ({example}) или утишајте вест ({mute}).",
    ),
    "readers.marked_list": (
        "{n} story marked as not relevant|{n} stories marked as not relevant",
        "{n} вест означена као небитна|{n} вести означене као небитне|{n} вести означено као небитно",
    ),
    "readers.nothing_marked": (
        "Nothing is marked. Every alert has a button for it; what you mark is listed here by subscription.",
        "Ништа није означено. Свака дојава има дугме за то; овде се види шта сте означили, по претплатама.",
    ),
    "readers.matches_nothing": (
        "No subscription of yours matches that story.",
        "Ниједна ваша претплата не одговара тој вести.",
    ),
    "readers.undone_irrelevant": ("Undone: the mark is gone.", "Опозвано: ознаке више нема."),
    # pause
    "readers.paused_until": (
        "Paused until {until}. Everything is kept; {resume} ends it earlier.",
        "Пауза до {until}. Све се чува; {resume} је завршава раније.",
    ),
    "readers.undone_until": ("Undone: paused until {until}.", "Опозвано: пауза траје до {until}."),
    "readers.paused_already_until": (
        "Paused since {since}, until {until}.",
        "Пауза траје од {since}, до {until}.",
    ),
    "readers.held_quiet": (
        "Held meanwhile: {held}, coming {at} when your quiet hours end.",
        "Задржано у међувремену: {held}, стиже {at}, кад се заврше тихи сати.",
    ),
    "readers.paused_endless": ("Paused since {since}, now without an end.", "Пауза траје од {since}, сада без краја."),
    "commands.status_muted": ("Muted", "Утишано"),
    "readers.still_paused_until": (
        "This chat is paused: nothing rings until {until}, or {resume}",
        "Овде је пауза: ништа се не јавља до {until} или {resume}",
    ),
    # settings
    "readers.bad_max": (
        "“{text}” is not a number of alerts from 1 to 100.",
        "„{text}“ није број дојава од 1 до 100.",
    ),
    "commands.setting_max": ("Alerts an hour", "Дојава на сат"),
    "readers.max_now": ("at most {n}", "највише {n}"),
    "readers.max_means": (
        "More than that within an hour gather into one message; {urgent} ones do not count.",
        "Кад их у једном сату има више, скупљају се у једну поруку; {urgent} се не броје.",
    ),
    # What the store holds of a chat
    "commands.held_mutes": ("{n} mute|{n} mutes", "{n} утишавање|{n} утишавања|{n} утишавања"),
    "commands.held_saved": (
        "{n} saved article|{n} saved articles",
        "{n} сачуван чланак|{n} сачувана чланка|{n} сачуваних чланака",
    ),
    "commands.held_irrelevant": ("{n} mark|{n} marks", "{n} ознака|{n} ознаке|{n} ознака"),
    # The help's lines
    "help.mute": ("do not hear of a story or an outlet", "не јављај више о некој вести или из неког медија"),
    "help.unmute": ("hear of it again", "опет јављај о томе"),
    "help.save": ("keep an article", "сачувај чланак"),
    "help.saved": ("what you saved", "шта сте сачували"),
    "help.irrelevant": ("a story that should not have come", "вест која није требало да стигне"),
}
