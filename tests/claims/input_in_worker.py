"""What docs/pitfalls/input-in-worker.md says."""

import os
import subprocess
import sys
from bdb import BdbQuit
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from multiprocessing import Pool, Process, Queue, get_start_method
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.claims import PRELOADED, SURE, TIME_LIMIT, on, raises, script, shown

ASKS = """
import subprocess
import sys
from multiprocessing import Process

def ask():
    try:
        print(input())
    except EOFError as error:
        print("EOFError:", error, flush=True)

def read():
    program = [sys.executable, "-I", "-S", "-c", "import os; print(os.read(0, 2))"]
    subprocess.run(program, stdin=subprocess.DEVNULL)
    subprocess.run(program)
    with open(0, "rb", buffering=0, closefd=False) as keyboard:
        print(keyboard.read(2))

def debug():
    breakpoint()
    print("goes on")

if __name__ == "__main__":
    for target in (ask, read, debug):
        child = Process(target=target)
        child.start()
        child.join()
        print(child.exitcode, flush=True)
    print(input(), input())
"""


AT_MODULE_LEVEL = """
from multiprocessing import Process

name = input()

def greet():
    print("Hello", name, flush=True)

if __name__ == "__main__":
    child = Process(target=greet)
    child.start()
    child.join()
    print(child.exitcode, input())
"""

NOTEBOOK = """
from multiprocessing import get_context
child = get_context("fork").Process(target=input, args=("Your name? ",))
child.start()
child.join(WHILE)
print(child.exitcode)
child.kill()
child.join()
"""

# The thread tells when it reads, which it does with the lock held.
WAITING = """
import io
import os
import sys
from multiprocessing import Process
from threading import Event, Thread

class Keyboard(io.RawIOBase):
    def fileno(self):
        return 0

    def readable(self):
        return True

    def readinto(self, buffer):
        reads.set()
        return os.readv(keyboard, [buffer])

def work():
    print("worked", flush=True)

if __name__ == "__main__":
    reads = Event()
    keyboard, types = MAKE
    os.dup2(keyboard, 0)
    sys.stdin = io.TextIOWrapper(io.BufferedReader(Keyboard()))
    thread = Thread(target=READ)
    thread.start()
    reads.wait()
    child = Process(target=work)
    child.start()
    print("started", flush=True)
    child.join()
    os.write(types, b"Ada\\n")
    thread.join()
"""


