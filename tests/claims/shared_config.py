"""What docs/examples/shared-config.md says."""

import os
import sys
from multiprocessing import Event, Lock, Manager, Process, Value, active_children
from multiprocessing.managers import DictProxy
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event as EventType
from multiprocessing.synchronize import Lock as LockType
from runpy import run_path
from threading import Thread
from typing import Any

from tests.claims import ROOT, SURE, TIME_LIMIT, changed, no_fact, raises, script, shown
from tests.claims._recorders import calls_of
from tests.claims._starts import (
    CTRL_C,
    IN_A_SUBMIT,
    MANAGER_ENDS,
    MANAGER_STARTS,
    SIGTERM,
    STARTS,
    ends,
    in_a_child,
    waits,
    waits_for_tasks,
)

SNAPSHOT = ROOT / "examples" / "shared-config" / "snapshot.py"


class _Version:
    """What stands in for the `Value` of a version: its number, without a process."""

    def __init__(self) -> None:
        self.value = 0


class _Settings(dict[str, int]):
    """A dict that another process changes while it is copied, at a chosen moment."""

    def __init__(self, version: _Version) -> None:
        super().__init__(width=640)
        self.version = version
        self.changes = False

    def change(self) -> None:
        """As the program does it: the settings first, then the version."""
        self["width"] = 800
        self.version.value += 1

    def copy(self) -> dict[str, int]:
        """A copy, made after a change that comes between the version and the copy."""
        if self.changes:
            self.changes = False
            self.change()
        return dict(self)


def _config(shared: object, version: object) -> Any:
    """The `Config` of the program."""
    return run_path(str(SNAPSHOT))["Config"](shared, version)


def _change_nested(config: "DictProxy[str, Any]") -> None:
    with raises(AttributeError, text="has no attribute '_registry'"):
        list(config)
    assert config.keys() == ["database"]
    config["database"]["host"] = "test.example.org"
    config["database.host"] = "test.example.org"


def _add(config: "DictProxy[str, list[str]]", read: EventType, go_on: EventType) -> None:
    hosts = config["hosts"]
    read.set()
    go_on.wait(TIME_LIMIT)
    config["hosts"] = [*hosts, "worker"]


def _fail(*_: object) -> None:
    raise SystemExit(7)


def _killed_in_between(version: "Synchronized[int]") -> None:
    version.get_lock().acquire()
    os._exit(7)


def _read(version: "Synchronized[int]") -> None:
    assert version.value == 0


def _acquire(lock: LockType, acquired: "Synchronized[int]") -> None:
    acquired.value = lock.acquire(block=False)


def _read_widths(
    shared: "DictProxy[str, int]", version: "Synchronized[int]", read: EventType, change: EventType
) -> None:
    config = _config(shared, version)
    before = config["width"]
    read.set()
    change.wait(TIME_LIMIT)
    shared["seen"] = (before, config["width"], config["width"], config.copied)  # type: ignore[assignment]


def each_sees_the_change() -> None:
    """To share a dictionary between processes, put the settings into a `manager.dict()` and
    pass it to every worker. Once one process has changed a setting, each other process sees
    the change the next time it reads the setting.
    """
    shown(
        "shared-config/shared_config",
        "manager.dict(greeting=",
        "2, initializer=share, initargs=(config,)",
        "Before: ['Hello Bob, from the shop', 'Hello Eve, from the shop']",
        "After: ['Good evening Bob, from Ada', 'Good evening Eve, from Ada']",
    )


def share_nothing() -> None:
    """If no process changes the settings while the workers run, share nothing: pass a plain
    dict.
    """
    no_fact("advice")


def a_process_keeps_the_dict() -> None:
    """Each process has memory of its own, so a global dict is not shared. A manager starts one
    more process, which keeps the dict.
    """
    shown("globals/changed_in_child", 'orders["apple"] += 1', "Orders: {'apple': 0}")
    before = len(active_children())
    with Manager() as manager:
        assert len(active_children()) == before + 1
        config = manager.dict(width=640)
        assert not isinstance(config, dict)
        assert config["width"] == 640


