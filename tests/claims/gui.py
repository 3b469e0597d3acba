"""What docs/frameworks/gui.md says."""

import multiprocessing
import os
import pickle
import re
import signal
import sys
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import (
    Event,
    Pipe,
    Process,
    active_children,
    connection,
    get_start_method,
)
from multiprocessing.synchronize import Condition
from threading import Thread

from tests.claims import (
    PRELOADED,
    ROOT,
    SURE,
    TIME_LIMIT,
    changed,
    no_fact,
    on,
    raises,
    script,
    shown,
)

HERE = find_spec("PySide6") is not None
CLICK = "QTimer.singleShot(50, button.click)"
PRINT = "                    print(receiver.recv())\n"
WORK = "        connection.wait([stopped])"
ENDS = "            app.quit()"


def the_rule() -> None:
    """Start the worker in the callback, return at once, and let a timer of the GUI look for
    results: a callback that waits freezes the window.

    `start` waits for a worker that waits for the Stop button, and the click on that button is not
    handled until `start` has returned.

    Not responding. While workers run, the window is not drawn and no button works: a callback waits
    for them.

    One thread draws the window and calls your callbacks, one after the other.
    """
    shown("gui/blocked", "worker.join()", "QTimer.singleShot(50, button.click)", "measuring")
    shown("gui/blocked", "button.clicked.connect(stop.close)", "still running")
    shown("gui/works", "measuring\nstopped")


def where_it_waits() -> None:
    """While a callback waits in `join()`, `get()`, `result()` or `pool.map()`, that thread does
    nothing else.
    """
    no_fact("what to wait means")


def under_the_guard() -> None:
    """Open windows under the main guard only, and start the workers with `spawn`.

    A second window opens when a process starts: the window is made outside of the main guard.

    Under `spawn` and `forkserver`, your program is imported again, in each child or, under
    `forkserver` in newer releases, once in the fork server. This makes each window that the program
    makes at module level:
    """
    shown("gui/second_window", "A window opens\nThe worker runs\n")
    shown("gui/second_window", "A window opens\nA window opens\nThe worker runs\n")
    code = changed(
        "gui/second_window",
        ("from PySide6.QtWidgets import QApplication, QPushButton\n", ""),
        ('app = QApplication(["app", "-platform", "offscreen"])\n', ""),
        ('window = QPushButton("Start")\nwindow.show()\n', ""),
        ("    worker = ", "    Process(target=measure).start()\n    worker = "),
    )
    once = get_start_method() == "forkserver" and on(PRELOADED)
    windows = 1 if get_start_method() == "fork" else 2 if once else 3
    assert script(code).stdout.count("A window opens\n") == windows


def frozen() -> None:
    """In a program that PyInstaller has built, `freeze_support()` is missing."""
    shown("frozen/without", "The program has started itself")


def not_pickled() -> None:
    """`cannot pickle 'Window' object` or `cannot pickle '_tkinter.tkapp' object`: a worker is given
    a widget, or a method of one.

    `Process(target=self.work)` in a class of a window pickles the window, too, under `spawn` and
    `forkserver`, and that fails.
    """
    if find_spec("_tkinter"):
        with raises(TypeError, text="cannot pickle '_tkinter.tkapp' object"):
            pickle.dumps(import_module("tkinter").Tcl())
    if HERE and get_start_method() != "fork":
        code = changed(
            "gui/works",
            ("def main():", "class Window(QPushButton):\n    def work(self): pass\n\ndef main():"),
            ('QPushButton("Stop")', 'Window("Stop")'),
            (
                "    timer = QTimer",
                "    try:\n        context.Process(target=button.work).start()\n"
                "    except TypeError as error:\n        print(error)\n    timer = QTimer",
            ),
        )
        assert script(code).stdout == "cannot pickle 'Window' object\nmeasuring\nstopped\n"


def silent() -> None:
    """Silent. A worker sets the text of a label, and the window still shows the old one: under
    `fork`, it has set a copy.

    Under `fork`, nothing is pickled: the worker changes a copy of the widget, and the window does
    not.
    """
    if HERE and get_start_method() == "fork":
        code = changed(
            "gui/second_window",
            (
                '    print("The worker runs"',
                '    window.setText("changed")\n    print(window.text()',
            ),
            ("    worker.join()", "    worker.join()\n    print(window.text())"),
        )
        assert script(code).stdout == "A window opens\nchanged\nStart\n"


