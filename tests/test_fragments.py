"""Runs each fragment that stands in a page, and compares its prints with its `#>` lines."""

import faulthandler
import multiprocessing
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from inspect import FrameInfo
from pathlib import Path
from traceback import walk_tb
from typing import NoReturn

import pytest
from pytest_examples import CodeExample, EvalExample, find_examples

from examples._runner import TIME_LIMIT, Outcome
from tests.harness.compare.differences import cut
from tests.harness.read.fragments import fault_of_arguments, faults, syntax_error
from tests.harness.read.model import Fragment
from tests.harness.read.site import ROOT, this_site
from tests.harness.run.limits import GRACE, TimedOut, limited
from tests.harness.tell.results import Checked

FRAGMENTS = this_site().fragments
SHOWN_PRINT = re.compile(r"^ *#>.*\n", re.MULTILINE)


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to run in; and the main module, which pytest-examples replaces, put back."""
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    return folder


@pytest.fixture
def stderr(capfd: pytest.CaptureFixture[str]) -> Iterator[int]:
    """Standard error as it is outside the test, as a file descriptor."""
    with capfd.disabled():
        descriptor = os.dup(2)
    yield descriptor
    os.close(descriptor)


@pytest.fixture(scope="session", autouse=True)
def end(pytestconfig: pytest.Config) -> None:
    """A thread that a fragment left running does not keep pytest from ending."""
    before = threading.enumerate()

    def wait_no_longer() -> None:
        if blocking(before):
            pytestconfig.get_terminal_writer().flush()  # which an end at once would lose
            faulthandler.dump_traceback_later(GRACE, exit=True)

    pytestconfig.add_cleanup(wait_no_longer)


def blocking(before: list[threading.Thread]) -> list[threading.Thread]:
    """The threads, but for those before, that Python waits for at its end."""
    return [one for one in threading.enumerate() if one not in before and not one.daemon]


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda fragment: fragment.name)
def test_fragment(
    fragment: Fragment,
    eval_example: EvalExample,
    surroundings: Path,
    stderr: int,
    capfd: pytest.CaptureFixture[str],
    record: Callable[[Checked], None],
    differs: Callable[[str], NoReturn],
) -> None:
    (example,) = (e for e in find_examples(fragment.page) if e.start_line == fragment.fence.line)
    threads, started = threading.enumerate(), time.perf_counter()
    wrong, difference = check(example, eval_example, stderr)
    if written := "".join(capfd.readouterr()):
        wrong.append(f"it writes otherwise than by print: {written!r}")
    children = multiprocessing.active_children()
    if left := [*surroundings.iterdir(), *children, *blocking(threads)]:
        wrong.append(f"it leaves behind {left}")
    for child in children:
        child.kill()
    seconds = round(time.perf_counter() - started, 3)
    passed = not wrong and not difference
    outcome = None if passed else Outcome(faults=[*wrong, difference])
    record(Checked(fragment.name, fragment.hash, "", True, passed, seconds, outcome))
    if not passed:
        eval_example.to_update.clear()
        where = f"{fragment.page.relative_to(ROOT).as_posix()}:{fragment.fence.line}:"
        recorded = "Fix the code, or record what it prints: nox -s update"
        remedy = "Fix the code" if wrong else f"{recorded} -- {fragment.page.stem}"
        told = cut("\n".join([*wrong, difference]).rstrip())
        differs(f"{where} {told}\n{remedy}")


def check(
    example: CodeExample, eval_example: EvalExample, stderr: int, limit: float = TIME_LIMIT
) -> tuple[list[str], str]:
    """Compare each print, or update it; find a `#>` whose print never ran.

    Give what is wrong with the fragment, and the difference that an update would record.
    """
    if found := syntax_error(example.source):
        line, column, what = found
        place = f"line {example.start_line + line}, column {example.indent + column}"
        return [f"a syntax error in {place}: {what}"], ""
    ran = 0
    wrong = [f"line {example.start_line + at}: {what}" for at, what in faults(example.source)]

    def count(file: Path, frame: FrameInfo, arguments: Sequence[object]) -> bool:
        nonlocal ran
        if not file.samefile(frame.filename):
            return False
        ran += 1
        if fault := fault_of_arguments(arguments):
            wrong.append(fault)
        return True

    eval_example.include_print = count
    difference = ""
    try:
        with limited(limit, stderr):
            if eval_example.update_examples:
                example.source = SHOWN_PRINT.sub("", example.source)
                eval_example.run_print_update(example)
                return wrong, ""
            eval_example.run_print_check(example)
    except pytest.fail.Exception as failed:
        return wrong, str(failed)
    except TimedOut as late:
        wrong.append(f"{late}{_place(late, example)}")
    except (Exception, SystemExit) as raised:
        wrong.append(f"{type(raised).__name__}: {raised}{_place(raised, example)}")
    else:
        if (shown := len(SHOWN_PRINT.findall(example.source))) != ran:
            difference = f"{shown} lines of #>, and {ran} prints ran"
    return wrong, difference


def _place(error: BaseException, example: CodeExample) -> str:
    """The line of the page on which an error was raised, if one was."""
    found = ""
    for frame, line in walk_tb(error.__traceback__):
        name = Path(frame.f_code.co_filename)
        if name == example.path:  # to which pytest-examples changes it for most errors
            found = f", in line {line}"
        elif name.stem == example.module_name:
            found = f", in line {example.start_line + line}"
    return found
