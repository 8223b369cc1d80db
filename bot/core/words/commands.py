"""Phrases of commands' answers."""

PHRASES: dict[str, tuple[str, str]] = {
    # What was understood
    "commands.your_id": ("Your id here is {id}.", "Ваша ознака овде је {id}."),
    "commands.status_you": ("You", "Ви"),
    "commands.unknown": (
        "There is no command {verb}. /help lists them all.",
        "Команда {verb} не постоји. Све су у /help.",
    ),
    "commands.unknown_near": ("There is no command {verb}.", "Команда {verb} не постоји."),
    "commands.did_you_mean": ("Did you mean {suggestion}?", "Да ли сте мислили {suggestion}?"),
    "commands.try_it": ("Try it", "Пробај"),
    "commands.guessed": (
        "Taken for a search; {help} lists the commands.",
        "Узето као претрага; {help} набраја команде.",
    ),
    "commands.as_topic": (
        "Taken for the topic {topic}. For the plain word: {plain}",
        "Узето као тема {topic}. За саму реч: {plain}",
    ),
    "commands.operator": (
        "Small or, and, not are ordinary words. Did you mean {suggestion}?",
        "Мала or, and, not су обичне речи. Да ли сте мислили {suggestion}?",
    ),
    # Counts
    "commands.articles": ("{n} article|{n} articles", "{n} чланак|{n} чланка|{n} чланака"),
    "commands.stories": ("{n} story|{n} stories", "{n} вест|{n} вести|{n} вести"),
    "commands.alerts": ("{n}{more} alert|{n}{more} alerts", "{n}{more} дојава|{n}{more} дојаве|{n}{more} дојава"),
    # Buttons
    "commands.undo_it": ("Undo", "Опозови"),
    "commands.more": ("More", "Још"),
    "commands.ring_me": ("Ring me for this", "Јављај ми ово"),
    "commands.daily_instead": ("Daily instead", "Радије једном дневно"),
    "commands.all_subscriptions": ("My subscriptions", "Моје претплате"),
    "commands.subscribe_to": ("Subscribe: {topic}", "Претплата: {topic}"),
    "commands.end": ("End {number}", "Укини {number}"),
    "commands.yes_all": ("Yes, all of them", "Да, све"),
    "commands.pause_it": ("Only pause", "Само паузирај"),
    "commands.resume_it": ("Resume", "Настави"),
    "commands.forget_it": ("Yes, forget it all", "Да, заборави све"),
    "commands.button_topics": ("Topics", "Теме"),
    "commands.button_digest": ("Digest", "Преглед"),
    "commands.button_help": ("Help", "Помоћ"),
    # start
    "commands.welcome": ("Welcome to newsbell", "Добро дошли у newsbell"),
    "commands.promise": (
        "I watch the news and ring here when something you asked for appears: once a story, with the reason.",
        "Пратим вести и јављам овде кад се појави нешто што сте тражили: једном по вести и са разлогом.",
    ),
    "commands.watched": (
        "Watched topics: {topics}. The archive holds {archive}.",
        "Теме које пратим: {topics}. У архиви је {archive}.",
    ),
    "commands.watched_nothing": ("The archive holds {archive}.", "У архиви је {archive}."),
    "commands.from_sources": ("{articles} from {sources}", "{articles} из {sources}"),
    "commands.sources_of": ("{n} source|{n} sources", "{n} извора|{n} извора|{n} извора"),
    "commands.folder": (
        "Put an article into the folder {folder} and it is read at once.",
        "Ставите чланак у фасциклу {folder} и биће одмах прочитан.",
    ),
    "commands.try_these": ("Try:", "Пробајте:"),
    "commands.try_subscribe": ("hear of a topic as stories come", "јављање о теми чим вест стигне"),
    "commands.try_query": ("or of any words you choose", "или о било којим речима"),
    "commands.try_search": ("search everything that came in", "претрага свега што је стигло"),
    "commands.try_digest": ("the newest stories by topic", "најновије вести по темама"),
    # topics
    "commands.topics": ("Topics", "Теме"),
    "commands.no_topics": ("No topics are set up here.", "Овде нема задатих тема."),
    "commands.topic_counts": ("{week} in the last 7 days, {ever} in all", "{week} у последњих 7 дана, {ever} укупно"),
    "commands.topic_had": ("You have it: subscription {number}.", "Имате је: претплата {number}."),
    "commands.topics_or_query": ("Any words will do as well: {example}", "Може и било која реч: {example}"),
    # subscribe
    "commands.subscribe_what": (
        "To what? Choose a topic, or write any words: {example}",
        "На шта? Изаберите тему или напишите било које речи: {example}",
    ),
    "commands.subscribed": (
        "Subscribed: this is subscription {number}.",
        "Претплаћени сте: ово је претплата {number}.",
    ),
    "commands.subscription_changed": ("Subscription {number} is changed.", "Претплата {number} је промењена."),
    "commands.subscription_same": (
        "You have this already: subscription {number}.",
        "Ово већ имате: претплата {number}.",
    ),
    "commands.what": ("What: {query}", "Шта: {query}"),
    "commands.when": ("When: {when}", "Када: {when}"),
    "commands.when_changed": ("When: {new} (was: {old})", "Када: {new} (било је: {old})"),
    "commands.flag_urgent": ("also in quiet hours", "и у тихим сатима"),
    "commands.flag_every": ("each article, not each story", "сваки чланак, не свака вест"),
    "commands.next_digest": ("Next digest: {at}", "Следећи преглед: {at}"),
    "commands.after_quiet": (
        "That is when your quiet hours ({hours}) end.",
        "Тада се завршавају ваши тихи сати ({hours}).",
    ),
    "commands.still_paused": (
        "This chat is paused: nothing rings until {resume}",
        "Овде је пауза: ништа се не јавља до {resume}",
    ),
    "commands.none_yet": (
        "Nothing in the archive matches yet. You will hear of the first story that does.",
        "У архиви још ништа не одговара. Јавићу прву вест која одговара.",
    ),
    "commands.latest": (
        "The latest, so that you know what to expect: {stories}.",
        "Најновије, да знате шта да очекујете: {stories}.",
    ),
    # subscriptions and unsubscribe
    "commands.no_subscriptions": (
        "You have no subscriptions. {topics} shows what is watched; {example} makes the first one.",
        "Немате претплата. {topics} показује шта се прати; {example} прави прву.",
    ),
    "commands.subscriptions": ("{n} subscription|{n} subscriptions", "{n} претплата|{n} претплате|{n} претплата"),
    "commands.unsubscribe_which": ("Which one should end?", "Коју да укинем?"),
    "commands.stop_all": (
        "For silence: {pause} holds everything back, {all} ends everything.",
        "За тишину: {pause} задржава све, {all} укида све.",
    ),
    "commands.unsubscribe_all": (
        "end your {n} subscription|end all {n} subscriptions",
        "укинем вашу {n} претплату|укинем све {n} претплате|укинем свих {n} претплата",
    ),
    "commands.sure": ("Shall I {ask}? Then send {command}", "Да {ask}? Ако да, пошаљите {command}"),
    "commands.no_number": ("No subscription has the number {numbers}.", "Ниједна претплата нема број {numbers}."),
    "commands.not_subscribed": ("You are not subscribed to “{query}”.", "Нисте претплаћени на „{query}“."),
    "commands.unsubscribed": ("Ended: {number}. {query}", "Укинуто: {number}. {query}"),
    # search
    "commands.search_what": ("Search for what?", "Шта да тражим?"),
    "commands.found": ("{count} article|{count} articles", "{count} чланак|{count} чланка|{count} чланака"),
    "commands.found_page": ("{found}, page {page}", "{found}, страна {page}"),
    "commands.found_for": ("{query}: {found}", "{query}: {found}"),
    "commands.topics_are": ("Topics: {topics}", "Теме: {topics}"),
    "commands.partial": ("Partial: counting was cut short.", "Делимично: бројање је прекинуто."),
    "commands.found_nothing": ("Nothing matches {query}", "Ништа не одговара упиту {query}"),
    "commands.only_reads": (
        "Only articles in {reads} were looked at. {command} looks at all.",
        "Гледани су само чланци на: {reads}. {command} гледа све.",
    ),
    "commands.archive_holds": (
        "The archive holds {articles}, gathered since {since}.",
        "У архиви је {articles}, прикупљених од {since}.",
    ),
    "commands.no_such_page": (
        "There is no page {page}. The first one: {first}",
        "Нема стране {page}. Прва је: {first}",
    ),
    # digest, preview
    "commands.digest_of_topics": (
        "By every watched topic, as you have no subscriptions. {subscribe} makes it yours.",
        "По свим темама које се прате, јер немате претплата. {subscribe} га прави вашим.",
    ),
    "commands.failing": ("Not reachable now: {names}. See {sources}", "Тренутно недоступно: {names}. Видите {sources}"),
    "commands.preview_what": ("Preview of what?", "Преглед чега?"),
    "commands.would_have_brought": (
        "{query} would have brought {week} in the last 7 days, {month} in the last 30 (stories, not articles).",
        "{query}: {week} за последњих 7 дана, {month} за последњих 30 (вести, не чланци).",
    ),
    # why
    "commands.why_what": (
        "Nothing has rung here yet. Name a URL or a headline: /why https://…",
        "Овде се још ништа није огласило. Наведите адресу или наслов: /why https://…",
    ),
    "commands.why_no_url": (
        "{text} is not in the archive: it was in nothing that the watched sources brought.",
        "{text} није у архиви: није било ни у чему што су донели извори који се прате.",
    ),
    "commands.why_no_headline": (
        "No headline in the archive has the words “{text}”.",
        "Ниједан наслов у архиви нема речи „{text}“.",
    ),
    "commands.as_alert": ("alert", "дојава"),
    "commands.as_digest": ("digest", "преглед"),
    "commands.fate_sent": ("Sent ({kind}): {at}", "Послато ({kind}): {at}"),
    "commands.fate_shown": ("Shown when you subscribed: {at}", "Приказано при претплати: {at}"),
    "commands.fate_waiting": ("Waits ({kind}): due {at}", "Чека ({kind}): стиже {at}"),
    "commands.fate_paused": ("Held back ({kind}): this chat is paused", "Задржано ({kind}): овде је пауза"),
    "commands.fate_ended": (
        "Not sent ({kind}): you ended the subscription before it was due",
        "Није послато ({kind}): претплата је укинута пре времена",
    ),
    "commands.fate_cancelled": (
        "Not sent ({kind}): it was taken back before it was due",
        "Није послато ({kind}): повучено је пре времена",
    ),
    "commands.fate_dead": ("Could not be sent ({kind}): {reason}", "Слање није успело ({kind}): {reason}"),
    "commands.why_no_subscriptions": ("Not sent: you have no subscriptions.", "Није послато: немате претплата."),
    "commands.why_no_match": (
        "Not sent: none of your subscriptions matches it.",
        "Није послато: не одговара ниједној вашој претплати.",
    ),
    "commands.lacks_points": (
        "{points} of the {needed} points it takes, for {words}",
        "{points} од потребних {needed} поена, за {words}",
    ),
    "commands.lacks_all_points": ("none of the {needed} points it takes", "ниједан од потребних {needed} поена"),
    "commands.not_sent_for": ("Not sent for {numbers}:", "Није послато за {numbers}:"),
    "commands.held_language": (
        "you do not read {language}: /settings reads",
        "не читате {language}: /settings reads",
    ),
    "commands.held_before": (
        "it was in the archive before you subscribed ({at}).",
        "у архиви је од пре претплате ({at}).",
    ),
    "commands.held_sample": (
        "it is a shipped sample, and those ring nothing.",
        "то је приложени узорак, а они се не јављају.",
    ),
    "commands.held_old": (
        "it was {age} old when it arrived; such articles come in digests only.",
        "стигло је {age} после објављивања; такви чланци иду само у прегледе.",
    ),
    "commands.held_unknown": (
        "it matches as it reads now, but did not when it arrived.",
        "одговара како сада гласи, али није када је стигло.",
    ),
    # pause and resume
    "commands.paused": ("Paused. Everything is kept and waits for {resume}", "Пауза. Све се чува и чека {resume}"),
    "commands.paused_already": ("Paused since {since}.", "Пауза траје: почела је {since}."),
    "commands.resumed": ("On again. It was paused since {since}.", "Опет јављам. Пауза је почела {since}."),
    "commands.not_paused": ("Nothing is paused.", "Ништа није паузирано."),
    "commands.held": ("Held meanwhile, and coming now: {held}.", "Задржано у међувремену, стиже сада: {held}."),
    "commands.held_for_digest": ("Waiting for a digest: {held}.", "Чека преглед: {held}."),
    "commands.nothing_held": ("Nothing came meanwhile.", "У међувремену није било ничега."),
    # settings
    "commands.settings": ("Settings", "Подешавања"),
    "commands.column_setting": ("Setting", "Подешавање"),
    "commands.column_value": ("Now", "Сада"),
    "commands.column_origin": ("", ""),
    "commands.column_change": ("Change it with", "Мења се са"),
    "commands.chosen": ("chosen", "изабрано"),
    "commands.default": ("default", "подразумевано"),
    "commands.setting_timezone": ("Time zone", "Временска зона"),
    "commands.setting_digest": ("Digest time", "Време прегледа"),
    "commands.setting_quiet": ("Quiet hours", "Тихи сати"),
    "commands.setting_reads": (
        "You read",
        "Читате",
    ),
    "commands.setting_language": (
        "My language",
        "Мој језик",
    ),
    "commands.setting_empty": ("Empty digests", "Празни прегледи"),
    "commands.setting_is": ("{name}: {value}. Change it with {example}", "{name}: {value}. Мења се са {example}"),
    "commands.setting_changed": (
        "{name}: {new}. It was: {old}.",
        "{name}: {new}. Било је: {old}.",
    ),
    "commands.unchanged": ("That is how it was; nothing changed.", "Тако је и било; ништа није промењено."),
    "commands.no_setting": ("There is no setting “{name}”.", "Подешавање „{name}“ не постоји."),
    "commands.zone_now": ("{zone} (now {time})", "{zone} (сада је {time})"),
    "commands.all_languages": (
        "every language",
        "све језике",
    ),
    "commands.on": ("on", "укључено"),
    "commands.off": ("off", "искључено"),
    "commands.on_or_off": ("“{text}” is neither on nor off.", "„{text}“ није ни on ни off."),
    "commands.no_language": (
        "“{text}” is not a language I know. Write codes such as en,sr,de, or all.",
        "„{text}“ није језик који знам. Пишите ознаке, на пример en,sr,de, или all.",
    ),
    "commands.not_my_language": (
        "I have no words in “{text}”. Choose en, sr or sr-cyrl.",
        "Немам речи на језику „{text}“. Изаберите en, sr или sr-cyrl.",
    ),
    "commands.quiet_means": (
        "What is due then comes when they end; a subscription with {urgent} rings all the same.",
        "Шта би тада стигло, стиже кад се заврше; претплата са {urgent} јавља се свеједно.",
    ),
    # forget
    "commands.held_settings": ("your settings", "ваша подешавања"),
    "commands.held_subscriptions": ("{n} subscription|{n} subscriptions", "{n} претплата|{n} претплате|{n} претплата"),
    "commands.held_deliveries": ("{n} delivery|{n} deliveries", "{n} испорука|{n} испоруке|{n} испорука"),
    "commands.forget_ask": (
        "Kept about this chat: {held}. To remove it all for good, send {command}",
        "О овом разговору се чува: {held}. Да све заувек уклоним, пошаљите {command}",
    ),
    "commands.forgotten": ("Removed for good: {held}.", "Заувек уклоњено: {held}."),
    "commands.forget_backups": (
        "The daily backups have what they had until they are a week old.",
        "Дневне резервне копије чувају оно што су имале док не напуне недељу дана.",
    ),
    # undo
    "commands.nothing_to_undo": ("There is nothing to undo.", "Нема шта да се опозове."),
    "commands.undone_subscribed": (
        "Undone: subscription {number} to {query} is ended.",
        "Опозвано: претплата {number} на {query} је укинута.",
    ),
    "commands.undone_unsubscribed": (
        "Undone: subscription {number} to {query} is back.",
        "Опозвано: претплата {number} на {query} опет важи.",
    ),
    "commands.undone_changed": (
        "Undone: {number}. {query} rings as before: {when}.",
        "Опозвано: {number}. {query} стиже као и пре: {when}.",
    ),
    "commands.undone_set": ("Undone. {name}: {value}", "Опозвано. {name}: {value}"),
    "commands.undone_paused": ("Undone: the pause is over.", "Опозвано: паузе више нема."),
    "commands.undone_resumed": ("Undone: paused again.", "Опозвано: опет је пауза."),
    # status
    "commands.status": ("This chat", "Овај разговор"),
    "commands.status_all": ("This newsbell", "Овај newsbell"),
    "commands.status_subscriptions": ("Subscriptions", "Претплате"),
    "commands.status_waiting": ("Stories waiting", "Вести на чекању"),
    "commands.status_last_digest": ("Last digest", "Последњи преглед"),
    "commands.status_next_digest": ("Next digest", "Следећи преглед"),
    "commands.status_paused": ("Paused since", "Пауза од"),
    "commands.status_address": ("Address", "Адреса"),
    "commands.status_version": ("Version", "Верзија"),
    "commands.status_articles": ("Articles", "Чланака"),
    "commands.status_sources": ("Sources", "Извора"),
    "commands.status_all_subscriptions": ("Subscriptions in all chats", "Претплата у свим разговорима"),
    "commands.status_dead": ("Could not be sent in 30 days", "Није могло да се пошаље за 30 дана"),
    "commands.status_failed": ("Could not be sent", "Није могло да се пошаље"),
    "commands.never": ("none", "нема"),
    # export
    "commands.export_what": (
        "Export what? A topic or a query, or /export subscriptions",
        "Шта да извезем? Тему или упит, или /export subscriptions",
    ),
    "commands.exported": ("{articles} in {name}", "{articles} у датотеци {name}"),
    "commands.export_cut": (
        "Only the newest {most}; a narrower query or since: gets the rest.",
        "Само најновијих {most}; ужи упит или since: даје остале.",
    ),
    "commands.export_commands": (
        "These commands make your subscriptions again:",
        "Ове команде поново праве ваше претплате:",
    ),
}
