"""A fragment that pytest-examples would wave through is refused, and one that hangs is stopped."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_examples import CodeExample, EvalExample

from tests.test_fragments import check
from tests.test_harness_site import RACE, make_with_harness

posix = pytest.mark.skipif(sys.platform == "win32", reason="ends the process instead")
WRONG = "#> 2\n" * 200
CAUGHT = """import time
caught = 0
while caught < 2:
    try:
        time.sleep(60)
    except BaseException:
        caught += 1
"""


def found(eval_example: EvalExample, source: str, limit: float = 20) -> str:
    """What is wrong with a fragment that begins in line 7 of a page, and the difference."""
    example = CodeExample.create(source, path=Path("page.md").absolute(), start_line=7, indent=4)
    wrong, difference = check(example, eval_example, 2, limit)
    return "\n".join([*wrong, difference]).rstrip()


@pytest.mark.parametrize(
    "source, what",
    [
        ("print(2 + 2)\n#> 4\n", ""),
        ("print(2 + 2)\n#> 5\n", "-#> 5"),
        ("def f():\n    print(1)\n    #> 1\n", "1 lines of #>, and 0 prints ran"),
        ("for n in 1, 2:\n    print(n)\n    #> 1\n    #> 2\n", ""),
        ("value = 2 + 2  #> 5\n", "line 8: a #> behind code"),
        ('print("a\\nb")\n"""\na\nb\n"""\n', "line 9: a text that stands alone"),
        ("print(1, end='')\n#> 1\n", "line 8: a print with end, file or sep"),
        ("print({8, 1})\n#> {1, 8}\n", "prints a set"),
        ("print(object())\n#> 0\n", "-#> 0"),
        ("\nraise ValueError('bad order')\n", "ValueError: bad order, in line 9"),
        ("def f():\n    1 / 0\n\nf()\n", "ZeroDivisionError: division by zero, in line 9"),
        ("raise SystemExit(3)\n", "SystemExit: 3, in line 8"),
        ("print(4\n", "a syntax error in line 8, column 10: '(' was never closed"),
        ("print(4)\n return 5\n", "a syntax error in line 9, column 5: unexpected indent"),
        ("return 5\n", "a syntax error in line 8, column 5: 'return' outside function"),
    ],
)
def test_what_is_wrong_with_a_fragment(eval_example: EvalExample, source: str, what: str) -> None:
    told = found(eval_example, source)
    assert what in told
    assert bool(told) == bool(what)


@posix
@pytest.mark.parametrize(
    "before, hangs",
    [
        pytest.param("from itertools import count", "next(n for n in count() if n < 0)",
                     id="loop"),
        pytest.param("import time", "time.sleep(60)", id="sleep"),
        pytest.param("from threading import Lock; lock = Lock()", "lock.acquire(); lock.acquire()",
                     id="lock"),
        pytest.param("from queue import Queue; queue = Queue()", "queue.get()", id="queue"),
        pytest.param("from multiprocessing import Semaphore; s = Semaphore(0)", "s.acquire()",
                     id="semaphore of processes"),
    ],
)  # fmt: skip
def test_what_hangs_is_stopped(eval_example: EvalExample, before: str, hangs: str) -> None:
    # The limit ends on this very line, however long a busy machine takes to get there.
    now = "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.1)\n"
    source = f"{before}\n{now.rstrip()}; {hangs}\n"
    assert found(eval_example, source) == "still running after 20 s, in line 10"


@posix
def test_what_catches_its_end_is_stopped_again(eval_example: EvalExample) -> None:
    assert found(eval_example, CAUGHT + "while True: pass\n", 3).endswith("in line 15")


def test_what_cannot_be_interrupted_ends_the_process() -> None:
    code = """from itertools import repeat
from tests.harness.run.limits import limited
with limited(0.2, 2, grace=0.2):
    any(repeat(0))
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 1
    assert "Timeout (0:00:00.400000)!" in result.stderr
    assert "line 4 in <module>" in result.stderr


@posix
def test_the_tests_go_on_after_one_that_hangs(tmp_path: Path) -> None:
    root = make_with_harness(tmp_path, {RACE: page("while True: pass", "\nwhile True: pass")})
    shorten(root / "examples/_runner.py", "TIME_LIMIT", 3)
    told = run_tests(root)
    assert f"{RACE}:7: still running after 3 s, in line 8\nFix the code\n" in told
    assert f"{RACE}:11: still running after 3 s, in line 13\nFix the code\n" in told
    assert "2 failed" in told


def test_what_fails_is_told_in_few_words_and_the_tests_end(tmp_path: Path) -> None:
    fragments = {
        "waits": "from threading import Event, Thread\nThread(target=Event().wait).start()",
        "differs": f"print(4)\n{WRONG}",
        "no Python": "print(4",
        "writes": "import os\nprint(4)\n#> 4\nos.write(1, b'4')",
        "right": "print(4)\n#> 4",
    }
    root = make_with_harness(tmp_path, {RACE: page(*fragments.values())})
    shorten(root / "tests/harness/run/limits.py", "GRACE", 1)
    told = run_tests(root)
    assert len(told.splitlines()) < 80
    assert f"{RACE}:7: it leaves behind [<Thread(" in told
    assert f"{RACE}:12: Print output changed code:\n" in told
    assert "more lines\nFix the code, or record what it prints: nox -s update -- race\n" in told
    assert f"{RACE}:217: a syntax error in line 218, column 6: '(' was never closed\n" in told
    assert "it writes otherwise than by print: '4'\nFix the code\n" in told
    assert "4 failed, 1 passed" in told


def page(*fragments: str) -> str:
    """A page with fragments, the first of which begins in line 7."""
    fences = [f"```python\n{code}\n```\n" for code in fragments]
    return "\n".join(["---", "description: It fails", "---", "", "# Race", "", *fences])


def run_tests(root: Path) -> str:
    """What the tests of all fragments of a site tell; they must fail, and end."""
    command = [sys.executable, "-m", "pytest", "-q", "--color=no", "tests/test_fragments.py"]
    env = {**os.environ, "CI": ""}  # where that is set, pytest tells all of a failure twice
    result = subprocess.run(
        command, cwd=root, capture_output=True, encoding="utf-8", timeout=300, env=env
    )
    assert result.returncode == 1
    return result.stdout


def shorten(path: Path, limit: str, seconds: float) -> None:
    """Set a limit in a copy of the harness."""
    text = path.read_text("utf-8")
    changed = re.sub(rf"^{limit} = \S+", f"{limit} = {seconds}", text, flags=re.MULTILINE)
    assert changed != text
    path.write_text(changed, "utf-8")