def no_screen() -> None:
    """The programs run without a screen.

    `-platform offscreen` lets Qt run without a screen; leave it out in yours.

    `QTimer.singleShot` stands for the user who clicks.
    """
    for program in ("blocked", "works"):
        shown(f"gui/{program}", '"-platform", "offscreen"', "# stands for a click on Start")
    if HERE:
        code = (
            "from PySide6.QtWidgets import QApplication\n"
            "print(QApplication(['app', '-platform', 'offscreen']).platformName())\n"
        )
        assert script(code).stdout == "offscreen\n"


def the_fix() -> None:
    """`start` returns at once, because the arguments of the worker are small.

    Every 50 milliseconds, the timer calls `look`, which reads what has arrived, but 100 items at
    most: if it read as long as there is an item, a worker that sends fast would never let it
    return.
    """
    shown("gui/works", "QTimer(interval=50)", "timeout.connect(look)", "if receiver.poll():")
    shown("gui/works", "            for _ in range(100):\n                if receiver.poll():")
    if HERE:
        endless = (
            "\n    class Endless:\n        def close(self): pass\n"
            "        def poll(self): return True\n        def recv(self): return 'step'\n"
            "    real, receiver = receiver, Endless()\n"
        )
        code = changed(
            "gui/works",
            ("    def look():", f"{endless}\n    def look():"),
            (PRINT, f"{PRINT}                    if not button.isDown(): button.setDown(True)\n"),
            (CLICK, "timer.timeout.connect(app.quit)"),
            ("with stop, receiver:", "with stop, real:"),
        )
        ran = script(code)
        assert (ran.status, ran.stdout) == (0, "step\n" * 100)


def the_worker_ends() -> None:
    """When the worker has ended, `recv()` raises `EOFError` (on Windows, not always), or `OSError`
    if it was killed while it sent an item, because the parent has closed its copy of the sending
    end.
    """
    shown("gui/works", "sender.close()", "except (EOFError, OSError):")
    for part, error in (b"", EOFError), (b"\0\0\0\7par", OSError):
        receiver, sender = Pipe(duplex=False)
        if sys.platform == "win32" and part:
            continue
        os.write(sender.fileno(), part)
        sender.close()
        with raises(error):
            receiver.recv()
        receiver.close()
    if HERE:
        for work in WORK, f"{WORK[:8]}os.write(news.fileno(), b'\\0\\0\\0\\7par')\n{WORK}":
            killed = changed(
                "gui/works",
                ("from contextlib", "import os\nfrom contextlib"),
                (WORK, work),
                (PRINT, f"{PRINT}                    os.kill(worker.pid, 9)\n"),
                (CLICK, "pass"),
                (ENDS, f"            button.click()\n{ENDS}"),
            )
            ran = script(killed)
            assert (ran.status, ran.stdout, ran.stderr) == (0, "measuring\n", "")


ORPHAN = """
def work(stopped, news, say):
    measure(stopped, news)
    say.send("The worker ends")

def window(say):
    context = get_context("spawn")
    stopped, stop = context.Pipe(duplex=False)
    receiver, sender = context.Pipe(duplex=False)
    context.Process(target=work, args=(stopped, sender, say)).start()
    print(receiver.recv(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

def main():
    context = get_context("spawn")
    hear, say = context.Pipe(duplex=False)
    process = context.Process(target=window, args=(say,))
    process.start()
    say.close()
    print(hear.recv())
    process.join()

if __name__ == "__main__":
    main()
"""


def the_stop_button() -> None:
    """To stop the worker, the button closes `stop`, and then `stopped` is ready in the worker. It
    is ready, too, when the process of the window is killed. Work that consists of steps asks
    `connection.wait([stopped], timeout=0)` between them.
    """
    shown("gui/works", "button.clicked.connect(stop.close)", "connection.wait([stopped])")
    code = changed(
        "gui/works",
        ("from contextlib", "import os, signal\nfrom contextlib"),
        ("from PySide6.QtCore import QTimer\n", ""),
        ("from PySide6.QtWidgets import QApplication, QPushButton\n", ""),
    )
    if sys.platform != "win32":
        ran = script(code.partition("def main():")[0] + ORPHAN)
        assert ran.stdout == "measuring\nThe worker ends\n"
    stopped, stop = Pipe(duplex=False)
    assert connection.wait([stopped], timeout=0) == []
    for _ in range(2):
        stop.close()
        assert connection.wait([stopped], timeout=0) == [stopped]
    stopped.close()
    if HERE:
        steps = "        while not connection.wait([stopped], timeout=0):\n            news.send(1)"
        code = changed(
            "gui/works",
            (WORK, steps),
            (PRINT, f"{PRINT}                    if button.isEnabled(): click()\n"),
            (CLICK, "def click(): button.click(); button.setEnabled(False)"),
        )
        ran = script(code)
        assert (ran.status, ran.stderr) == (0, "")
        assert ran.stdout.startswith("measuring\n") and ran.stdout.endswith("\nstopped\n")


