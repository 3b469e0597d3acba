"""A watch runs what a save touches, and nothing else, on small made-up sites."""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from queue import SimpleQueue
from threading import Timer

import pytest
from watchdog.events import FileClosedNoWriteEvent, FileModifiedEvent

from examples import _interrupts
from tests.harness.read.versions import THIS, named
from tests.harness.tools import watch
from tests.test_harness_fragments import shorten
from tests.test_harness_site import PAGE, PROGRAM, RACE, TABS, make, make_with_harness

FIXED = "examples/race/fixed.py"
OTHER = PAGE.replace("fixed", "other")
FILES = {
    RACE: PAGE + "\n" + OTHER.partition("\n\n")[2],
    "examples/race/other.py": '"""Import."""\n\nimport fixed\n',
    "examples/race/other.out": "4\n",
    "examples/race/_names.toml": "",
    "tests/addresses.txt": "/\n/pitfalls/queue/\n/pitfalls/race/\n",
    "docs/pitfalls/queue.md": PAGE.replace("race/", "queue/"),
    "examples/queue/fixed.py": '"""Add."""\n\nprint(4)\n',
    "examples/queue/fixed.out": "4\n",
    "mkdocs.yml": "nav:\n  - index.md\n  - pitfalls/race.md\n  - pitfalls/queue.md\n",
}
BOTH = ["race/fixed under spawn", "race/other under spawn"]
PRINT = "# Print\n\n```python\nprint({})\n#> 4\n```\n"
ADD = '"""Add."""\n\n'


def watcher(root: Path, changes: Mapping[str, str | bytes | None] | None = None) -> watch.Watcher:
    return watch.Watcher(make(root, {**FILES, **(changes or {})}), ["spawn"], 20)


def saved(seen: watch.Watcher, name: str, text: str | bytes | None) -> str:
    """What a watcher tells of a save, or a removal."""
    path = seen.root / name
    if text is None:
        path.unlink()
    else:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        now = path.stat().st_mtime_ns + 10**9  # later, however coarse the clock of the disk is
        os.utime(path, ns=(now, now))
    return "\n".join(seen.look())


@pytest.mark.parametrize(
    "name, text, programs",
    [
        pytest.param(FIXED, ADD + "print( 4)\n", BOTH, id="program that another imports"),
        pytest.param("examples/race/other.py", '"""."""\nprint(4)\n', BOTH[1:], id="program"),
        pytest.param("examples/race/_names.toml", "a = 1\n", BOTH, id="helper of a folder"),
        pytest.param("examples/race/other.out", "4\n", BOTH[1:], id="recorded output"),
        pytest.param(RACE, FILES[RACE] + "\nMore words.\n", [], id="words of a page"),
        pytest.param(
            RACE, FILES[RACE].replace('"Output"', '"Output, in any order"', 1), BOTH[:1],
            id="words over an output",
        ),
        pytest.param("mkdocs.yml", FILES["mkdocs.yml"] + "# More\n", [], id="nav"),
        pytest.param("docs/assets/style.css", "", None, id="file that is no page"),
        pytest.param("docs/_template/page.md", "", None, id="page that is not for readers"),
        pytest.param("examples/_runner.py", "", None, id="file of no page's folder"),
        pytest.param("examples/race/.fixed.py.swp", "", None, id="file of an editor"),
    ],
)  # fmt: skip
def test_what_is_touched_is_run_and_nothing_else(
    tmp_path: Path, name: str, text: str, programs: list[str] | None
) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    seen = watcher(tmp_path)
    told = saved(seen, name, text)
    assert (name in told) == (programs is not None)
    found = [line.partition(": passed")[0] for line in told.splitlines() if ": passed, " in line]
    assert found == (programs or []), told
    assert " under " not in told or found
    assert list(seen.look()) == []


