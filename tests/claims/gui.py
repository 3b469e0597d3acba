"""What docs/frameworks/gui.md says."""

import multiprocessing
import pickle
import re
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from multiprocessing import get_start_method

from examples._inline import missing
from tests.claims import changed, no_fact, raises, script, shown
from tests.harness.read.versions import ROOT

HERE = find_spec("PySide6") is not None
QUIT = "    QTimer.singleShot(0, app.quit)\n    app.exec()\n"


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
    shown("gui/blocked", "button.clicked.connect(stop.set)", "still running")
    shown("gui/works", "measuring\nstopped")


def where_it_waits() -> None:
    """While a callback waits in `join()`, `get()`, `result()` or `pool.map()`, that thread does
    nothing else.
    """
    no_fact("what to wait means")


def under_the_guard() -> None:
    """Open windows under the main guard only, and start the workers with `spawn`.

    A second window opens when a process starts: the window is made outside of the main guard.

    Under `spawn` and `forkserver`, a child imports your program, and makes each window that the
    program makes at module level:
    """
    shown("gui/second_window", "A window opens\nThe worker runs\n")
    shown("gui/second_window", "A window opens\nA window opens\nThe worker runs\n")


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
    """`start` returns at once.

    Every 50 milliseconds, the timer calls `look`, which reads only what has arrived.
    """
    shown("gui/works", "QTimer(interval=50)", "timeout.connect(look)", "while receiver.poll():")


def the_worker_ends() -> None:
    """When the worker has ended, even if it was killed, `recv()` raises `EOFError`, because the
    parent has closed its copy of the sending end.
    """
    shown("gui/works", "sender.close()", "except EOFError:")
    if HERE:
        killed = changed("gui/works", ("stop.wait()", "__import__('os')._exit(9)"))
        assert script(killed).stdout == "measuring\n"


def the_window_is_closed() -> None:
    """After the window is closed, `stop.set()` ends the worker, so `join()` does not wait for
    long.
    """
    if HERE:
        closed = changed("gui/works", ("QTimer.singleShot(50, button.click)", "look = 0"))
        closed = closed.replace("look = 0", "QTimer.singleShot(0, app.quit)")
        run = script(closed)
        assert (run.status, run.stdout) == (0, "")


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
    """`add_done_callback` calls your function in another thread, which must not touch a widget:
    with Qt, let it emit a signal, whose slot then runs in the main thread.
    """
    if HERE:
        assert script(FUTURE).stdout == "callback elsewhere\nslot 3 in the main thread\n"


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

    Its arguments are plain data, pipes and events.
    """
    no_fact("advice")


def after_the_gui() -> None:
    """Do not fork after the GUI has started: the child has copies of its connections and locks,
    without its threads.
    """
    no_fact("advice; the page that is linked shows what becomes of locks")


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