def no_event() -> None:
    """Do not use an `Event` for that: if the worker was killed while it waited, `set()` may never
    return, and the window freezes.
    """
    shown("condition/waiter_killed", "terminate()", "notify", "still running after 5 s")
    assert isinstance(Event()._cond, Condition)  # type: ignore[attr-defined]


def the_window_is_closed() -> None:
    """After the window is closed, both pipes are closed, so a worker that waits in `send()` gets
    `BrokenPipeError` and ends. Another error of the work ends it with a traceback. The program
    waits for the worker at its end.
    """
    shown("gui/works", "    with stop, receiver:\n        app.exec()\n")
    shown("gui/works", "with suppress(BrokenPipeError):")
    receiver, sender = Pipe(duplex=False)
    errors: list[type[BaseException]] = []

    def send() -> None:
        try:
            sender.send(bytes(10_000_000))
        except OSError as error:
            errors.append(type(error))  # the error holds what it sends

    sends = Thread(target=send)
    sends.start()
    assert receiver.poll(TIME_LIMIT)
    receiver.close()
    sends.join()
    assert errors == [BrokenPipeError]
    sender.close()
    if HERE:
        at_once = ("QTimer.singleShot(0, start)", "QTimer.singleShot(0, app.quit)")
        big = f"        while True: news.send(bytes(1_000_000))\n{WORK}"
        first = (
            f"{PRINT.replace('receiver.recv()', 'len(receiver.recv())')}"
            f"                    return app.quit()\n"
        )
        for printed, changes in (
            ("", ((CLICK, "QTimer.singleShot(0, app.quit)"),)),  # before the worker has begun
            ("", ((CLICK, "pass"), at_once)),
            ("9\n", ((CLICK, "pass"), (PRINT, first), (WORK, big))),
        ):
            ran = script(changed("gui/works", *changes))
            assert (ran.status, ran.stdout, ran.stderr) == (0, printed, "")
        ran = script(changed("gui/works", (WORK, "        open('missing.csv')"), (CLICK, "pass")))
        assert (ran.status, ran.stdout) == (0, "measuring\n")
        assert "\nFileNotFoundError: " in ran.stderr


def one_that_goes_on() -> None:
    """If yours may go on for long, call `join(5)`, and then `kill()`, for each process of
    `active_children()`.
    """
    busy = Process(target=signal.pause if hasattr(signal, "pause") else Event().wait)
    busy.start()
    assert busy in active_children()
    busy.join(0.1)
    assert busy.exitcode is None
    busy.kill()
    busy.join()


def only_once() -> None:
    """A `Process` starts only once. To run the work again, make the pipes and the process in
    `start`, and disable its button until the worker has ended.
    """
    process = Process(target=int)
    process.start()
    process.join()
    with raises(AssertionError, text="cannot start a process twice"):
        process.start()
    if HERE:
        make = (
            "        nonlocal stop, receiver\n"
            "        start_button.setEnabled(False)\n"
            "        stopped, stop = context.Pipe(duplex=False)\n"
            "        receiver, sender = context.Pipe(duplex=False)\n"
            "        worker = context.Process(target=measure, args=(stopped, sender))\n"
        )
        again = (
            "            start_button.setEnabled(True)\n            timer.stop()\n"
            "            runs.append(1)\n"
            "            (start_button.click if len(runs) < 2 else app.quit)()"
        )
        before = f"    start_button, runs = QPushButton('Start'), []\n    def start():\n{make}"
        code = changed(
            "gui/works",
            ("    def start():\n", before),
            ("stop.close", "lambda: stop.close()"),
            (ENDS, again),
            (PRINT, f"{PRINT}                    button.click()\n"),
            (CLICK, "pass"),
            ("QTimer.singleShot(0, start)", "start_button.clicked.connect(start); twice()"),
            (
                "    def look():",
                "    def twice():\n        start_button.click()\n        start_button.click()\n\n"
                "    def look():",
            ),
        )
        ran = script(code)
        assert (ran.status, ran.stdout, ran.stderr) == (0, "measuring\nstopped\n" * 2, "")


