"""What is wrong with single releases of Python, and fixed in others.

A label names the releases, and the systems if not all have the fault, as tabs of the pages do.
`tests/claims/doctor.py` looks for each fault where it can be looked for.
"""

from typing import NamedTuple


class Fault(NamedTuple):
    """One of them."""

    label: str
    what: str
    page: str
    do: str
    """How to avoid it without another release."""


FAULTS = [
    Fault(
        "Python 3.11 to 3.13.14 and 3.14.0 to 3.14.6",
        "an executor with max_tasks_per_child can hang",
        "pitfalls/max-tasks-deadlock.md",
        "Use Pool(maxtasksperchild=...)",
    ),
    Fault(
        "Python 3.11 to 3.13.7, Linux and macOS",
        "under spawn, start() can hang if the child fails before it has read large arguments",
        "pitfalls/main-guard.md#what-you-see",
        "Keep arguments smaller than 64 KiB",
    ),
    Fault(
        "Python 3.11 to 3.12.0",
        "if a worker of an executor is killed, the tasks after a cancelled one never end",
        "pitfalls/killed-worker.md#when-an-executor-waits-too",
        "Pass a timeout to result()",
    ),
    Fault(
        "Python 3.11.0 to 3.11.4",
        "if a worker of an executor is killed, large arguments can make the with block hang",
        "pitfalls/killed-worker.md#when-an-executor-waits-too",
        "Keep arguments smaller than 64 KiB",
    ),
    Fault(
        "Python 3.11.0 to 3.11.5 and 3.12.0",
        "an executor with tens of thousands of tasks can hang",
        "syntax/process-pool-executor.md#what-goes-wrong",
        "Use Pool.imap()",
    ),
    Fault(
        "Python 3.11 to 3.12.7 and 3.13.0",
        "an executor prints `Bad file descriptor` if the program ends after shutdown(wait=False)",
        "syntax/process-pool-executor.md#what-goes-wrong",
        "Use the executor in a with block",
    ),
    Fault(
        "Python 3.11.0 to 3.11.4, Linux and macOS",
        "a child under spawn or forkserver crashes if it uses a lock that was made for fork",
        "pitfalls/mixed-contexts.md",
        "Make the lock with the context of the process",
    ),
    Fault(
        "Python 3.11.5, Linux and macOS",
        "a child under spawn or forkserver cannot pass a lock on to a child of its own",
        "syntax/rlock.md#what-goes-wrong",
        "Start all processes in the main program",
    ),
    Fault(
        "Python 3.12.0 to 3.12.1",
        "a program that keeps the exception of send() can crash",
        "syntax/pipe.md#what-goes-wrong",
        "Do not keep it in a variable",
    ),
    Fault(
        "Python 3.11 to 3.13.11 and 3.14.0 to 3.14.2, Linux and macOS",
        'the start of a process of get_context("spawn") sets the default start method',
        "pitfalls/context-already-set.md",
        "Call set_start_method() before that",
    ),
    Fault(
        "Python 3.13.4 to 3.13.12 and 3.14.0 to 3.14.3",
        "freeze_support() sets the default start method",
        "pitfalls/context-already-set.md",
        "Call set_start_method() before that",
    ),
    Fault(
        "Python 3.11 to 3.13.7 and 3.14.0, Linux and macOS",
        "the fork server does not import the program, and each child does",
        "syntax/start-methods.md#what-the-fork-server-imports",
        "Name large modules in set_forkserver_preload()",
    ),
    Fault(
        "Python 3.11 to 3.12.7 and 3.13.0, Linux and macOS",
        "the fork server looks for modules in the current folder, not in that of the program",
        "syntax/start-methods.md#set_forkserver_preload",
        "Start the program in its own folder",
    ),
    Fault(
        "Python 3.13.8 to 3.13.11 and 3.14.1 to 3.14.2, Linux and macOS",
        "under forkserver, sys.argv has no arguments while the program is imported",
        "syntax/start-methods.md#what-the-fork-server-imports",
        "Read sys.argv under the main guard",
    ),
    Fault(
        "Python 3.11 to 3.13.15 and 3.14.0 to 3.14.3",
        "not all -X options reach the children",
        "moving-to-3.14.md#what-is-new-312-to-315",
        "Use the variables for them, such as PYTHONUTF8",
    ),
    Fault(
        "Python 3.11.0 to 3.11.8 and 3.12.0 to 3.12.2",
        'for a Listener, the key b"" is no key',
        "pitfalls/wrong-authkey.md#why",
        "Use a long key",
    ),
    Fault(
        "Python 3.11 to 3.12, Windows",
        "a Pool of more than 60 workers hangs",
        "syntax/pool.md#start-methods-and-platforms",
        "Pass a smaller number",
    ),
]
