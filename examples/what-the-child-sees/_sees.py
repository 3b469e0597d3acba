"""What a child process sees of one thing: `python _sees.py list argument spawn` prints it.

Several ways, as in `argument,task`, are tried one after the other, a line each.

The parent makes the thing and starts the child, which looks. Then the parent changes the thing,
and the child looks again; the child changes it, and the parent looks again. What they have seen
decides on the words. They tell it each other through files, which are none of the things.
"""

import multiprocessing
import os
import pickle
import sys
import time
from collections.abc import Callable
from typing import Any

what, ways, method = sys.argv[1:]
how, *others = ways.split(",")
multiprocessing.set_start_method(method, force=True)

from _things import FOLDER, THINGS  # noqa: E402

AT_IMPORT, AT_START, LATER, BY_CHILD = 1, 2, 3, 4
"""The changes."""
GLOBAL = "top", "guard", "changed"
COPIED = {
    **dict.fromkeys([*GLOBAL, "argument"], "start()"),
    "task": "apply_async()",
    "executor": "submit()",
    "initializer": "Pool()",
    "queue": "put()",
}
"""The call right before which the parent has changed it."""
LOST = "lost: put() returns, and the child never gets it"
DIED = "an error in the child: `?`"
"""Whoever has started this program has its standard error, and knows which."""
thing = THINGS[what]
if thing.kind != "object" or how in ("top", "changed"):
    shared = thing.make()
if thing.kind != "object" and how == "top":
    thing.change(shared, AT_IMPORT)
made_by = os.getpid() if how == "top" or (thing.kind, how) == ("object", "changed") else None
"""The process that has made it at import."""


def write(name: str, **told: object) -> None:
    """Tell the other process something."""
    with open(f"{FOLDER}/{name}.new", "wb") as file:
        pickle.dump(told, file)
    os.replace(file.name, f"{FOLDER}/{name}")


def wait(name: str, failed: Callable[[], str] = str) -> dict[str, Any]:
    """What the other one tells, or, as `failed` gives it, what has gone wrong."""
    path = f"{FOLDER}/{name}"
    while not os.path.exists(path):
        if (error := failed()) and not os.path.exists(path):
            return {"error": error}
        time.sleep(0.01)  # between two looks
    with open(path, "rb") as file:
        told: dict[str, Any] = pickle.load(file)
    os.remove(path)
    return told


def raised(where: str, error: BaseException) -> str:
    """The words of an error, as Python prints them."""
    from traceback import format_exception_only

    return f"an error in the {where}: `{format_exception_only(error)[0].strip()}`"


def visit(*given: Any) -> None:
    """Look in the child, at what was given to it, or else at the global."""
    try:
        have = given[0] if given else shared
        write("seen", seen=thing.look(have), made_by=made_by, me=os.getpid())
        wait("changed")
        seen = thing.look(have)
        thing.change(have, BY_CHILD)
        write("seen again", seen=seen)
        wait("end")
        thing.leave(have)
    except Exception as error:
        for name in "seen", "seen again":
            write(name, error=raised("child", error))


kept: Any = None


def keep(given: Any) -> None:
    """Initialize the worker of a pool."""
    global kept
    kept = given


def visit_kept() -> None:
    """Look at what the initializer was given."""
    visit(kept)


def take(queue: Any) -> None:
    """Look at the first item of a queue; where it is missing, the one after it comes."""
    item = queue.get()
    if isinstance(item, str):
        write("seen", error=LOST)
    else:
        visit(item)


def be_first() -> None:
    """Be the process that is started before."""


def main() -> None:
    """Print the words of each way."""
    global how
    tell_one()
    for one in others:
        how = one
        tell_one()


def tell_one() -> None:
    """Print the words of one way."""
    global shared
    if thing.kind == "object" and how not in ("top", "changed"):
        shared = thing.make()
    before = thing.look(shared)
    if how == "changed":
        process = multiprocessing.Process(target=be_first)
        process.start()
        process.join()
    if how != "top":
        thing.change(shared, AT_START)
    start = WAYS[how]
    words = start(lambda failed: compare(before, thing.look(shared), failed))
    try:
        thing.end(shared)
    except Exception as error:
        words += f"; when the child has closed it, {raised('parent, at commit()', error)}"
    print(" ".join(words.split()), flush=True)