def a_part_of_an_item() -> None:
    """`recv()` waits until an item is complete. If a worker is stopped while it sends an item that
    is bigger than a pipe holds, 64 KiB on Linux, the window freezes.
    """
    if sys.platform == "win32":
        return
    receiver, sender = Pipe(duplex=False)
    data = pickle.dumps("item")
    message = len(data).to_bytes(4, "big") + data
    received: list[str] = []
    receives = Thread(target=lambda: received.append(receiver.recv()))
    os.write(sender.fileno(), message[:6])
    assert receiver.poll()
    receives.start()
    receives.join(0.1)
    assert receives.is_alive()
    os.write(sender.fileno(), message[6:])
    receives.join()
    assert received == ["item"]
    receiver.close()
    sender.close()


def big_results() -> None:
    """Write big results to a file, or to shared memory."""
    no_fact("advice")


IMPORTS = """
import os
from multiprocessing import get_context
from threading import Thread

GATE = f"{__file__}.gate"
if __name__ == "__mp_main__":
    with open(GATE) as gate:  # the import goes on when the parent opens it, too
        gate.read()

def work(data):
    pass

if __name__ == "__main__":
    os.mkfifo(GATE)
    for size, seconds in (1_000, LONG), (1_000_000, WHILE):
        worker = get_context("spawn").Process(target=work, args=(bytes(size),))
        starts = Thread(target=worker.start)
        starts.start()
        starts.join(seconds)
        print("waits" if starts.is_alive() else "has started")
        with open(GATE, "w"):
            pass
        starts.join()
        worker.join()
"""


def big_arguments() -> None:
    """Do the same with big arguments. If they do not fit into a pipe, `worker.start()` does not
    return until the worker has imported your program, which can take seconds, and reads them.
    """
    if sys.platform != "win32":
        code = IMPORTS.replace("LONG", str(TIME_LIMIT / 2)).replace("WHILE", str(SURE))
        ran = script(code)
        assert (ran.status, ran.stdout) == (0, "has started\nwaits\n")


def timers() -> None:
    """Tkinter | `root.after(50, look)`, and again at the end of `look`

    Qt | `QTimer`
    """
    shown("gui/works", "QTimer(interval=50)")
    if find_spec("_tkinter"):
        root = import_module("tkinter").Tcl()  # its event loop needs no screen
        looked = []

        def look() -> None:
            looked.append(root)
            if len(looked) == 3:
                root.setvar("done", 1)
            root.after(1, look)

        root.after(1, look)
        root.eval("vwait done")
        assert len(looked) == 3


FUTURE = """
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication


class Window(QObject):
    done = Signal(int)

    def show_it(self, result):
        here = threading.current_thread() is threading.main_thread()
        print("slot", result, "in the main thread" if here else "elsewhere")
        QApplication.quit()


def main():
    app = QApplication(["app", "-platform", "offscreen"])
    window = Window()
    window.done.connect(window.show_it)

    def arrived(future):
        here = threading.current_thread() is threading.main_thread()
        print("callback in the main thread" if here else "callback elsewhere")
        window.done.emit(future.result())

    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        executor.submit(abs, -3).add_done_callback(arrived)
        app.exec()


if __name__ == "__main__":
    main()
"""


def futures() -> None:
    """`add_done_callback` usually calls your function in another thread, which must not touch a
    widget: with Qt, let it emit a signal, whose slot then runs in the main thread.
    """
    if HERE:
        assert script(FUTURE).stdout == "callback elsewhere\nslot 3 in the main thread\n"


SUBMITTED = """
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

def main():
    executor = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    for number in range(20):
        executor.submit(print, number, flush=True)

if __name__ == "__main__":
    main()
"""


def all_that_were_submitted() -> None:
    """After the window is closed, the program still runs all tasks that were submitted, unless you
    cancel them.
    """
    assert script(SUBMITTED).stdout.split() == [str(number) for number in range(20)]