def each_read_is_a_message() -> None:
    """`config` is a proxy. Each `config[...]` asks the manager's process, so it gets the
    latest value, and costs a message there and back.

    `config.update(...)` changes both settings with one call. Reading two settings is two
    calls, and a change may come between them. If two settings belong together, read them from
    one copy, `config.copy()`, which is one call. A nested `manager.dict()` is still a proxy in the
    copy.

    A loop that reads a setting in each step sends a message in each step.
    """
    with Manager() as manager:
        config = manager.dict(greeting="Hello", sender="the shop")
        assert isinstance(config, DictProxy)
        calls = calls_of(config)
        config.update(greeting="Good evening", sender="Ada")
        assert calls == ["update"]
        calls.clear()
        greeting = config["greeting"]
        config.update(greeting="Good night", sender="Bob")
        assert (greeting, config["sender"]) == ("Good evening", "Bob")
        assert calls == ["__getitem__", "update", "__getitem__"]
        calls.clear()
        copied = config.copy()
        assert (calls, type(copied)) == (["copy"], dict)
        assert copied == {"greeting": "Good night", "sender": "Bob"}
        calls.clear()
        assert {config["sender"] for _ in range(5)} == {"Bob"}
        outer: Any = manager.dict(mail=config)
        copied = outer.copy()
        config["sender"] = "Eve"
        assert copied["mail"]["sender"] == "Eve"
        config["sender"] = "Bob"
        assert calls[:5] == 5 * ["__getitem__"]


def once_in_each_worker() -> None:
    """`share` runs once in each worker, and keeps the proxy in a global variable. A `Process`
    receives it as an argument, as in the programs below.
    """
    shown(
        "shared-config/shared_config", "initializer=share", "global config\n    config = settings"
    )
    shown("shared-config/snapshot", "Process(target=widen, args=(shared, version))")
    place = "    config = settings\n"
    told = (place, f'{place}    print("share in", os.getpid(), flush=True)\n')
    printed = script(changed("shared-config/shared_config", told)).stdout.splitlines()
    workers = [line for line in printed if line.startswith("share in")]
    assert len(set(workers)) == len(workers) > 0


def the_dict_is_gone() -> None:
    """The executor's `with` block is inside that of the manager, so the workers end first. When
    the manager's block ends, the manager ends, and the dict is gone.
    """
    shown("shared-config/shared_config", "    with manager:\n", "        with Executor(\n")
    with Manager() as manager:
        config = manager.dict(width=640)
    assert not active_children()
    with raises(OSError, EOFError):
        config["width"]


def the_program_ends() -> None:
    """If a task or a worker fails, the program ends with the error.

    If a task raises an exception or a worker is killed, the program ends with a traceback and exit
    status 1, and the `with` block ends the manager. The handler lets it do so when the program gets
    SIGTERM. After a `sys.exit(3)` in a task, it ends with status 3 and no message.

    If a task or a worker fails, this program ends as the first one does.
    """
    for fault, status, told in [
        ("raise ValueError('no name')", 1, "ValueError: no name\n"),
        ("os._exit(7)", 1, "BrokenProcessPool: "),
        ("if name == 'Bob': os.kill(parent_process().pid, 15)", 1, "terminated\n"),
        ("sys.exit(3)", 3, ""),
    ]:
        if "os.kill" in fault and sys.platform == "win32":
            continue  # it has no SIGTERM that a process could handle
        place = "    return f"
        outcome = script(
            changed(
                "shared-config/shared_config",
                (
                    "    with manager:\n",
                    "    print(manager._process.pid, flush=True)\n    with manager:\n",
                ),
                (place, f"    {fault}\n{place}"),
                ("            2, init", "            1, init"),  # none is started meanwhile
            )
        )
        assert outcome.status == status
        assert told in outcome.stderr and bool(told) == bool(outcome.stderr)
        if sys.platform != "win32":
            with raises(ProcessLookupError):
                os.kill(int(outcome.stdout), 0)
        if "os.kill" not in fault:
            place = "    return amount"
            alone = fault.replace("sys.exit(3)", "raise SystemExit(3)")
            changes = (place, f"    {alone}\n{place}"), ("        2, init", "        1, init")
            outcome = script(changed("shared-config/never_changed", *changes))
            assert (outcome.status, outcome.stdout) == (status, "")
            assert told in outcome.stderr


def while_it_starts_or_ends() -> None:
    """If that or Ctrl-C comes while a process is starting, or the block is ending, the last lines
    end the processes, apart from some cases.
    """
    assert waits(changed("shared-config/shared_config"), IN_A_SUBMIT, number=2)
    for arrives in CTRL_C, SIGTERM:
        assert ends("shared-config/shared_config", STARTS, arrives, number=2)
        assert ends("shared-config/shared_config", MANAGER_ENDS, arrives)
        assert ends("shared-config/snapshot", MANAGER_ENDS, arrives)
        assert ends("shared-config/nested_assigned", MANAGER_ENDS, arrives)
    assert ends("shared-config/shared_config", MANAGER_STARTS)
    assert ends("shared-config/never_changed", STARTS)