def _lines(code: str, **standard_input: Any) -> list[str]:
    """What a program prints, line by line, with such a standard input."""
    with TemporaryDirectory() as folder:
        program = Path(folder, "program.py")
        program.write_text(code)
        run: subprocess.CompletedProcess[str] = subprocess.run(
            [sys.executable, program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            **standard_input,
        )  # fmt: skip
    assert run.returncode == 0
    return run.stdout.splitlines()


def _typed(text: str) -> list[str]:
    """What the program prints, line by line, if this is typed."""
    return _lines(ASKS, input=text)


def _typed_at_a_terminal(text: bytes, code: str) -> list[str]:
    """The same in a terminal, where each read gets one line."""
    terminal, keyboard = os.openpty()
    os.write(terminal, text)
    lines = _lines(code, stdin=keyboard)
    os.close(keyboard)
    os.close(terminal)
    return lines


def _greet(names: "Queue[str]", greetings: "Queue[str]") -> None:
    greetings.put(f"Hello {names.get()}")


def _debug() -> None:
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        breakpoint()
        print()  # a statement after it, so that it stops there


def ask_in_the_parent() -> None:
    """Call `input()` in the parent, and pass the answer to the child as an argument or through a
    queue.
    """
    shown("input-in-worker/asked_in_parent", 'input("Your name? ")', "args=(name,)", "Hello Ada")
    names: Queue[str] = Queue()
    greetings: Queue[str] = Queue()
    greeter = Process(target=_greet, args=(names, greetings))
    greeter.start()
    names.put("Ada")
    assert greetings.get() == "Hello Ada"
    greeter.join()


def one_keyboard() -> None:
    """`input()` reads from the standard input, which is the keyboard if you start the program in a
    terminal. If several processes read from one keyboard, each line would go to only one of
    them.
    """
    reads = "import os; print(os.read(0, 4).decode(), end='', flush=True)"
    both = f"import subprocess, sys; {reads}; subprocess.run([sys.executable, '-c', {reads!r}])"
    run = subprocess.run(
        [sys.executable, "-c", both], input="Ada\nBob\n", stdout=subprocess.PIPE, text=True
    )
    assert run.stdout == "Ada\nBob\n"


def an_empty_one() -> None:
    """A child that reads from it is at the end of the file (EOF) at once.

    This happens under every start method, and in the workers of a pool or an executor, too.

    In a task of a pool or an executor, the debugger raises `BdbQuit`. With Python 3.14 and later
    it raises `SystemExit`, and a pool waits forever.
    """
    from concurrent.futures import ProcessPoolExecutor

    shown("input-in-worker/asked_in_worker", "EOFError: EOF when reading a line", "code: 1")
    exits = on("Python 3.14.0 and later")
    with Pool(1) as pool:
        with raises(EOFError, text="EOF when reading a line"):
            pool.apply(input)
        task = pool.apply_async(_debug)
        pool.apply(abs, (1,))  # after the other task, or in the next worker
        assert task.ready() != exits
        if not exits:
            with raises(BdbQuit):
                task.get()
    with ProcessPoolExecutor(1) as executor:
        with raises(EOFError, text="EOF when reading a line"):
            executor.submit(input).result()
        assert type(executor.submit(_debug).exception()) is (SystemExit if exits else BdbQuit)


def in_a_notebook() -> None:
    """In a notebook, a forked child waits forever instead: it has the notebook's own `input()`,
    whose question is not shown.
    """
    if get_start_method() != "fork":
        return
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import KernelManager

    code = NOTEBOOK.replace("WHILE", str(SURE))
    printed: list[str] = []

    def look(message: dict[str, Any]) -> None:
        printed.append(message["content"].get("text", ""))

    def answer(_: dict[str, Any]) -> None:
        raise AssertionError("the notebook asks")

    with TemporaryDirectory() as folder:
        manager = KernelManager(
            connection_file=str(Path(folder, "k.json")),
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
            transport="ipc",
        )
        manager.start_kernel(env=os.environ | {"HOME": folder})
        client = manager.client()
        client.start_channels()
        try:
            client.wait_for_ready(TIME_LIMIT)
            client.execute_interactive(
                code, allow_stdin=True, stdin_hook=answer, output_hook=look, timeout=TIME_LIMIT
            )
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    assert "".join(printed).split() == ["None"]


def at_module_level() -> None:
    """It does not yet happen while a child imports your program: an `input()` at module level is
    called again under `spawn` and `forkserver`, unless it is under the main guard. Under `spawn`,
    it asks the user again and takes the next line, in each child. Under `forkserver`, it raises
    `EOFError` in the child, or asks again in the fork server. If the lines come from a file or a
    pipe, the parent has usually read them all, and the child or the fork server raises `EOFError`.
    If it is the fork server, `start()` can fail, too. So call `input()` in `main()`.
    """
    with TemporaryDirectory() as folder:
        program = Path(folder, "program.py")
        program.write_text(AT_MODULE_LEVEL)
        run = subprocess.run(
            [sys.executable, program],
            input="A\nB\nC\n",
            capture_output=True,
            text=True,
            check=False,
        )
    if get_start_method() == "fork":
        assert run.stdout == "Hello A\n0 B\n"
    else:
        assert "\nEOFError: EOF when reading a line\n" in run.stderr
        fails = get_start_method() == "forkserver" and on(PRELOADED) and not on("Python 3.15")
        assert (run.returncode, run.stdout) == ((1, "") if fails else (0, "1 B\n"))
    if sys.platform == "win32":
        return
    lines = _typed_at_a_terminal(b"A\nB\nC\n", AT_MODULE_LEVEL)
    if get_start_method() == "fork":
        assert lines == ["Hello A", "0 B"]
    elif get_start_method() == "spawn" or on(PRELOADED):
        assert lines == ["Hello B", "0 C"]
    else:
        assert lines == ["1 B"]


def while_a_thread_waits() -> None:
    """Under `fork`, start no process while a thread waits in `sys.stdin.readline()`, or in an
    `input()` whose standard input or output is not a terminal. The thread holds the lock of
    `sys.stdin`, so the child, which closes `sys.stdin`, waits for it forever. Use `spawn` or
    `forkserver`.
    """
    if sys.platform == "win32":
        return
    for function, make in (
        ("sys.stdin.readline", "os.pipe()"),
        ("input", "os.pipe()"),
        ("input", "os.openpty()[::-1]"),  # a terminal; the output goes to a file
    ):
        code = WAITING.replace("READ", function).replace("MAKE", make)
        if get_start_method() == "fork":
            outcome = script(code, "-W", "ignore", hangs_after="started")
            assert (outcome.status, outcome.stdout) == (None, "started\n")
        else:
            outcome = script(code)
            assert outcome.status == 0
            assert "worked" in outcome.stdout


def a_debugger() -> None:
    """A debugger that `breakpoint()` starts in a child reads from there as well, and quits at once,
    unless you give it the keyboard: a `Process` ends with exit code 1.

    Only `sys.stdin` is replaced. On Linux and macOS, file descriptor 0 of a child is still the
    keyboard: `open(0)`, or a program that the child starts with `subprocess`, can read a line that
    the parent should read. Start such a program with `stdin=subprocess.DEVNULL`.
    """
    lines = _typed("A\nB\np 1 + 1\nc\n")
    assert lines[:2] == ["EOFError: EOF when reading a line", "0"]
    assert lines[2:6] == ["b''", r"b'A\n'", r"b'B\n'", "0"]
    assert lines[-2:] == ["1", "p 1 + 1 c"]
    assert "goes on" not in lines


def a_text_in_its_place() -> None:
    """Both programs put a text in place of the keyboard, so that they run without a user."""
    shown("input-in-worker/asked_in_worker", 'sys.stdin = io.StringIO("Ada\\n")')
    shown("input-in-worker/asked_in_parent", 'sys.stdin = io.StringIO("Ada\\n")')
