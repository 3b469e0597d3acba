"""What docs/trace.md says: the command is run on small programs."""

import inspect
import os
import signal
import subprocess
import sys
import time
from multiprocessing import get_start_method
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.claims import ONCE, ROOT, no_fact, shown

SENT = """import sys
from multiprocessing import Lock, Process, Queue

def work(lock, queue):
    with lock:
        queue.put(sys.argv[1:])

if __name__ == "__main__":
    lock, queue = Lock(), Queue()
    worker = Process(target=work, args=(lock, queue))
    worker.start()
    print(queue.get())
    worker.join()
    sys.exit(3)
"""
HANGS = """from multiprocessing import Lock

lock = Lock()
lock.acquire()
print("here", flush=True)
lock.acquire()
"""
PATIENCE = 60.0  # seconds


def _command(folder: str, text: str, *words: str) -> list[str]:
    Path(folder, "program.py").write_text(text, "utf-8")
    return [sys.executable, "-I", "-S", str(ROOT / "examples"), "trace", *words]


def _traced(text: str, *words: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """What the command tells of a program, and the page that it writes."""
    with TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPATH": "", "TMPDIR": folder}
        run = subprocess.run(
            _command(folder, text, *words), cwd=folder, env=environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        pages = [path.read_text("utf-8") for path in Path(folder).glob("*.html")]
        return run, pages[0] if pages else ""


def one_command() -> None:
    """In a copy of the site's source, one command runs your program and writes a timeline into one
    HTML file.

    It needs nothing but Python 3.11 or later, on Linux or macOS:

    What stands after the program's name is passed to the program.
    """
    run, page = _traced(SENT, "program.py", "--fast", "-o", "x")  # without any package: -S
    assert run.stdout == "['--fast', '-o', 'x']\n", run
    assert "gets list of 3 from queue" in page or "from queue" in page
    assert "src=" not in page and "<link" not in page and "url(" not in page


def parts() -> None:
    """To scale | a bar for each process and thread, pale where it waits

    Time lost by waiting | how long each lived, and how much of that it waited

    The longest waits | the ten longest, and what ended them

    Step by step | each start, lock and message, in an order that is possible
    """
    from examples._trace import page as pages

    _, page = _traced(SENT, "program.py")
    for heading in "To scale", "Time lost by waiting", "The longest waits", "Step by step":
        assert f"<h2>{heading}</h2>" in page
    assert 'class="run"' in page and 'class="wait"' in page
    assert page.count('class="run"') == 3  # the parent, the worker, and its feeder thread
    assert pages.LONGEST == 10
    for words in "starts Process-1", "acquires lock", "releases lock", "joins Process-1":
        assert f">{words}" in page


def drawn() -> None:
    """An arrow leads from a step to one that it let happen, such as from `put()` to `get()`.

    A wide band shows how long a process holds a lock.
    """
    _, page = _traced(SENT, "program.py")
    assert 'class="after"' in page and 'class="holds"' in page
    listed = page.partition("<pre>")[2].splitlines()
    gets = next(line for line in listed if " gets " in line)
    sends = next(line for line in listed if " sends " in line)
    assert gets.endswith(f"after {sends.split()[0]}")


def the_picture() -> None:
    """The program with two locks has such a picture, step by step."""
    page = (ROOT / "docs" / "syntax" / "lock.md").read_text("utf-8")
    assert '"What its processes do"\n--8<-- "lock/opposite_order.trace"' in page
    trace = ROOT / "examples" / "lock" / "opposite_order.trace"
    assert "still waits for savings, held up by Process-1" in trace.read_text("utf-8")


def who_waits() -> None:
    """If the program hangs, press Ctrl-C.

    The timeline then ends there, and the command says which process waits for which.

    Who waits for whom | what each process waited for when the program was stopped
    """
    with TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPATH": "", "TMPDIR": folder}
        process = subprocess.Popen(
            _command(folder, HANGS, "program.py"), cwd=folder, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        assert process.stdout and process.stdout.readline() == "here\n"
        time.sleep(1)  # so that it waits for the lock
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=PATIENCE)
        assert "main program still waits for lock" in told, told
        assert process.returncode == 130
        page = Path(folder, "program-trace.html").read_text("utf-8")
        assert "<h2>Who waits for whom</h2>" in page
        assert "KeyboardInterrupt" not in page


def options() -> None:
    """`--start-method METHOD` | runs the program under `fork`, `forkserver` or `spawn`, unless it
    sets another

    `--time-limit SECONDS` | stops the program after that time

    `-o FILE` | writes this file instead of `my_program-trace.html`
    """
    if get_start_method() != ONCE:
        return  # these programs name the start method
    for method in "fork", "forkserver", "spawn":
        _, page = _traced(SENT, "--start-method", method, "-o", "here.html", "program.py")
        assert f"starts Process-1 by {method}" in page
    chosen = 'if __name__ == "__main__":\n'
    own = SENT.replace(
        chosen, chosen + "    from multiprocessing import set_start_method as s; s('fork')\n"
    )
    assert "starts Process-1 by fork" in _traced(own, "--start-method", "spawn", "program.py")[1]
    run, page = _traced(HANGS, "--time-limit", "2", "program.py")
    assert run.returncode == 1 and "still ran after 2 s" in page, run


def statuses() -> None:
    """The exit status is the program's own, 2 if there is nothing to run or the file cannot be
    written, and 1 if the time limit stopped it.
    """
    assert _traced(SENT, "program.py")[0].returncode == 3
    assert _traced(SENT, "gone.py")[0].returncode == 2
    assert _traced(SENT, "-o", "gone/x.html", "program.py")[0].returncode == 2
    assert _traced("x = (", "program.py")[0].returncode == 2
    shown("trace/who_waits", "Output", "exit status 1", '"--time-limit"')


def what_it_notes() -> None:
    """It notes what goes through `multiprocessing`: processes, locks, queues, pipes, shared values,
    blocks of shared memory, pools, executors, and the calls of proxies.

    It does not see threads that wait for thread locks, files, sockets or a busy processor.

    Of a process that does more than 20,000 things, only the first are noted.
    """
    source = (ROOT / "examples" / "_startup" / "_trace.py").read_text("utf-8")
    for module in "process", "synchronize", "queues", "connection", "sharedctypes", "pool":
        assert f'"multiprocessing.{module}": follow' in source
    assert '"multiprocessing.managers": follow_managers' in source
    assert '"multiprocessing.shared_memory": follow_shared_memory' in source
    assert '"concurrent.futures.process": follow_executor' in source
    assert "MOST = 20_000" in source
    text = "from multiprocessing import Value\nvalue = Value('i')\n"
    text += "for _ in range(21_000):\n    value.value = 1\n"
    assert "only its beginning was noted" in _traced(text, "program.py")[1]
    assert "threading.Lock" not in source and "socket" not in inspect.getsource(_traced)


def introduction() -> None:
    """This program starts the command on a program of this site in which two processes wait for
    each other's lock:
    """
    no_fact("introduction")