def after_ctrl_c() -> None:
    """The workers ignore Ctrl-C, which ends the parent when the tasks that have begun are done.
    Another page says when an executor can wait forever all the same.
    """
    if sys.platform != "win32":
        place = "    return amount"
        assert waits_for_tasks("shared-config/never_changed", place, "amount == 300")
    shown("shared-config/shared_config", "signal.signal(signal.SIGINT, signal.SIG_IGN)")
    shown("shared-config/never_changed", "signal.signal(signal.SIGINT, signal.SIG_IGN)")
    shown("ctrl-c/clean_end", "signal.signal(signal.SIGINT, signal.SIG_IGN)")


def the_program_is_killed() -> None:
    """If the program is killed, its workers and its manager end, because `watch_parent` has started
    a thread in each of them that waits for that; a folder `pymp-...` with the manager's socket
    stays in the temporary directory, and under `forkserver` one with that of the fork server.
    `Manager()`, as in the programs below, starts a manager without such a thread, which then
    continues to run. A task that never ends is waited for: set a time limit.

    It has no manager. If it is killed, it leaves nothing behind but, under `forkserver`, the folder
    `pymp-...` of the fork server.
    """
    from tests.claims import end_with_parent

    shown("stop-early/time_limit", "worker.terminate()")
    shown("claims/daemon_outlives", "daemon: the daemon is still running")
    for program in "shared_config", "never_changed":
        shown(f"shared-config/{program}", "parent_process().join()\n    os._exit(1)")
    shown("shared-config/shared_config", "manager.start(watch_parent)")
    assert "Manager" not in changed("shared-config/never_changed")
    end_with_parent.what_stays()


def a_process_fails() -> None:
    """If a `Process` of the programs below fails, the program names it and its exit code, and
    ends with exit status 1.
    """
    for program, place, number in [
        ("nested_lost", '    config["database"]["host"] =', 2),
        ("nested_assigned", "    database = config", 2),
        ("snapshot", "    with version", 2),
    ]:
        fault = place, f"    sys.exit(3)\n{place}"
        outcome = script(changed(f"shared-config/{program}", fault))
        assert outcome.status == 1
        assert outcome.stderr == f"Process-{number}: exit code 3\n"
        assert "Host" not in outcome.stdout and "800" not in outcome.stdout


def a_nested_change_is_lost() -> None:
    """If the inner dict is an ordinary dict, `config["database"]` returns a copy of it. A change
    to that copy does not reach the manager, and no error is reported.

    A change in a nested dict or list is lost, if that is an ordinary dict or list.
    """
    shown("shared-config/nested_lost", 'config["database"]["host"] =', "Output\nHost: example.org")
    shown("nested-list/append_lost", ".append(", "Output")
    with Manager() as manager:
        config: Any = manager.dict(database={}, hosts=[])
        assert config["database"] is not config["database"]
        config["hosts"].append("example.org")
        assert config["hosts"] == []


def assign_the_whole() -> None:
    """The fix assigns a whole new inner dict:"""
    shown("shared-config/nested_assigned", 'config["database"] = database |', "test.example.org")


def flat_or_nested() -> None:
    """You can also use flat names, such as `config["database.host"]`, or nest a
    `manager.dict()`.

    In a worker, `for name in config` raises `AttributeError`: use `config.keys()`.
    """
    with Manager() as manager:
        config: Any = manager.dict(database=manager.dict(host="example.org"))
        worker = Process(target=_change_nested, args=(config,))
        worker.start()
        worker.join()
        assert config["database"]["host"] == config["database.host"] == "test.example.org"


def one_change_is_lost() -> None:
    """To read a setting and write back a changed value is two calls. If two processes do that at
    the same time, one change can be lost.

    It needs no lock, unless another process reads the same setting and writes it back: that
    process can overwrite what you assigned.

    `config["n"] += 1` without a lock can lose updates.
    """
    shown("race/manager_dict_unsafe", "by 4 sellers: 1")
    with Manager() as manager:
        config: Any = manager.dict(hosts=["example.org"], n=0)
        calls = calls_of(config)
        config["n"] += 1
        assert calls == ["__getitem__", "__setitem__"]
        read, go_on = Event(), Event()
        worker = Process(target=_add, args=(config, read, go_on))
        worker.start()
        assert read.wait(TIME_LIMIT)
        config["hosts"] = ["assigned"]
        go_on.set()
        worker.join()
        assert config["hosts"] == ["example.org", "worker"]


def one_call() -> None:
    """A plain assignment, such as `config["width"] = 800`, is one call."""
    with Manager() as manager:
        config = manager.dict(width=640)
        calls = calls_of(config)
        config["width"] = 800
        assert calls == ["__setitem__"]


def one_holds_the_lock() -> None:
    """Only one process at a time can hold a lock, and the others wait."""
    lock, acquired = Lock(), Value("i", 7)
    with lock:
        worker = Process(target=_acquire, args=(lock, acquired))
        worker.start()
        worker.join()
    assert acquired.value == 0


