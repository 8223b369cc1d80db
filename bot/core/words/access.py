"""Phrases of who may use the bot: what strangers and admins are told, and what quotas say."""

PHRASES: dict[str, tuple[str, str]] = {
    # What a stranger is told
    "access.by_invitation": (
        "This newsbell is for those who are invited. Send /start and its admins are asked; you hear here what they"
        " decide.",
        "Овај newsbell је за позване. Пошаљите /start и питаће се администратори; овде ћете чути шта су одлучили.",
    ),
    "access.asked_now": (
        "This newsbell is for those who are invited. Its admins have been asked; you hear here what they decide.",
        "Овај newsbell је за позване. Администратори су упитани; овде ћете чути шта су одлучили.",
    ),
    "access.asked_before": (
        "The admins were asked {at}; you hear here what they decide.",
        "Администратори су упитани {at}; овде ћете чути шта су одлучили.",
    ),
    "access.denied_at": (
        "The admins decided {at} not to let you in. You may ask again {again}.",
        "Администратори су {at} одлучили да вас не пусте. Поново можете питати {again}.",
    ),
    "access.revoked_at": (
        "Your access was taken back {at}; what you set up here is kept. You may ask again {again}.",
        "Приступ вам је одузет {at}; све што сте овде подесили је сачувано. Поново можете питати {again}.",
    ),
    "access.admins_only": (
        "This newsbell is for its admins only.",
        "Овај newsbell је само за своје администраторе.",
    ),
    "access.full": (
        "Very many are waiting to be let in just now. Please ask again tomorrow.",
        "Тренутно веома много њих чека да буде пуштено. Питајте поново сутра.",
    ),
    "access.invite_over": (
        "This invite was used already, or is over. Ask for another one where you got it, or send /start and the admins"
        " are asked.",
        "Ова позивница је већ искоришћена или је истекла. Затражите другу тамо где сте је добили или пошаљите /start"
        " и питаће се администратори.",
    ),
    "access.chat_id": ("This chat is {id}.", "Овај разговор је {id}."),
    "access.ask_it": ("Ask", "Питај"),
    # What who asked hears
    "access.admitted": (
        "You are let in. Send /start to see what to try.",
        "Пуштени сте. Пошаљите /start да видите шта да пробате.",
    ),
    "access.denied": (
        "The admins decided not to let you in. You may ask again in 30 days.",
        "Администратори су одлучили да вас не пусте. Поново можете питати за 30 дана.",
    ),
    # Cards of admins
    "access.person_asks": ("{who} asks to use newsbell.", "{who} жели да користи newsbell."),
    "access.group_asks": (
        "{who} asks to use newsbell; {by} has brought it there.",
        "{who} жели да користи newsbell; тамо га је довео {by}.",
    ),
    "access.approve_it": ("Approve", "Пусти"),
    "access.deny_it": ("Deny", "Одбиј"),
    "access.was_admitted": ("Approved by {by} {at}", "Пустио {by} {at}"),
    "access.was_denied": ("Denied by {by} {at}", "Одбио {by} {at}"),
    "access.was_revoked": ("Taken back by {by} {at}", "Одузео {by} {at}"),
    "access.was_invited": ("Came in by an invite {at}", "Ушао с позивницом {at}"),
    "access.was_brought": ("Brought here by {by} {at}", "Довео {by} {at}"),
    "access.was_before": ("Was here before {at}", "Био је овде пре него што је {at} уведено пуштање"),
    "access.waits": ("Waiting since {at}", "Чека, питао {at}"),
    "access.somebody": ("somebody", "неко"),
    "reports.asked": (
        "{waiting} people and groups wait to be let in: /access",
        "На пуштање чека људи и група: {waiting}. /access",
    ),
    # /access and /invite
    "access.title": ("Who may use newsbell", "Ко сме да користи newsbell"),
    "access.mode_open": ("Everybody who finds the bot may use it.", "Сме свако ко нађе бота."),
    "access.mode_invited": (
        "Those who were let in may use it, and admins.",
        "Смеју они који су пуштени и администратори.",
    ),
    "access.mode_admins": ("Only admins may use it.", "Смеју само администратори."),
    "access.waiting": ("{n} waiting|{n} waiting", "{n} чека|{n} чекају|{n} чека"),
    "access.let_in": ("{n} let in|{n} let in", "{n} пуштен|{n} пуштена|{n} пуштених"),
    "access.kept_out": ("{n} kept out|{n} kept out", "{n} одбијен|{n} одбијена|{n} одбијених"),
    "access.nobody": ("Nobody has asked yet.", "Још нико није питао."),
    "access.how": (
        "{approve} lets somebody in, {deny} does not, {revoke} takes it back; {invite} makes an invite.",
        "{approve} пушта, {deny} одбија, {revoke} одузима; {invite} прави позивницу.",
    ),
    "access.only_admins": (
        "Only admins decide who may use newsbell.",
        "О томе ко сме да користи newsbell одлучују само администратори.",
    ),
    "access.no_guest": (
        "Nobody called “{text}” has asked. {list} lists who has; an id looks like telegram:42.",
        "Нико под „{text}“ није питао. Ко јесте, показује {list}; ознака изгледа као telegram:42.",
    ),
    "access.decided_already": ("That was decided: {how}.", "О томе је већ одлучено: {how}."),
    "access.change_it": ("To decide otherwise: {command}", "За другачију одлуку: {command}"),
    "access.not_in": ("{who} is not let in.", "{who} није пуштен."),
    "access.is_admin": ("{id} is an admin by the settings.", "{id} је администратор по подешавањима."),
    "access.now_admitted": ("Let in: {who}.", "Пуштен: {who}."),
    "access.now_denied": ("Not let in: {who}.", "Није пуштен: {who}."),
    "access.now_revoked": (
        "Taken back: {who}. Nothing rings there any more; its subscriptions are kept.",
        "Одузето: {who}. Тамо се више ништа не јавља; претплате су сачуване.",
    ),
    "access.invite_made": (
        "An invite for one person or group, good until {until}. Whoever opens it first is let in.",
        "Позивница за једну особу или групу, важи до {until}. Ко је први отвори, пуштен је.",
    ),
    "access.invite_typed": ("Or, to be typed to the bot: {command}", "Или, да се откуца боту: {command}"),
    "access.invite_type": ("To be typed to the bot: {command}", "Да се откуца боту: {command}"),
    "access.invite_useless": (
        "Everybody may use this newsbell as it is: NEWSBELL_ACCESS is open.",
        "Овај newsbell ионако сме да користи свако: NEWSBELL_ACCESS је open.",
    ),
    "access.invite_admins": (
        "Nobody can be invited: NEWSBELL_ACCESS is admins.",
        "Нико не може бити позван: NEWSBELL_ACCESS је admins.",
    ),
    "commands.status_access": ("Waiting to be let in", "Чека да буде пуштено"),
    "commands.held_admission": ("your admission", "ваш приступ"),
    "help.access": ("who may use newsbell (admins)", "ко сме да користи newsbell (за администраторе)"),
    "help.invite": ("an invite that lets one in (admins)", "позивница која пушта једног (за администраторе)"),
    # Quotas
    "quotas.commands": (
        "Those were {most} commands within a minute, as many as one chat may give. Please go on in {seconds} s.",
        "То је било {most} команди у минуту, колико један разговор сме. Наставите за {seconds} s.",
    ),
    "quotas.exports": (
        "A chat may export {most} times an hour; the next one is possible in {span}.",
        "Један разговор сме да извезе {most} пута на сат; следећи пут за {span}.",
    ),
    "quotas.subscriptions": (
        "A chat may have {most} subscriptions, and this one has. End one you no longer need:",
        "Један разговор сме да има {most} претплата, и овај их толико има. Укините неку која вам више не треба:",
    ),
}
