"""Runs each fragment that stands in a page, and compares its prints with its `#>` lines."""

import multiprocessing
import re
import sys
import time
from collections.abc import Callable, Sequence
from inspect import FrameInfo
from pathlib import Path

import pytest
from pytest_examples import CodeExample, EvalExample, find_examples

from tests.harness.fragments import fault_of_arguments, faults
from tests.harness.model import Fragment
from tests.harness.results import Checked
from tests.harness.site import read_site

FRAGMENTS = read_site().fragments
SHOWN_PRINT = re.compile(r"^ *#>.*\n", re.MULTILINE)


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to run in; and the main module, which pytest-examples replaces, put back."""
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    return folder


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda fragment: fragment.name)
def test_fragment(
    fragment: Fragment,
    eval_example: EvalExample,
    surroundings: Path,
    capfd: pytest.CaptureFixture[str],
    record: Callable[[Checked], None],
) -> None:
    (example,) = (e for e in find_examples(fragment.page) if e.start_line == fragment.fence.line)
    started = time.perf_counter()
    failure = check(example, eval_example)
    if written := "".join(capfd.readouterr()):
        failure += f"It writes otherwise than by print: {written!r}. "
    if left := [*surroundings.iterdir(), *multiprocessing.active_children()]:
        failure += f"It leaves behind {left}. "
    seconds = round(time.perf_counter() - started, 3)
    record(Checked(fragment.name, fragment.hash, "", True, not failure, seconds))
    if failure:
        eval_example.to_update.clear()
        pytest.fail(f"docs/{fragment.name}: {failure}", pytrace=False)


def check(example: CodeExample, eval_example: EvalExample) -> str:
    """Compare each print, or update it; find a `#>` whose print never ran. Give what is wrong."""
    ran, wrong = 0, [f"line {line}: {what}. " for line, what in faults(example.source)]

    def count(file: Path, frame: FrameInfo, arguments: Sequence[object]) -> bool:
        nonlocal ran
        if not file.samefile(frame.filename):
            return False
        ran += 1
        wrong.append(fault_of_arguments(arguments))
        return True

    eval_example.include_print = count
    try:
        if eval_example.update_examples:
            example.source = SHOWN_PRINT.sub("", example.source)
            eval_example.run_print_update(example)
            return "".join(wrong)
        eval_example.run_print_check(example)
    except Exception as error:
        return f"{type(error).__name__}: {error}. "
    except pytest.fail.Exception as difference:
        return f"{difference}\nMend it, or record what it prints: nox -s update. "
    if (shown := len(SHOWN_PRINT.findall(example.source))) != ran:
        wrong.append(f"{shown} lines of #>, and {ran} prints ran; nox -s update mends it. ")
    return "".join(wrong)
