"""What the reference of users names, and whether tests really touch it.

A test says with `covers` what it is about, and with `fails` of which method it shows the commonest error. While it
runs, the classes concerned note what the code of the test itself looks up, and which calls end with an exception; a
name that was given and not touched, or a failure that did not happen, fails the test.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from telethon import TelegramClient

TESTS = Path(__file__).parents[1]
ALL_NAMES = [
    line
    for line in (TESTS / "conformance" / "documented.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
# Importing `telethon.sync` changes classes for the whole process.
APART = [name for name in ALL_NAMES if name.startswith("telethon.sync")]
NAMES = [name for name in ALL_NAMES if name not in APART]


def _path(name: str) -> tuple[list[Any], list[str]]:
    """The objects on the way to a name, from `telethon` on, and its parts; an attribute of instances has no object."""
    parts = name.split(".")
    way: list[Any] = [importlib.import_module(parts[0])]
    for place, part in enumerate(parts[1:], 1):
        holder = way[-1]
        if isinstance(holder, ModuleType) and not hasattr(holder, part):
            importlib.import_module(".".join(parts[: place + 1]))
        way.append(inspect.getattr_static(holder, part, None) if isinstance(holder, type) else getattr(holder, part))
    return way, parts


def short(name: str) -> str:
    """The name by which tests call it: `client.x` for methods of the client, else without the modules before it.

    >>> short("telethon.client.chats.ChatMethods.edit_admin"), short("telethon.events.album.Album.Event.text")
    ('client.edit_admin', 'Album.Event.text')
    """
    if name.startswith("telethon.client.") and not name.endswith(".TelegramClient"):
        return f"client.{name.rpartition('.')[2]}"
    way, parts = _path(name)
    if len(parts) <= 3:
        return ".".join(parts[-2:])
    first = next(place for place, one in enumerate(way) if not isinstance(one, ModuleType))
    return ".".join(parts[first:])


def found(name: str) -> tuple[Any, str]:
    """Where a name is: the module or class that has it, and the attribute of it."""
    way, parts = _path(name)
    return way[-2], parts[-1]


FULL = {short(name): name for name in NAMES}


def covers(*names: str) -> Callable[[Any], Any]:
    """The test is about these names of the reference."""
    return pytest.mark.covers(*names)


def fails(*names: str) -> Callable[[Any], Any]:
    """The test shows the commonest error of these methods."""
    return pytest.mark.fails(*names)


class Touched:
    """What was touched so far.

    Attributes:
        names: short names that code of tests looked up.
        failed: short names of methods that ended with an exception.
    """

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.failed: set[str] = set()


def _from_a_test() -> bool:
    """Whether the code of a test called, and not the library itself."""
    frame = sys._getframe(1)
    while frame.f_code.co_filename == __file__ and frame.f_back is not None:
        frame = frame.f_back
    return frame.f_code.co_filename.startswith(str(TESTS / "e2e"))


@contextmanager
def watching(names: set[str]) -> Iterator[Touched]:
    """Note while this lasts what tests do with these names."""
    touched = Touched()
    # Which of them an instance has, by the attribute, with the class that has it; and the classes themselves.
    members: dict[str, list[tuple[type[Any], str]]] = {}
    classes: list[tuple[type[Any], str]] = []
    undo: list[Callable[[], None]] = []

    def replace(holder: Any, attribute: str, value: Any) -> None:
        if attribute in vars(holder):
            undo.append(functools.partial(setattr, holder, attribute, vars(holder)[attribute]))
        else:
            undo.append(functools.partial(delattr, holder, attribute))
        setattr(holder, attribute, value)

    def noting(self: Any, attribute: str) -> Any:
        for owner, name in (*members.get(attribute, ()), *classes):
            if issubclass(type(self), owner) and _from_a_test():
                touched.names.add(name)
        return object.__getattribute__(self, attribute)

    def noting_call(name: str, function: Any) -> Any:
        @functools.wraps(function)
        def noted(*args: Any, **kwargs: Any) -> Any:
            if _from_a_test():
                touched.names.add(name)
            return function(*args, **kwargs)

        return noted

    def note_lookups(cls: type[Any]) -> None:
        if vars(cls).get("__getattribute__") is not noting:
            replace(cls, "__getattribute__", noting)

    for name in names:
        holder, attribute = found(FULL[name])
        if name.startswith("client."):
            holder = TelegramClient
        if isinstance(inspect.getattr_static(holder, attribute, None), ModuleType):
            # A module was touched when it was imported, which finding it would do, too.
            touched.names.add(name)
            continue
        value = inspect.getattr_static(holder, attribute, None)
        if isinstance(value, type):
            classes.append((value, name))
            replace(value, "__init__", noting_call(name, value.__init__))
            note_lookups(value)
        elif isinstance(holder, ModuleType):
            replace(holder, attribute, noting_call(name, value))
        elif isinstance(value, (staticmethod, classmethod)):
            replace(holder, attribute, type(value)(noting_call(name, value.__func__)))
        else:
            members.setdefault(attribute, []).append((holder, name))
            note_lookups(holder)
    try:
        yield touched
    finally:
        for action in reversed(undo):
            action()
        # Who calls what a class has, touches the class.
        touched.names.update(name for name in names if any(one.startswith(f"{name}.") for one in touched.names))


@contextmanager
def noting_failures(names: set[str], touched: Touched) -> Iterator[None]:
    """Note which of these methods end with an exception."""
    patch = pytest.MonkeyPatch()
    for name in names:
        attribute = name.removeprefix("client.")
        method = inspect.getattr_static(TelegramClient, attribute)
        if isinstance(method, staticmethod):
            noted = staticmethod(_noting_failure(name, method.__func__, touched))
        else:
            noted = _noting_failure(name, method, touched)
        patch.setattr(TelegramClient, attribute, noted)
    try:
        yield
    finally:
        patch.undo()


def _noting_failure(name: str, method: Any, touched: Touched, *, decorates: bool = True) -> Any:
    if isinstance(method, property):
        return property(method.fget, _noting_failure(name, method.fset, touched))

    @functools.wraps(method)
    def noted(*args: Any, **kwargs: Any) -> Any:
        try:
            result = method(*args, **kwargs)
        except Exception:
            touched.failed.add(name)
            raise
        if inspect.iscoroutine(result):
            return wait(result)
        if hasattr(result, "__anext__"):
            return Iterating(result)
        if hasattr(result, "__aenter__"):
            return Entering(result)
        if decorates and inspect.isfunction(result):
            # A decorator: it is what it does to a function that fails.
            return _noting_failure(name, result, touched, decorates=False)
        return result

    async def wait(result: Any) -> Any:
        try:
            return await result
        except Exception:
            touched.failed.add(name)
            raise

    class Iterating:
        def __init__(self, inner: Any) -> None:
            self.inner = inner

        def __aiter__(self) -> Any:
            self.inner.__aiter__()
            return self

        async def __anext__(self) -> Any:
            try:
                return await self.inner.__anext__()
            except StopAsyncIteration:
                raise
            except Exception:
                touched.failed.add(name)
                raise

        def __getattr__(self, attribute: str) -> Any:
            return getattr(self.inner, attribute)

    class Entering:
        def __init__(self, inner: Any) -> None:
            self.inner = inner

        async def __aenter__(self) -> Any:
            return await wait(self.inner.__aenter__())

        async def __aexit__(self, *why: Any) -> Any:
            return await wait(self.inner.__aexit__(*why))

    return noted


def named_in(folder: Path, decorator: str) -> set[str]:
    """The names that tests of a folder give to a decorator, read without running anything."""
    names: set[str] = set()
    for path in sorted(folder.glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == decorator:
                for argument in node.args:
                    names.update(_texts(argument))
    return names


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Starred):
        # covers(*of("File", "name size")) means File.name and File.size.
        assert isinstance(node.value, ast.Call), ast.dump(node)
        prefix, text = (ast.literal_eval(one) for one in node.value.args)
        yield from of(prefix, text)
    else:
        raise TypeError(f"names are given as texts: {ast.dump(node)}")


def of(prefix: str, names: str) -> list[str]:
    """Several names with the same beginning.

    >>> of("File", "name size")
    ['File.name', 'File.size']
    """
    return [f"{prefix}.{name}" for name in names.split()]
