"""Phrases that only Slack needs: channels, its page and its forms."""

PHRASES: dict[str, tuple[str, str]] = {
    "slack.invite": (
        "I am not in this channel, so nothing could ring here. Invite me first: {invite}. Then send the command again.",
        "Нисам у овом каналу, па овде не могу да јављам. Прво ме позовите: {invite}. Затим пошаљите команду поново.",
    ),
    "slack.platform_ended": (
        "{platform} is not served any more: {reason}. Everything else goes on.",
        "{platform} више не ради: {reason}. Све остало ради даље.",
    ),
}