def compare(before: object, at_start: object, failed: Callable[[], str]) -> str:
    """What the child sees of a thing, and what comes of changes."""
    told = wait("seen", failed)
    if "error" in told:
        return str(told["error"])
    spoiled = thing.look(shared) != at_start
    thing.change(shared, LATER)
    mine = thing.look(shared)
    write("changed")
    again = wait("seen again", failed)
    to_child = again.get("seen", told["seen"]) != told["seen"]
    to_parent = thing.look(shared) != mine
    write("end")

    without = ", without the change" * (before != at_start and told["seen"] == before)
    if told["seen"] not in (before, at_start):
        words = "its own: neither the old nor the new"
    elif told["made_by"] not in (None, os.getpid()):
        owner = "its own" if told["made_by"] == told["me"] else "the fork server's"
        words = f"{owner}{without}, made when it imports the file"
    elif to_child or to_parent:
        words = "the same"
    elif told["seen"] == at_start:
        words = f"a copy, as it was at {COPIED[how]}"
    else:
        words = "an old value: the change is not there"
    if to_child and to_parent:
        words += "; each sees what the other changes"
    elif to_child or to_parent:
        words += f"; only the {'child' if to_child else 'parent'} sees what the other changes"
    elif thing.apart:
        words += f"; {thing.apart}"
        words += ", and the child's stays held" * (
            told["seen"] is True and again.get("seen") is True
        )
    if "error" in again:
        words += f"; when it changes that, {again['error']}"
    return words + "; what the parent had written is gone" * spoiled


def process(
    tell: Callable[..., str],
    target: Callable[..., None],
    *args: Any,
    then: Callable[[], object] = bool,
) -> str:
    """Start a process that looks, and then do something."""
    child = multiprocessing.Process(target=target, args=args)
    try:
        child.start()
    except Exception as error:
        return raised("parent, at start()", error)
    then()
    words = tell(lambda: "" if child.is_alive() else DIED)
    child.join()
    return words


def queue(tell: Callable[..., str]) -> str:
    """Start a process that gets it as an item."""
    items: Any = multiprocessing.Queue()

    def put() -> None:
        items.put(shared)
        items.put("the next")

    # Only then: the queue's thread must not write an error while the process is forked.
    return process(tell, take, items, then=put)


def pool(tell: Callable[..., str]) -> str:
    """Give it to a task of a Pool."""

    def failed() -> str:
        try:
            result.get(0)
        except multiprocessing.TimeoutError:
            pass
        except Exception as error:
            return raised("parent, at get()", error)
        return ""

    workers = multiprocessing.Pool(1)
    result = workers.apply_async(visit, [shared])
    words = tell(failed)
    workers.close()
    workers.join()
    return words


def initializer(tell: Callable[..., str]) -> str:
    """Give it to the initializer of a Pool."""
    try:
        workers = multiprocessing.Pool(1, keep, [shared])
    except Exception as error:
        return raised("parent, at Pool()", error)
    workers.apply_async(visit_kept)
    words = tell(str)
    workers.close()
    workers.join()
    return words


def executor(tell: Callable[..., str]) -> str:
    """Give it to a task of a ProcessPoolExecutor."""
    from concurrent.futures import ProcessPoolExecutor

    def failed() -> str:
        error = future.exception() if future.done() else None
        return raised("parent, at result()", error) if error else ""

    with ProcessPoolExecutor(1) as workers:
        future = workers.submit(visit, shared)
        return tell(failed)


WAYS: dict[str, Callable[[Callable[..., str]], str]] = {
    **dict.fromkeys(GLOBAL, lambda tell: process(tell, visit)),
    "argument": lambda tell: process(tell, visit, shared),
    "task": pool,
    "executor": executor,
    "initializer": initializer,
    "queue": queue,
}

if __name__ == "__main__":
    main()
