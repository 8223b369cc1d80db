"""The shape of the code, held by walking its syntax trees: who may import whom, and how large a piece may grow."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted(path for room in ("bot", "handlers", "store") for path in (ROOT / room).rglob("*.py"))

CORE = ("bot.core",)
MATCHING = ("bot.matching", *CORE)
ROOMS: dict[str, tuple[str, ...]] = {
    "bot.core": CORE,
    "bot.matching": MATCHING,
    "bot.sources": ("bot.sources", *MATCHING),
    "bot.jobs": ("bot.jobs", *MATCHING),
    "bot.monitor": ("bot.monitor", *CORE),
    "handlers.console": ("handlers.console", *MATCHING),
    "handlers.telegram": ("handlers.telegram", *MATCHING),
    "handlers.slack": ("handlers.slack", *MATCHING),
    "handlers": ("handlers.call", "handlers.changes", "handlers.commands", "handlers.dispatch",
                 "handlers.door", "handlers.exclusions", "handlers.fates", "handlers.held", "handlers.hints",
                 "handlers.leftovers", "handlers.locking", "handlers.meant", "handlers.muting", "handlers.overview",
                 "handlers.quotas", "handlers.reading", "handlers.registry", "handlers.request", "handlers.schedule",
                 "handlers.services", "handlers.settings", "handlers.sighted", "handlers.stories", "handlers.task",
                 "handlers.undoing", "handlers.unwatched", *MATCHING),
    "store": ("store", *MATCHING),
    "bot.timetable": ("bot.timetable", "bot.jobs", *MATCHING),
    "bot.scheduler": ("bot.scheduler", "bot.timetable", *MATCHING),
    "bot.option": ("bot.option", "bot.setting_paths", *MATCHING),
    "bot.setting_paths": ("bot.setting_paths",),
    "bot.config": ("bot.config", "bot.option", "bot.setting_paths", *MATCHING),
    "bot.drawing": CORE,
    "bot.plot": CORE,
}  # fmt: skip
"""The rooms, most particular first where one holds another, and what each may import of our own."""

LIBRARIES = {
    "sqlite_utils": ("store",),
    "sqlite3": ("store",),
    "apscheduler": ("bot.scheduler",),
    "telegram": ("handlers.telegram",),
    "slack_bolt": ("handlers.slack",),
    "slack_sdk": ("handlers.slack",),
    "rich": ("handlers.console", "bot.cli"),
    "prompt_toolkit": ("handlers.console",),
    "aiohttp": ("bot.sources", "bot.monitor.server", "handlers.slack.client", "handlers.slack.socket"),
    "aiohappyeyeballs": ("bot.sources.web",),
    "prometheus_client": ("bot.monitor.exposition",),
    "trafilatura": ("bot.sources.fulltext",),
    "uvloop": ("bot.loops",),
    "matplotlib": ("bot.plot",),
}
"""Libraries that only these rooms may import."""

CLOCKS = {"datetime.now", "datetime.utcnow", "date.today", "datetime.today", "time.time"}
CLOCK_READERS = ("bot.scheduler",)

MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 45


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def within(module: str, rooms: tuple[str, ...]) -> bool:
    return any(module == room or module.startswith(room + ".") for room in rooms)


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_overload(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it only declares a signature of the definition that follows."""
    return any(ast.unparse(decorator) == "overload" for decorator in node.decorator_list)


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_room_imports_only_what_it_may(path: Path) -> None:
    module = module_of(path)
    imported = [*imports(ast.parse(path.read_text()))]
    ours = [name for name in imported if within(name, ("bot", "handlers", "store", "tests"))]
    allowed = next((rooms for room, rooms in ROOMS.items() if within(module, (room,))), None)
    if allowed is not None:
        assert [name for name in ours if not within(name, allowed)] == []
    for library, rooms in LIBRARIES.items():
        if not within(module, rooms):
            assert [name for name in imported if within(name, (library,))] == []


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_only_the_scheduler_reads_the_wall_clock(path: Path) -> None:
    if module_of(path) in CLOCK_READERS:
        return
    calls = [ast.unparse(node.func) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    assert [call for call in calls if any(call == clock or call.endswith("." + clock) for clock in CLOCKS)] == []


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_modules_and_functions_stay_small(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= MAX_MODULE_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= MAX_FUNCTION_LINES, f"{node.name}: {length} lines"


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_every_module_and_public_name_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree) or path.name == "__init__.py"
    defined = [node for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)]
    public = [node for node in defined if not node.name.startswith("_") and not is_overload(node)]
    assert [node.name for node in public if not ast.get_docstring(node)] == []


def test_the_check_itself_sees_an_import_inside_a_function() -> None:
    assert list(imports(ast.parse("def f():\n    import telegram\n"))) == ["telegram"]