@pytest.mark.parametrize(
    "name, text, lines",
    [
        pytest.param(
            FIXED, ADD + "print(5)\n",
            ["race/fixed under spawn", "-4\n+5", "nox -s update -- race/fixed"], id="difference",
        ),
        pytest.param(
            FIXED, ADD + "print(4", [f"{FIXED}:3: a syntax error: '(' was never closed"],
            id="syntax error",
        ),
        pytest.param(
            RACE, FILES[RACE] + "\n```text\n4\n", [f"{RACE}:", "a code fence that is never closed"],
            id="half a page",
        ),
        pytest.param(
            "mkdocs.yml", "nav:\n\t- index.md\n", ["mkdocs.yml:2: a line that is not YAML"],
            id="nav that is not YAML",
        ),
        pytest.param(
            "examples/race/fixed.out", b"\xff\n",
            ["fixed.out:1: a byte that is not UTF-8", "race/fixed under spawn: not compared"],
            id="output that is not UTF-8",
        ),
        pytest.param(
            "examples/race/fixed.out", None,
            ["fixed.out. Correct the name (there", "+4", "nox -s update -- race/fixed"],
            id="output removed",
        ),
        pytest.param(
            FIXED, None, [f"{RACE}:8: an include of a file that does not exist, {FIXED}"],
            id="program removed",
        ),
        pytest.param(
            "examples/race/new.py", ADD, ["new.py:1: a program that no page shows"],
            id="program that no page shows",
        ),
        pytest.param(
            "docs/race.md", "# Race\n", ["docs/race.md:1: two pages of the name race", RACE],
            id="problem of another page that is new",
        ),
        pytest.param(
            "docs/tour.ipynb", "{}", ["tour.ipynb: a notebook takes long; run it: nox -- -k tour"],
            id="notebook",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_fixed(
    tmp_path: Path, name: str, text: str | bytes | None, lines: list[str]
) -> None:
    seen = watcher(tmp_path)
    told = saved(seen, name, text)
    for line in lines:
        assert line in told
    green = {FIXED: ADD + "print(4)\n", "examples/race/fixed.out": "4\n", **FILES}
    if name in green:
        told = saved(seen, name, green[name])
        assert "Correct" not in told
        assert "nox -s update" not in told


def test_a_program_that_hangs_is_stopped(tmp_path: Path) -> None:
    seen = watcher(tmp_path, {"examples/race/other.py": None, RACE: PAGE})
    seen.time_limit = 0.5
    told = saved(seen, FIXED, ADD + "while True: pass\n")
    assert "it should be exit status 0, was still running after 0.5 s" in told


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="without fork")
def test_an_output_of_another_case_is_run_in_that(tmp_path: Path) -> None:
    files = {
        RACE: PROGRAM + TABS.format("fork and forkserver", "spawn"),
        "examples/race/fixed.spawn.out": "4\n",
        "examples/race/other.py": None,
    }
    seen = watcher(tmp_path, files)
    told = saved(seen, "examples/race/fixed.out", "5\n")
    assert "race/fixed under spawn: passed" in told
    assert "race/fixed under fork\n" in told


def test_a_program_without_output_for_the_method_is_not_run(tmp_path: Path) -> None:
    page = PROGRAM + TABS.format("fork", "forkserver")
    files = {RACE: page, "examples/race/fixed.spawn.out": "4\n", "examples/race/other.py": None}
    told = saved(watcher(tmp_path, files), FIXED, ADD + "print(5)\n")
    assert "the program race/fixed has no output for spawn" in told
    assert "under spawn" not in told


def test_an_output_of_another_python_is_named(tmp_path: Path) -> None:
    labels = ["Python 3.11", "Python 3.12 and later"]
    if THIS < (3, 12):
        labels.reverse()
    files = {
        RACE: PROGRAM + TABS.format(*labels),
        "examples/race/fixed.spawn.out": "4\n",
        "examples/race/other.py": None,
    }
    told = saved(watcher(tmp_path, files), "examples/race/fixed.out", "5\n")
    others = labels[0].removeprefix("Python ")
    assert f"fixed.out: not run, it is for Python {others} only" in told


def test_a_file_that_vanishes_meanwhile_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = watcher(tmp_path)

    def gone(root: Path) -> None:
        raise FileNotFoundError("fixed.py")

    with monkeypatch.context() as patched:
        patched.setattr(watch, "read_site", gone)
        assert saved(seen, FIXED, ADD + "print(5)\n") == "fixed.py. Save it again."
    assert "-4\n+5" in "\n".join(seen.look())


def test_events_of_one_save_are_taken_together() -> None:
    events = watch.Saves(SimpleQueue())
    for _ in range(3):
        events.on_any_event(FileModifiedEvent("race.md"))
    watch.wait(events.saved)
    assert events.saved.empty()


def test_it_waits_as_long_as_nothing_is_saved() -> None:
    events = watch.Saves(SimpleQueue())
    later = Timer(1.2, events.on_any_event, [FileModifiedEvent("race.md")])
    later.start()
    watch.wait(events.saved)
    assert later.finished.is_set()


def test_a_file_that_is_gone_since_it_was_listed_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "examples" / "race" / "gone.py"
    monkeypatch.setattr(watch, "examples", lambda root: [gone])
    assert list(watch.files(tmp_path)) == []


def test_reading_is_no_change() -> None:
    events = watch.Saves(SimpleQueue())
    events.on_any_event(FileClosedNoWriteEvent("race.md"))
    assert events.saved.empty()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A small site with what runs it."""
    nav = FILES["mkdocs.yml"] + "  - pitfalls/print.md\n"
    page = PRINT.format("4")
    return make_with_harness(tmp_path, {**FILES, "mkdocs.yml": nav, "docs/pitfalls/print.md": page})


def test_fragments_of_a_page_are_run(copy: Path) -> None:
    seen = watch.Watcher(copy, ["spawn"], 20)
    name = "docs/pitfalls/print.md"
    assert f"{name}: its fragments passed" in saved(seen, name, PRINT.format("4"))
    told = saved(seen, name, PRINT.format("5"))
    assert f"{name}: its fragments failed:" in told
    assert "-#> 4\n  +#> 5" in told
    assert "=====" not in told
    (copy / "tests" / "test_fragments.py").write_text("no Python", "utf-8")
    assert "SyntaxError" in saved(seen, name, PRINT.format("6"))


@pytest.mark.skipif(sys.platform == "win32", reason="ends the process instead")
def test_a_fragment_that_hangs_is_stopped(copy: Path) -> None:
    shorten(copy / "examples" / "_runner.py", "TIME_LIMIT", 3)
    name = "docs/pitfalls/print.md"
    hangs = PRINT.format("4").replace("print(4)", "while True: pass")
    told = saved(watch.Watcher(copy, ["spawn"], 20), name, hangs)
    assert told.endswith(f"{name}:3: still running after 3 s, in line 4\nFix the code")


def test_a_time_limit_is_above_0(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["watch", "--time-limit", "0"])
    with pytest.raises(SystemExit, match="2"):
        watch.main()
    assert "--time-limit: '0' is not a number of seconds above 0" in capsys.readouterr().err


def test_the_command_tells_of_each_save(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make(tmp_path, FILES)
    saves = iter([ADD + "print(5)\n", ADD + "print(4)\n"])

    def save(events: object) -> None:
        if (text := next(saves, None)) is None:
            monkeypatch.setattr(_interrupts, "received", signal.SIGINT)
            raise _interrupts.Interrupted
        (root / FIXED).write_text(text, "utf-8")

    monkeypatch.setattr(watch, "ROOT", root)
    monkeypatch.setattr(watch, "wait", save)
    monkeypatch.setattr("sys.argv", ["watch", "--start-method", "spawn"])
    with pytest.raises(_interrupts.Interrupted):
        watch.main()
    told = capsys.readouterr().out
    assert "under spawn. Ctrl-C ends it." in told
    assert told.index("-4\n+5") < told.index("race/fixed under spawn: passed")


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to one process")
def test_the_command_watches_until_it_is_interrupted(copy: Path) -> None:
    command = [sys.executable, "-u", "-m", "tests.harness", "watch"]
    with subprocess.Popen(
        command, cwd=copy, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    ) as process:
        too_long = Timer(60, process.kill)  # a test that failed ends, too
        too_long.start()
        assert process.stdout
        lines: Callable[[], str] = process.stdout.readline
        try:
            assert lines().startswith(
                f"Watching docs/ and examples/, on Python {named(THIS)} under"
            )
            (copy / FIXED).write_text(ADD + "print(5)\n", "utf-8")
            told = []
            while (line := lines()) and "nox -s update -- race/fixed" not in line:
                told.append(line)
            assert "+5\n" in told
        finally:
            process.send_signal(signal.SIGINT)
        assert process.stdout.read().endswith("\nInterrupted: no longer watching.\n")
        assert process.wait() == 130
        too_long.cancel()