def ask_first() -> None:
    """For tasks that return a result, submit them to a `ProcessPoolExecutor` that is made once,
    with `mp_context=get_context("spawn")`, and let the timer ask `future.done()` before it calls
    `future.result()`.
    """
    no_fact("advice; the executor with this context runs for the statement after it")


def in_main() -> None:
    """Make the application and its windows in `main()`, as the fix does."""
    shown("gui/works", "def main():", "    app = QApplication(")


def never_its_task() -> None:
    """If a child calls `mainloop()` or `exec()` in such a place, it never comes to its task."""
    if HERE and get_start_method() != "fork":
        code = changed(
            "gui/second_window",
            (
                "def measure():",
                "import __main__\nif __name__ != '__main__': app.exec()\n\ndef measure():",
            ),
        )
        ran = script(code, hangs_after="A window opens\nA window opens\n")
        assert ran.status is None


def plain_data() -> None:
    """The target of a process is a function at module level, in a file that makes no window.

    Its arguments are plain data and pipes.
    """
    no_fact("advice")


def after_the_gui() -> None:
    """Do not fork after the GUI has started: the child has copies of its connections and locks,
    without its threads.
    """
    no_fact("advice; the page that is linked shows what becomes of locks")


def a_copy_of_stop() -> None:
    """It also has a copy of `stop`, so to close that in the parent does not stop it."""
    if "fork" not in multiprocessing.get_all_start_methods():
        return
    stopped, stop = Pipe(duplex=False)
    over, end = Pipe(duplex=False)
    worker = multiprocessing.get_context("fork").Process(target=over.recv)
    worker.start()
    stop.close()
    assert connection.wait([stopped], timeout=0) == []
    end.send("over")
    worker.join()
    assert connection.wait([stopped], timeout=0) == [stopped]
    for one in stopped, over, end:
        one.close()


def why_spawn() -> None:
    """On Linux, `fork` is the default before Python 3.14, so the programs of this page ask for
    `spawn`.
    """
    shown("gui/works", 'get_context("spawn")')
    shown("gui/blocked", 'get_context("spawn")')
    assert "spawn" in multiprocessing.get_all_start_methods()


def cameras() -> None:
    """reading a frame mostly waits | a thread that reads, in any process

    an algorithm computes in Python code | a process: a thread would share the GIL with the window

    it computes in NumPy, on big arrays | a thread first
    """
    no_fact("advice; the page that is linked has the facts")


def frames() -> None:
    """Pass the frames through a ring buffer in shared memory, and not through a queue, which
    pickles each of them.

    Let the timer of the window draw the newest frame only.

    A slow window then loses frames of the display, and the camera keeps its rate.
    """
    shown("ring-buffer/every_frame", "SharedMemory")
    shown("ring-buffer/latest_frame", "Output")


def versions() -> None:
    """Run with PySide6 6.12.0, on Python 3.11.7 and 3.15.2 and Linux, under each start method.

    PySide6 is too large to be installed for the tests of this site, so they run these programs only
    where it is installed.

    Kivy and wxPython were not run.
    """
    from importlib.metadata import version

    from examples._inline import missing

    if HERE:
        assert version("PySide6_Essentials").startswith("6.12.0")
    source = (ROOT / "examples" / "gui" / "works.py").read_text("utf-8")
    assert missing(source) == ([] if HERE else ["pyside6-essentials"], [])
    assert re.search(
        r'\nlarge = .*"pyside6-essentials"', (ROOT / "pyproject.toml").read_text("utf-8")
    )
    assert "pyside6" not in (ROOT / "requirements.txt").read_text("utf-8").lower()


def with_opencv() -> None:
    """Let one process show all windows, and call `namedWindow`, `imshow` and `waitKey` in its main
    thread.

    So show the frames in the parent, and let the workers send them; or show them in one process
    that is started with `spawn`, and nowhere else.

    OpenCV was not run here.
    """
    no_fact("advice; what a fork does to its windows is linked")


def other_windows() -> None:
    """The window, the mixer and the events belong to that one process: let the others compute, and
    send what is to be drawn through a pipe.

    With Matplotlib, call `plt.show()` in the main thread of the main process.

    Neither was run here.
    """
    no_fact("advice, and what was not run")


def kivy_in_main() -> None:
    """Import it in `main()`, and put the functions of the workers into a module without Kivy."""
    no_fact("advice")
