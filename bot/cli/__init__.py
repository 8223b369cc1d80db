"""The `newsbell` command: its arguments, its exit codes, and how an error is said.

Exit codes: 0 done; 1 something failed and is said on standard error in one line; 2 wrong usage. What a command does is
imported only when that command runs.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

Arguments = Callable[[argparse.ArgumentParser], None]


def run(argv: Sequence[str]) -> int:
    """Runs one command line; returns the exit code."""
    arguments = parser().parse_args(argv)
    try:
        module, name = arguments.does.split(":")
        code: int = getattr(import_module(f"bot.cli.{module}"), name)(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        _tell(error, traced=arguments.debug)
        return 1
    return code


def _tell(error: Exception, *, traced: bool) -> None:
    from traceback import format_exception

    from bot.logs import say

    say("".join(format_exception(error)).rstrip() if traced else f"newsbell: {_said(error)}")


def _said(error: Exception) -> str:
    """One line a person can act on."""
    from bot.core.errors import BotError

    if isinstance(error, BotError):
        return str(error)
    return f"{type(error).__name__}: {error} (unexpected; --debug shows where)".replace("\n", " ")


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line, made from the table of commands."""
    root = argparse.ArgumentParser(
        prog="newsbell",
        description="The news bell in chat: topics and any query, one alert per story, digests, search.",
    )
    root.add_argument("--version", action="version", version=_Version("%(prog)s"))
    commands = root.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, (does, text, arguments) in COMMANDS.items():
        command = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        command.add_argument("--debug", action="store_true", help="show the traceback of an error, and a detailed log")
        command.set_defaults(does=does)
        arguments(command)
    return root


class _Version(str):
    """The installed version, looked up only when it is printed."""

    __slots__ = ()

    def __mod__(self, _: object) -> str:
        from bot.app import version

        return f"newsbell {version()}"