def both_are_kept() -> None:
    """If each process holds the lock from the read to the write, both changes are kept. A process
    that is killed while it holds the lock does not release it, and the others wait forever. Here
    the others are daemons, and the program ends as soon as one has failed, as a counter does.
    """
    place = '        config["hosts"] ='
    ends = place, f"        import os; os._exit(7)\n{place}"
    outcome = script(changed("shared-config/locked_change", ends))
    assert (outcome.status, outcome.stdout) == (1, "")
    assert "exit code 7\n" in outcome.stderr
    shown("lock-holder-killed/terminated", "with lock:", "still running after 5 s")
    shown(
        "shared-config/locked_change",
        'with lock:\n        config["hosts"] = config["hosts"] + [host]',
        "['a.example.org', 'b.example.org', 'example.org']",
    )


def a_copy_in_each_process() -> None:
    """To avoid that, let each process keep a copy of the dict, and keep a version number in a
    `Value`: reading a `Value` sends no message. A process copies the dict again only when the
    version has changed. Here the parent reads, and a child changes the width; the other way
    round works as well.
    """
    shown("shared-config/snapshot", "[640, 640, 640]\n[800, 800, 800]", "Copied 2 times for 6")
    version = Value("q", 0)
    with Manager() as manager:
        shared: Any = manager.dict(width=640)
        config = _config(shared, version)
        assert config["width"] == 640
        read, change = Event(), Event()
        worker = Process(target=_read_widths, args=(shared, version, read, change))
        worker.start()
        assert read.wait(TIME_LIMIT)
        with version.get_lock():
            shared["width"] = 800
            version.value += 1
        change.set()
        worker.join()
        assert shared["seen"] == (640, 800, 800, 2)
        assert config["width"] == 800
    assert (config["width"], version.value) == (800, 1)  # nobody answers a message now


def the_order_matters() -> None:
    """The order matters. A process that changes settings writes them first, and increases the
    version after that. A process that reads looks at the version first, and copies the dict
    after that. A copy can then be newer than its version, which costs one more copy, but not
    older. Each `config[...]` may take a new copy: for settings that belong together, let `Config`
    return the whole dict.
    """
    version = _Version()
    settings = _Settings(version)
    config = _config(settings, version)
    settings.changes = True
    assert (config["width"], config.copied) == (800, 1)
    assert (config["width"], config.copied) == (800, 2)
    assert (config["width"], config.copied) == (800, 2)

    version = _Version()
    settings = _Settings(version)
    config = _config(settings, version)
    version.value += 1  # the other order: the version first
    assert config["width"] == 640
    settings["width"] = 800
    assert config["width"] == 640


def changed_under_the_lock() -> None:
    """A process that changes settings must hold `version.get_lock()`. Until it releases the lock,
    every other process that reads the version waits, too. If the process is killed while it
    holds the lock, they wait forever.
    """
    killed = Value("q", 0)
    assert in_a_child(_killed_in_between, killed) == 7
    waits = Process(target=_read, args=(killed,), daemon=True)
    waits.start()
    waits.join(SURE)
    assert waits.exitcode is None
    waits.kill()
    waits.join()
    shown("shared-config/snapshot", 'with version.get_lock():\n        shared["width"] = 800')
    version = Value("q", 0)
    reader = Thread(target=lambda: version.value)  # the lock belongs to a process and a thread
    with version.get_lock():
        reader.start()
        reader.join(SURE)
        assert reader.is_alive()
    reader.join()


def once_with_the_initializer() -> None:
    """Pass it to each worker once, with the initializer of the executor, and read it as an
    ordinary dict:
    """
    shown("shared-config/never_changed", "initializer=set_config", "[107, 214, 321]")


def a_global_under_the_guard() -> None:
    """If the configuration is a global that is set under the main guard, the workers do not
    have it under `forkserver` and `spawn`.
    """
    shown("globals/under_guard", "Exit code of the worker: 1", "name 'tax_percent' is not defined")


def the_manager_ended() -> None:
    """If the manager's `with` block ends while a worker still uses the settings, the worker
    gets a connection error.
    """
    shown("manager-ended/first_use", 'ratings["Alien"] = 5', "FileNotFoundError")
    shown("manager-ended/used_before", 'ratings["Brazil"] = 4', "BrokenPipeError")


def packages() -> None:
    """A Python dict cannot be in shared memory itself. These packages pickle it into a block of
    shared memory:

    If the dict is read much more often than it is changed, the copy with a version number is
    read like any other dict, and needs no package.
    """
    no_fact("an introduction to sources, and advice")
