"""Runs each fragment that stands in a page, and compares its prints with its `#>` lines."""

import re
import sys
import time
from collections.abc import Callable
from inspect import FrameInfo
from pathlib import Path
from typing import Any

import pytest
from pytest_examples import CodeExample, EvalExample, find_examples

from tests.harness.results import Checked
from tests.harness.site import ROOT, Fragment, read_site

FRAGMENTS = read_site().fragments
EXAMPLES = {(e.path, e.start_line): e for e in find_examples(ROOT / "docs")}
SHOWN_PRINT = re.compile(r"^ *#>.*\n", re.MULTILINE)


@pytest.fixture(autouse=True)
def main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put back the main module, which pytest-examples replaces."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda fragment: fragment.name)
def test_fragment(
    fragment: Fragment,
    eval_example: EvalExample,
    capfd: pytest.CaptureFixture[str],
    record: Callable[[Checked], None],
) -> None:
    example = EXAMPLES[fragment.page, fragment.fence.line]
    started = time.perf_counter()
    passed = False
    try:
        if eval_example.update_examples:
            example.source = SHOWN_PRINT.sub("", example.source)
            eval_example.run_print_update(example)
        else:
            check(example, eval_example)
        if written := "".join(capfd.readouterr()):
            pytest.fail(f"{example} writes otherwise than by print: {written!r}", pytrace=False)
        passed = True
    finally:
        if not passed:
            eval_example.to_update.clear()
        seconds = round(time.perf_counter() - started, 3)
        record(Checked(fragment.name, fragment.hash, "", True, passed, seconds))


def check(example: CodeExample, eval_example: EvalExample) -> None:
    """Compare each print; and find a `#>` whose print never ran."""
    ran = 0

    def count(file: Path, frame: FrameInfo, arguments: Any) -> bool:
        nonlocal ran
        ours = file.samefile(frame.filename)
        ran += ours
        return ours

    eval_example.include_print = count
    eval_example.run_print_check(example)
    shown = len(SHOWN_PRINT.findall(example.source))
    if shown != ran:
        message = f"{example}: {shown} lines of #>, and {ran} prints ran; nox -s update mends it"
        pytest.fail(message, pytrace=False)