def instant(text: str) -> datetime:
    """An ISO 8601 time as aware UTC, one without a zone read as UTC; ArgumentTypeError otherwise."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no ISO 8601 time; write one like 2026-03-28T07:00:00Z") from None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print one JSON object a line, and nothing else")


def _at(command: argparse.ArgumentParser) -> None:
    command.add_argument("--at", type=instant, metavar="TIME", help="take this time as now (a rehearsal), in ISO 8601")


def _paths(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help=".jsonl, .jsonl.gz, .txt, .html or a folder"
    )


def _run(command: argparse.ArgumentParser) -> None:
    command.add_argument("--terminal", action="store_true", help="use this terminal too, beside other platforms")


def _chat(command: argparse.ArgumentParser) -> None:
    command.add_argument("--as", dest="name", default="local", metavar="NAME", help="the chat terminal:NAME (local)")
    _at(command)


def _tick(command: argparse.ArgumentParser) -> None:
    _at(command)
    _json(command)


def _scan(command: argparse.ArgumentParser) -> None:
    command.add_argument("sources", nargs="*", metavar="SOURCE", help="only sources of this name or location")
    _json(command)


def _sources(command: argparse.ArgumentParser) -> None:
    verbs = command.add_subparsers(title="verbs", metavar="VERB", required=True)
    for name, (does, text, arguments) in SOURCES.items():
        verb = verbs.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        verb.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        verb.set_defaults(does=f"sources:{does}")
        arguments(verb)


def _sources_add(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("url", metavar="URL", help="a feed, a page whose feed is looked for, or a folder of this machine")
    verb.add_argument("--page", action="store_true", help="watch the page itself for links to new articles")
    verb.add_argument("--name", help="what it is to be called (else what it calls itself)")


def _sources_remove(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("source", metavar="SOURCE", help="its name or location")


def _sources_check(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("target", metavar="URL_OR_FILE", help="a feed, or an OPML list whose sources are all asked")
    verb.add_argument("--base", metavar="URL", help="what links in a file are relative to")
    verb.add_argument("--page", action="store_true", help="read it as a page to watch")
    _json(verb)


def _sources_import(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("file", type=Path, metavar="FILE", help="an OPML list")


def _sources_export(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("file", type=Path, nargs="?", metavar="FILE", help="where to write it (standard output)")


SOURCES: dict[str, tuple[str, str, Arguments]] = {
    "list": ("listed", "every source, how it stands and what it holds", _json),
    "add": ("add", "add a feed, the feed of a page, a page to watch, or a folder", _sources_add),
    "remove": ("remove", "remove a source; its articles stay", _sources_remove),
    "check": ("check", "what is understood of a feed, page or list; nothing is stored", _sources_check),
    "import": ("imported", "take an OPML list in", _sources_import),
    "export": ("exported", "write the sources as OPML", _sources_export),
}
"""What each verb of `newsbell sources` does (a function of bot.cli.sources), its line of help, and its arguments."""


def _ingest(command: argparse.ArgumentParser) -> None:
    _paths(command)
    _json(command)


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1000:
        raise argparse.ArgumentTypeError("a whole number from 1 to 1000")
    return number


def _search(command: argparse.ArgumentParser) -> None:
    command.add_argument("query", nargs="+", metavar="QUERY", help="in the query language")
    command.add_argument("--limit", type=_count, default=10, metavar="N", help="how many at most (10)")
    command.add_argument("--sort", choices=("newest", "relevance"), default="newest", help="which come first (newest)")
    _json(command)


def _match(command: argparse.ArgumentParser) -> None:
    command.add_argument("--queries", type=Path, metavar="FILE", help='standing queries, lines of {"id", "query"}')
    command.add_argument("--stats", action="store_true", help="end with counts, seconds and bytes on standard error")
    _paths(command)
    _json(command)


def _stories(command: argparse.ArgumentParser) -> None:
    command.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="as `match` takes them")
    command.add_argument("--eval", dest="pairs", type=Path, metavar="PAIRS", help="how right that is on judged pairs")
    command.add_argument(
        "--articles", nargs="+", default=(), type=Path, metavar="FILE", help="where the judged articles are"
    )
    _json(command)


def _topics(command: argparse.ArgumentParser) -> None:
    command.add_argument("name", nargs="?", metavar="NAME", help="one topic, with its definition")
    command.add_argument(
        "--eval", dest="labels", type=Path, metavar="LABELS", help="how right they are on articles that were judged"
    )
    command.add_argument(
        "--articles", nargs="+", default=(), type=Path, metavar="FILE", help="where the judged articles are"
    )
    _json(command)


def _explain(command: argparse.ArgumentParser) -> None:
    command.add_argument("query", metavar="QUERY", help="in the query language")
    command.add_argument("path", type=Path, metavar="PATH", help="a file of one or more articles")


def _access(command: argparse.ArgumentParser) -> None:
    verbs = command.add_subparsers(title="verbs", metavar="VERB", required=True, dest="verb")
    for name, (does, text) in ACCESS.items():
        verb = verbs.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        verb.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        verb.set_defaults(does=f"access:{does}")
        if name == "list":
            _json(verb)
        else:
            verb.add_argument(
                "id", metavar="ID", help="as it is listed, such as telegram:42, or the number of an asking"
            )


ACCESS = {
    "list": ("listed", "who asked, who was let in, and by whom"),
    "approve": ("decided", "let somebody in"),
    "deny": ("decided", "do not let somebody in"),
    "revoke": ("decided", "let somebody in no longer; what they set up is kept"),
}
"""What each verb of `newsbell access` does (a function of bot.cli.access), and its line of help."""


def _backup(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="FILE", help="a new file")


def _manifest(command: argparse.ArgumentParser) -> None:
    command.add_argument("platform", choices=("slack",), help="whose")


def _restore(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="FILE", help="a copy that newsbell made")


def _nothing(command: argparse.ArgumentParser) -> None:
    """A command without arguments of its own."""


COMMANDS: dict[str, tuple[str, str, Arguments]] = {
    "run": (
        "live:run",
        "the bot: scheduler plus every platform with a token; with none, this terminal",
        _run,
    ),
    "chat": ("live:chat", "terminal chat against the database, no scheduler", _chat),
    "tick": ("live:tick", "everything due now, once: scan, match, digests, deliveries", _tick),
    "scan": ("archive:scan", "one pass over the sources that are due, or named ones", _scan),
    "sources": ("sources:listed", "where articles come from: list, add, remove, check, import, export", _sources),
    "ingest": ("archive:ingest", "store articles from files, match them and raise alerts; idempotent", _ingest),
    "search": ("archive:search", "the archive", _search),
    "match": ("matching:match", "articles through topics or standing queries; no database touched", _match),
    "stories": ("grouping:stories", "articles grouped into stories, or how right that is", _stories),
    "topics": ("offline:topics", "what is watched, and how right it is", _topics),
    "explain": ("offline:explain", "why an article does or does not match", _explain),
    "access": ("access:listed", "who may use the bot: list, approve, deny, revoke", _access),
    "invite": ("access:invite", "an invite that lets one person or group in", _nothing),
    "backup": ("upkeep:backup", "a consistent, checked copy of the database, also while it is in use", _backup),
    "restore": ("upkeep:restore", "put a copy in the place of the database; what it replaces is kept", _restore),
    "upgrade": ("upkeep:upgrade", "bring the database up to date, after a checked copy of it was made", _nothing),
    "systemd": ("hosting:systemd", "a systemd unit that runs this newsbell as a service, hardened", _nothing),
    "health": ("hosting:health", "how the running bot does; exit code 1 when something stalls", _nothing),
    "botfather": ("platforms:botfather", "the steps with @BotFather that give you a Telegram bot", _nothing),
    "manifest": ("platforms:manifest", "what makes the Slack app, to paste at api.slack.com/apps", _manifest),
    "doctor": ("doctor:doctor", "is everything in order, and if not, what to do", _nothing),
}
"""What each command does (`module:function` under bot.cli), its one line of help, and its arguments."""
