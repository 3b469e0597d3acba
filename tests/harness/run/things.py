"""What Python has of the things that pages are about: each is made for that, and ended again.

That is done in a Python of its own, as a reader's program would, which has no threads
and no signal handlers of the tests: `python -m tests.harness.run.things Queue`.
"""

import importlib
import inspect
import json
import multiprocessing
import pkgutil
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing.util import Finalize
from types import ModuleType
from typing import Any

from tests.harness import work
from tests.harness.read.calls import parameter, split
from tests.harness.read.versions import ROOT

Parameters = list[list[str]] | None
"""As `split` gives them, in each way that Python tells; none for an attribute."""
MODULES = [
    importlib.import_module(name)
    for name in (
        "multiprocessing",
        "multiprocessing.shared_memory",
        "multiprocessing.managers",
        "multiprocessing.connection",
        "multiprocessing.pool",
        "multiprocessing.sharedctypes",
        "concurrent.futures",
        "mmap",
    )
]
"""Where a name is looked for, in this order."""
NO_PROCESSES = ["concurrent.futures.thread", "concurrent.futures.interpreter"]
COMMON = dir(Exception)  # names that need no mention
ARGUMENTS = {
    "create": True,
    "fileno": -1,
    "length": 1,
    "parties": 1,
    "processes": 1,
    "sequence": [0],
    "size": 1,
    "size_or_initializer": 1,
    "typecode_or_type": "i",
}
"""What a parameter is given where something is made."""
BRACKETS = re.compile(r"\[, (\w+)|\]")  # "fileno, length[, access]"
PASSED_ON = re.compile(r"\*\w+, \*\*\w+")  # to what has parameters


@dataclass(frozen=True)
class Offer:
    """What a thing has."""

    public: list[str]
    """Its names, without static methods, which are helpers of its own."""
    members: dict[str, Parameters]
    """All that it has, by name."""


def ask(*names: str) -> Any:
    """What `main` prints. Raises AssertionError, with what else was written."""
    ran = work.run([sys.executable, "-m", __name__, *names], cwd=ROOT)
    assert ran.returncode == 0 and not ran.stderr, ran.stderr
    return json.loads(ran.stdout)


@cache
def offer(name: str) -> Offer:
    """What the thing has that a function or class makes."""
    return Offer(**ask(name))


def every_name() -> list[tuple[set[str], str]]:
    """The public names that the modules say they have, each with the names of what it is of."""
    return [(set(owners), name) for owners, name in ask()]


def find(name: str) -> Any:
    """A function or class by its name, `connection` for `Connection`, too. Raises LookupError."""
    owner, _, last = name.rpartition(".")
    if owner:
        try:
            return pkgutil.resolve_name(name)
        except (ImportError, AttributeError):
            return member(find(owner), last)
    for same in str, str.casefold:
        for module in MODULES:
            for known in dir(module):
                found = getattr(module, known)
                if same(known) == same(name) and not isinstance(found, ModuleType):
                    return found
    raise LookupError(name)


def member(thing: Any, name: str) -> Any:
    """A method, or the value of an attribute; of a manager, what its server calls.

    Raises LookupError where there is none.
    """
    if name not in dir(thing):
        raise LookupError(name)
    try:
        found = getattr(thing, name)
    except Exception:  # the sentinel of a process that was never started
        return None
    registered = getattr(thing, "_registry", {}).get(name)
    return registered[0] if registered else found


def parameters(found: Any) -> Parameters:
    """Those of a function; in no way, if Python does not tell them."""
    if not callable(found):
        return None
    if isinstance(found, Finalize):  # the `shutdown` of a manager
        return [[]]
    try:
        told = split(str(inspect.signature(found))[1:-1])
    except ValueError:
        called = rf"^(?:\w+: )?{getattr(found, '__name__', '')}\(([^()]*)\)"
        ways = re.findall(called, found.__doc__ or "", re.MULTILINE)
        return [split(BRACKETS.sub(_optional, way)) for way in ways]
    while told[:1] in (["self"], ["/"]):  # of a class
        del told[0]
    return [] if PASSED_ON.fullmatch(", ".join(told)) else [told]


def _optional(found: re.Match[str]) -> str:
    """What stands in a bracket, as a parameter with a default that is not told."""
    return f", {found[1]}=..." if found[1] else ""


@contextmanager
def made(name: str) -> Iterator[Any]:
    """Make what a function or class gives; of two, the first; the class, if it asks for more."""
    maker = find(name)
    known = {parameter(one): one for one in (parameters(maker) or [[]])[0]}
    given = {name: value for name, value in ARGUMENTS.items() if name in known}
    if any(one == name and name not in given for name, one in known.items()):
        yield maker
        return
    thing = maker(**given)
    things = thing if isinstance(thing, tuple) else [thing]
    with ExitStack() as stack:
        for one in things:
            stack.callback(end, getattr(one, "shm", one))
        if hasattr(thing, "__enter__"):
            stack.enter_context(thing)  # which starts a manager
        yield things[0]


def end(thing: Any) -> None:
    """Leave nothing of it behind."""
    for name in "close", "unlink":
        if hasattr(thing, name):
            getattr(thing, name)()


def public(thing: Any) -> list[str]:
    """The names that it offers. Static methods are helpers of its own."""
    names = [name for name in dir(thing) if not name.startswith("_")]
    return [n for n in names if not isinstance(inspect.getattr_static(thing, n), staticmethod)]


def names() -> Iterator[tuple[list[str], str]]:
    """The public names of the modules. A method is of its class, and of the bases of that.

    Left out are modules within, and what runs in threads or interpreters instead of processes.
    """
    for known in pkgutil.iter_modules(multiprocessing.__path__):
        if known.ispkg:
            yield ["multiprocessing"], known.name
    for module in MODULES:
        package, _, last = module.__name__.rpartition(".")
        yield [package or last], last
        for name in getattr(module, "__all__", []):
            found = getattr(module, name)
            if isinstance(found, ModuleType) or getattr(found, "__module__", "") in NO_PROCESSES:
                continue
            yield [last if package else name], name
            if callable(found) and name[0].isupper():
                with made(name) as thing:
                    kinds = (thing if isinstance(thing, type) else type(thing)).__mro__[:-1]
                    owners = [name, *(kind.__name__ for kind in kinds)]
                    yield from ((owners, one) for one in public(thing) if one not in COMMON)


def main() -> None:
    """Print what the thing has that the command line names; without one, all names."""
    if sys.argv[1:]:
        with made(sys.argv[1]) as thing:
            members = {name: parameters(member(thing, name)) for name in dir(thing)}
            told: object = {"public": public(thing), "members": members}
    else:
        told = list(names())
    assert not multiprocessing.active_children()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
