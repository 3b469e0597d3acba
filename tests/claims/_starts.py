"""How the checks of several pages start, stop and interrupt a child."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import Process, get_start_method, set_start_method
from pathlib import Path
from time import sleep

from tests.claims import PAUSE, SURE, changed, replaced, script

# For `shown`: a lock that its program does not keep until a child has it, and one that it does.
NOT_KEPT = (
    "children-not-joined/lock_gone",
    "lock = Lock()\n    report = ",
    "FileNotFoundError",
    "Output",
)
KEPT = ("children-not-joined/lock_kept", "report.join()", "Output\nReport printed")

# Stands in the place of `def main():`, and sends SIGTERM when the first worker has been forked.
SIGTERM_AT_A_FORK = """def send(sent=[]):
    import os
    import signal

    sent or sent.append(os.kill(os.getpid(), signal.SIGTERM))


def main():
    import os

    os.register_at_fork(after_in_parent=send)
"""

# Stands in the place of `def main():`. SIGTERM comes when the first child is forked, and its
# process id is known, but not yet to `start()`.
SIGTERM_INSIDE_A_START = """started = []


def main():
    import os
    fork = os.fork

    def interrupted():
        started.append(fork())
        if started[-1]:
            signal.raise_signal(signal.SIGTERM)
        return started[-1]

    os.fork = interrupted
"""

# Stands in the place of `def main():`. A signal comes when the parent has started the process of
# that number, when it is inside of that submit of an executor, when it has started a manager, and
# when it is about to ask a manager to end.
SIGNALS = """
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import managers, util
from multiprocessing.process import BaseProcess

dispatch, finalize, start = managers.dispatch, util.Finalize, BaseProcess.start
submit = ProcessPoolExecutor.submit
numbers = iter(range(1, 100))


def interrupt():
    print("interrupted", flush=True)
    {signal}


def after_start(process):
    start(process)
    next(numbers) == {number} and interrupt()


def in_a_submit(executor, *arguments, **options):
    if next(numbers) == {number}:
        executor._work_ids.put = lambda _: interrupt()
    return submit(executor, *arguments, **options)


def after_start_of_manager(owner, *arguments, **options):
    isinstance(owner, managers.BaseManager) and interrupt()
    return finalize(owner, *arguments, **options)


def before_end_of_manager(connection, ident, method, *arguments):
    method == "shutdown" and interrupt()
    return dispatch(connection, ident, method, *arguments)


def main():
    {place}
"""
STARTS = "BaseProcess.start = after_start"
IN_A_SUBMIT = "ProcessPoolExecutor.submit = in_a_submit"
MANAGER_STARTS = "util.Finalize = after_start_of_manager"
MANAGER_ENDS = "managers.dispatch = before_end_of_manager"
CTRL_C = "signal.raise_signal(signal.SIGINT)"
SIGTERM = "signal.raise_signal(signal.SIGTERM)"


def signals(place: str, signal: str = CTRL_C, number: int = 1) -> tuple[str, str]:
    """A change to a program: a signal comes at one of the places above."""
    return "\ndef main():\n", SIGNALS.format(place=place, signal=signal, number=number)


def ends(program: str, place: str, signal: str = CTRL_C, number: int = 1) -> bool:
    """Whether a program ends, with what the signal raises, if it comes there."""
    outcome = script(changed(program, signals(place, signal, number)))
    told = "KeyboardInterrupt\n" in outcome.stderr or "terminated\n" in outcome.stderr
    return "interrupted\n" in outcome.stdout and told and outcome.status not in (0, None)


def waits(code: str, place: str, signal: str = CTRL_C, number: int = 1) -> bool:
    """Whether a program waits forever if a signal comes there."""
    outcome = script(replaced(code, signals(place, signal, number)), hangs_after="interrupted")
    return "interrupted\n" in outcome.stdout and outcome.status is None


def waits_for_tasks(program: str, place: str, last: str) -> bool:
    """Whether a program that gets Ctrl-C during a task does this task to its end, and then ends.

    `place` is what stands in the task, and `last` is true in the task that was submitted last.
    """
    fault = f"""    if {last}:
        import time
        os.kill(parent_process().pid, signal.SIGINT)
        time.sleep({SURE})
        print("task is done", flush=True)
{place}"""
    outcome = script(changed(program, (place, fault)))
    assert "KeyboardInterrupt\n" in outcome.stderr
    return (outcome.status, outcome.stdout) == (-signal.SIGINT, "task is done\n")


def in_a_child(target: Callable[..., object], *args: object) -> int | None:
    """Call it in a child; give the child's exit code."""
    child = Process(target=target, args=args)
    child.start()
    child.join()
    return child.exitcode


@contextmanager
def default_not_set() -> Iterator[None]:
    """The default start method is not set in the block, and after it is as before."""
    method = get_start_method()
    set_start_method(None, force=True)
    try:
        yield
    finally:
        set_start_method(method, force=True)


def stop(pid: int) -> None:
    """Stop all threads of a process (on Linux)."""
    os.kill(pid, signal.SIGSTOP)
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # the thread has ended
            while task.joinpath("stat").read_text().rpartition(") ")[2][0] != "T":
                sleep(PAUSE)
