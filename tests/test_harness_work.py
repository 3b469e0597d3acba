"""On a signal, what runs is ended, what is done is kept, and no step is left half done."""

import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from examples import _interrupts, _runner
from examples._interrupts import Interrupted
from tests.harness import __main__ as entry
from tests.harness import work
from tests.harness.read.model import Fragment, Program
from tests.harness.read.pages import Fence
from tests.harness.run import notebooks
from tests.harness.tools import bench, update, watch
from tests.test_harness_update import NOTEBOOK

SLEEP = "import pathlib, sys, time\npathlib.Path(sys.argv[1]).touch()\ntime.sleep(60)\n"
DEAF = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
When = Callable[[Path], None]


@pytest.fixture(autouse=True)
def no_signal(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process to which no signal came."""
    monkeypatch.setattr(_interrupts, "received", 0)
    monkeypatch.setattr(_interrupts, "holds", 0)


@pytest.fixture
def interrupt_when(monkeypatch: pytest.MonkeyPatch) -> When:
    """Note a signal as soon as a file is there; a thread does it, and the test goes on."""

    def when(path: Path) -> None:
        def watch_for() -> None:
            while not path.exists():
                time.sleep(0.01)
            _interrupts.received = signal.SIGTERM

        Thread(target=watch_for, daemon=True).start()

    return when


def test_a_signal_is_raised_at_once_and_a_second_is_not() -> None:
    with pytest.raises(Interrupted) as error:
        _interrupts._note(signal.SIGTERM, None)
    assert error.value.status == 143
    _interrupts._note(signal.SIGINT, None)
    with pytest.raises(Interrupted, match="SIGTERM"):
        _interrupts.check()


def test_a_signal_that_is_held_is_raised_by_the_next_look() -> None:
    with _interrupts.held():
        _interrupts._note(signal.SIGINT, None)
    with pytest.raises(Interrupted, match="SIGINT"):
        _interrupts.check()


def test_a_block_of_another_thread_holds_nothing_back() -> None:
    thread = Thread(target=_interrupts.held().__enter__)
    thread.start()
    thread.join()
    assert not _interrupts.holds


def test_what_the_caller_has_ignored_stays_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    noted: dict[int, object] = {}
    ignored = {signal.SIGINT: signal.SIG_IGN}
    monkeypatch.setattr(signal, "getsignal", ignored.get)
    monkeypatch.setattr(signal, "signal", noted.__setitem__)
    _interrupts.install()
    assert noted[signal.SIGTERM] is _interrupts._note
    assert noted[signal.SIGINT] is not _interrupts._note


def test_a_command_says_that_it_was_interrupted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(_interrupts, "install", lambda: None)
    assert _interrupts.command(lambda: 3) == 3
    monkeypatch.setattr(_interrupts, "received", signal.SIGINT)
    assert _interrupts.command(lambda: 3) == 130
    assert capsys.readouterr().err == "\nInterrupted: nothing is written.\n"


def test_a_command_is_run_by_its_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(watch, "main", lambda: len(sys.argv))
    monkeypatch.setattr("sys.argv", ["harness", "watch", "--all-methods"])
    assert entry.main() == 2
    assert sys.argv == ["harness", "--all-methods"]
    monkeypatch.setattr(_interrupts, "received", signal.SIGINT)
    monkeypatch.setattr("sys.argv", ["harness", "watch"])
    with pytest.raises(Interrupted) as error:
        entry.main()
    assert error.value.outcome == "no longer watching"
    monkeypatch.setattr(_interrupts, "received", 0)
    monkeypatch.setattr(pytest, "main", lambda arguments: len(arguments))
    monkeypatch.setattr("sys.argv", ["harness", "tests", "-k", "race"])
    assert entry.main() == 2
    for wrong in [], ["words"]:
        monkeypatch.setattr("sys.argv", ["harness", *wrong])
        assert entry.main() == 2
        assert (
            "bench|faults|messages|mutate|new|programs|soak|tests|update|watch"
            in capsys.readouterr().err
        )


@pytest.mark.parametrize("code", [SLEEP, DEAF + SLEEP], ids=["ends", "does not end by itself"])
def test_a_command_that_runs_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, interrupt_when: When, code: str
) -> None:
    monkeypatch.setattr(work, "PATIENCE", 1)
    interrupt_when(tmp_path / "begun")
    started = time.monotonic()
    with pytest.raises(Interrupted):
        work.run([sys.executable, "-c", code, tmp_path / "begun"])
    assert time.monotonic() - started < 60
    with pytest.raises(Interrupted):
        work.run(["no command, and not started"])


def test_what_a_pool_has_done_is_given_first() -> None:
    def do(number: int) -> int:
        if number == 1:
            _interrupts.received = signal.SIGINT
        while number > 1:
            _interrupts.check()
        return -number

    given = []
    with pytest.raises(Interrupted):
        for pair in work.each(do, range(9)):
            given.append(pair)
    assert given == [(0, 0), (1, -1)]


def test_a_pool_tells_of_an_error() -> None:
    with pytest.raises(ZeroDivisionError):
        list(work.each(lambda number: 1 / number, [1, 0]))


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    work.write(tmp_path / "whole", "4\n")
    assert (tmp_path / "whole").read_text("utf-8") == "4\n"
    with pytest.raises(UnicodeEncodeError):
        work.write(tmp_path / "whole", "5\ud800\n")
    assert (tmp_path / "whole").read_text("utf-8") == "4\n"
    assert [path.name for path in tmp_path.iterdir()] == ["whole"]


def test_a_program_that_runs_is_ended(tmp_path: Path, interrupt_when: When) -> None:
    begun = tmp_path / "begun"
    (tmp_path / "program.py").write_text(SLEEP.replace("sys.argv[1]", repr(str(begun))), "utf-8")
    interrupt_when(begun)
    with pytest.raises(Interrupted):
        _runner.run(tmp_path / "program.py")


@pytest.mark.skipif(sys.platform == "win32", reason="ends a program by its process group")
@pytest.mark.parametrize("code", [SLEEP, DEAF + SLEEP], ids=["ends", "does not end by itself"])
def test_a_program_that_is_measured_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, interrupt_when: When, code: str
) -> None:
    monkeypatch.setattr(bench, "PATIENCE", 1)
    path, begun = tmp_path / "program.py", tmp_path / "begun"
    path.write_text(code.replace("sys.argv[1]", repr(str(begun))), "utf-8")
    interrupt_when(begun)
    with pytest.raises(Interrupted):
        bench.bare_time(Program("race/program", path, "docs/race.md", 1))


def test_a_notebook_that_runs_is_ended(tmp_path: Path, interrupt_when: When) -> None:
    path, begun = tmp_path / "docs" / "a" / "tour.ipynb", tmp_path / "begun"
    path.parent.mkdir(parents=True)
    code = f"import pathlib, time; pathlib.Path('{begun.as_posix()}').touch(); time.sleep(60)"
    path.write_text(NOTEBOOK.replace("CODE", code), "utf-8")
    interrupt_when(begun)
    with pytest.raises(Interrupted):
        notebooks.execute(path, "spawn")


def test_a_fragment_that_was_half_written_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "race.md"
    page.write_text("# Race\n", "utf-8")

    def half_written(*_: object, **__: object) -> None:
        page.write_text("#", "utf-8")
        raise Interrupted

    monkeypatch.setattr(_interrupts, "received", signal.SIGINT)
    monkeypatch.setattr(work, "run", half_written)
    with pytest.raises(Interrupted):
        update.update_fragment(Fragment(page, Fence(1, "")))
    assert page.read_text("utf-8") == "# Race\n"
