"""What other systems and releases printed is recorded under the right labels, or refused."""

import json
import platform
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from examples._runner import Outcome
from tests.harness.read.model import Site
from tests.harness.read.site import read_site
from tests.harness.read.versions import Release, named
from tests.harness.read.words import START_METHODS
from tests.harness.tell import results
from tests.harness.tell.results import Checked, Run
from tests.harness.tools import update
from tests.test_harness_site import make

OUTPUT = """
```text title="{title}"
--8<-- "race/{file}"
```
"""
TABS = """
=== "fork"

    ```text title="Output"
    --8<-- "race/{name}.out"
    ```

    Lines are written in this order.

=== "forkserver and spawn"

    ```text title="Output"
    --8<-- "race/{name}.spawn.out"
    ```
"""
IN_TAB = OUTPUT.format(title="Output", file="{name}.out").replace("\n", "\n    ").rstrip()
RELEASES = f"""
=== "Python 3.11 to 3.12"
{IN_TAB}

=== "Python 3.13 and later"
{IN_TAB.replace(".out", ".3.13.out")}

Done.
"""
ERROR = OUTPUT.format(title="Output", file="{name}.out") + OUTPUT.format(
    title="Standard error, exit status 1", file="{name}.err"
)
PAGES = {  # how each program's output stands on the page
    **dict.fromkeys(
        (f"plain{n}" for n in range(10)), OUTPUT.format(title="Output", file="{name}.out")
    ),
    **dict.fromkeys(("error1", "error2"), ERROR),
    "tabs1": TABS,
    **dict.fromkeys(("releases1", "releases2"), RELEASES),
    "order": OUTPUT.format(title="Output, in any order", file="{name}.out"),
    "dots": OUTPUT.format(title="Output, with ... for what differs", file="{name}.out"),
    "same": OUTPUT.format(title="Output", file="{name}.out"),
    "hangs": OUTPUT.format(title="Output, still running after 5 s", file="{name}.out"),
    "tabs2": TABS,
}
assert len(PAGES) == 20
THERE: Release = (3, 13, 5)
Record = Callable[..., tuple[int, str]]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Twenty programs on a page, and no results of this machine."""
    page = "# Race\n"
    files: dict[str, str | bytes | None] = {
        "examples/race/fixed.py": None,
        "examples/race/fixed.out": None,
    }
    for name, shown in PAGES.items():
        page += f'\n```python title="race/{name}.py"\n--8<-- "race/{name}.py"\n```\n'
        page += shown.replace("{name}", name)
        files[f"examples/race/{name}.py"] = f'"""Say {name}."""\n\nprint("/tmp/a")\nprint("b")\n'
        for line in shown.replace("{name}", name).splitlines():
            if "8<" in line:
                file = line.split('"')[1]
                text = "KeyError: 'a'\n" if file.endswith(".err") else "/tmp/a\nb\n"
                files[f"examples/{file}"] = text
    make(tmp_path, {**files, "docs/pitfalls/race.md": page})
    monkeypatch.setattr(update, "ROOT", tmp_path)
    monkeypatch.setattr(results, "FOLDER", tmp_path / "results")
    found = read_site(tmp_path)
    assert not found.problems, found.problems[0]
    return found


@pytest.fixture
def record(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Record:
    """The command, with its exit status and what it prints."""

    def run(*options: str) -> tuple[int, str]:
        arguments = ["update", "--from", str(site.root / "there"), *options]
        monkeypatch.setattr("sys.argv", arguments)
        status = update.main()
        return status, capsys.readouterr().out

    return run


def outcome(stdout: str = "C:\\a\nb\n", stderr: str = "", status: int | None = 0) -> Outcome:
    return Outcome(status, stdout, stderr)


def checked(
    site: Site,
    name: str,
    came_to: Outcome | None,
    method: str = "spawn",
    system: str = "Windows",
    release: Release = THERE,
) -> Checked:
    """One check of a program as a machine wrote it; None where it passed."""
    program = site.programs[f"race/{name}"]
    expectation = program.expectation(method, release, system)
    assert expectation is not None
    hash = program.hash(expectation)
    return Checked(program.name, hash, method, True, came_to is None, 0.1, came_to)


def write(
    site: Site, *checks: Checked, system: str = "Windows", release: Release = THERE, **changes: Any
) -> Path:
    """A results file of another machine."""
    fields = {"contract": "", "site": site.hash, "python": named(release), "system": system}
    run = Run(**{**fields, "date": "2026-11-26T00:00:00", "checked": list(checks), **changes})
    folder = site.root / "there"
    folder.mkdir(exist_ok=True)
    path = folder / f"{len(list(folder.iterdir()))}.json"
    path.write_text(results.as_json(run), "utf-8")
    return path


def shown(site: Site, name: str, method: str, release: Release, system: str) -> list[str]:
    """What the page says now, in one case."""
    expectation = read_site(site.root).programs[f"race/{name}"].expectation(method, release, system)
    assert expectation is not None
    return [one.text for one in expectation.shown]


def test_windows_is_recorded_beside_what_there_was(site: Site, record: Record) -> None:
    """Twenty programs: paths, messages, line ends and exit statuses of another system."""
    error = "KeyError: 'a'\nPermissionError: [WinError 5] Access is denied\n"
    came_to = {
        **{name: outcome() for name in PAGES},
        "plain1": outcome("C:\\a\r\nb\r\n"),
        "plain2": outcome(status=3),
        "plain3": Outcome(0, "C:\\a\n", "", ["left a file behind: a"]),
        "plain4": outcome("C:\\a\tb\n"),
        "plain5": outcome("\udc80\n"),
        "plain6": outcome("C:\\a\n", "a warning\n"),
        "error1": outcome("/tmp/a\nb\n", error, 1),
        "error2": outcome("C:\\a\r\n", error.replace("\n", "\r\n"), 1),
        "order": outcome("b\nC:\\a\n"),
        "dots": outcome("C:\\a\nb\n"),
        "same": None,
        "hangs": outcome(status=None),
    }
    write(site, *(checked(site, name, one) for name, one in came_to.items()))
    before = (site.root / "docs/pitfalls/race.md").read_text("utf-8")
    status, told = record("--report")
    assert status == 0
    assert "14 would be recorded, 5 refused, 0 of them recorded there before" in told
    assert (site.root / "docs/pitfalls/race.md").read_text("utf-8") == before
    status, told = record()
    assert status == 1
    assert told.splitlines()[-1] == "14 recorded, 5 refused, 0 of them recorded there before"
    reasons = {
        "plain2": "it should be exit status 0, was exit status 3",
        "plain3": "left a file behind",
        "plain4": "a tab or another control character",
        "plain5": "its output is not UTF-8",
        "plain6": "the page shows no standard error",
    }
    for name, reason in reasons.items():
        (line,) = [line for line in told.splitlines() if f"race/{name}, Windows: refused" in line]
        assert line.startswith("docs/pitfalls/race.md:")
        assert reason in told
    for name in [*PAGES, "same"]:
        on_linux = shown(site, name, "spawn", THERE, "Linux")
        assert on_linux[0] == "/tmp/a\nb\n"
        on_windows = shown(site, name, "spawn", THERE, "Windows")
        if name in reasons or name in {"same", "error1"}:
            assert on_windows[0] == on_linux[0]
        else:
            assert on_windows[0] == came_to[name].stdout.replace("\r\n", "\n")  # type: ignore[union-attr]
    for name in "error1", "error2":
        assert shown(site, name, "spawn", THERE, "Windows")[1] == error
        assert shown(site, name, "spawn", THERE, "macOS")[1] == "KeyError: 'a'\n"
    page = (site.root / "docs/pitfalls/race.md").read_text("utf-8")
    assert (
        '=== "Linux and macOS"\n\n    ```text title="Output"\n    --8<-- "race/plain0.out"' in page
    )
    assert (
        '=== "Windows"\n\n    ```text title="Output"\n    --8<-- "race/plain0.windows.out"' in page
    )
    assert '=== "forkserver and spawn, Linux and macOS"' in page
    assert '=== "Python 3.13 and later, Windows"\n\n    ```text title="Output"\n' in page
    assert page.endswith("\nDone.\n") or "\nDone.\n" in page
    assert not read_site(site.root).problems
    assert record() == (1, record()[1])  # what is recorded is of another text now


def test_what_was_recorded_for_a_system_binds_it(site: Site, record: Record) -> None:
    write(site, checked(site, "plain0", outcome()))
    assert record()[0] == 0
    (site.root / "there/0.json").unlink()
    again = read_site(site.root)
    write(again, checked(again, "plain0", outcome("D:\\a\n")), checked(again, "plain1", outcome()))
    status, told = record("--report")
    assert status == 1
    assert "2 would be recorded, 0 refused, 1 of them recorded there before" in told
    assert "plain0, recorded for Windows before" in told
    assert record()[0] == 0
    assert shown(site, "plain0", "spawn", THERE, "Windows") == ["D:\\a\n"]
    assert (site.root / "examples/race/plain0.windows.out").read_text("utf-8") == "D:\\a\n"


@pytest.mark.parametrize(
    "cells, label",
    [
        ({("fork", "Linux", (3, 13, 17)): True}, "Python 3.13.17 to 3.13"),
        (
            {("fork", "Linux", (3, 13, 7)): True, ("fork", "Linux", (3, 13, 9)): False},
            "Python 3.13.7 to 3.13.8",
        ),
        (
            {("fork", "Linux", (3, 14, 1)): True, ("fork", "Linux", (3, 13, 9)): True,
             ("spawn", "Linux", (3, 14, 1)): False},
            "fork, Python 3.13.9 and later and 3.14.1 to 3.14",
        ),
        ({("fork", "Linux", (3, 15, 1)): True}, "Python 3.15.1 and later"),
        ({("fork", "macOS", (3, 13, 5)): True, ("spawn", "macOS", (3, 13, 5)): False},
         "fork, macOS"),
        ({("fork", "macOS", (3, 13, 5)): True, ("fork", "macOS", (3, 14, 5)): False},
         "Python 3.13.5 to 3.13, macOS"),
        (
            {("fork", "macOS", (3, 13, 5)): True, ("spawn", "macOS", (3, 13, 5)): False,
             ("fork", "macOS", (3, 14, 5)): False},
            "fork, Python 3.13.5 to 3.13, macOS",
        ),
    ],
)  # fmt: skip
def test_the_label_says_where_it_differs(
    site: Site, record: Record, cells: dict[tuple[str, str, Release], bool], label: str
) -> None:
    for (method, system, release), differs in cells.items():
        came_to = outcome() if differs else None
        one = checked(site, "plain0", came_to, method, system, release)
        write(site, one, system=system, release=release)
    status, told = record()
    assert status == 0, told
    assert f"race/plain0: for {label}\n" in told
    for (method, system, release), differs in cells.items():
        text = "C:\\a\nb\n" if differs else "/tmp/a\nb\n"
        assert shown(site, "plain0", method, release, system) == [text]


def test_results_of_here_say_where_it_was_the_same(site: Site, record: Record) -> None:
    run = checked(site, "plain0", None, "fork", "Linux", (3, 13, 9))
    path = write(site, run, system="Linux", release=(3, 13, 9))
    (site.root / "results").mkdir()
    path.rename(site.root / "results/here.json")
    came_to = checked(site, "plain0", outcome(), "fork", "Linux", (3, 13, 7))
    write(site, came_to, system="Linux", release=(3, 13, 7))
    assert "race/plain0: for Python 3.13.7 to 3.13.8\n" in record()[1]


def test_what_is_not_the_same_twice_is_refused(site: Site, record: Record) -> None:
    for one in None, outcome():
        write(site, checked(site, "plain0", one))
    for one in outcome(), outcome("other\n"), outcome(status=4):
        write(
            site, checked(site, "plain1", one), checked(site, "dots", one and outcome(one.stdout))
        )
    for one in outcome(), outcome(status=4):
        write(site, checked(site, "plain2", one))
    for one in outcome("b\nC:\\a\n"), outcome("C:\\a\nb\n"):
        write(site, checked(site, "order", one))
    status, told = record()
    assert status == 1
    cell = "under spawn on Python 3.13.5"
    assert f"plain0, Windows: refused: not deterministic: as the page says, and not, {cell}" in told
    assert (
        f"plain1, Windows: refused: not deterministic: it printed different things {cell}" in told
    )
    assert (
        f"plain2, Windows: refused: not deterministic: it printed different things {cell}" in told
    )
    assert "race/order: for Windows" in told
    assert "dots, Windows: refused: for dots.out, it printed nothing, or nothing that" in told


def test_a_variant_that_differs_by_method_and_release_is_left_to_people(
    site: Site, record: Record
) -> None:
    cells = [("fork", (3, 13, 5), True), ("spawn", (3, 13, 5), False), ("spawn", (3, 13, 7), True)]
    cells += [("fork", (3, 13, 7), False)]
    for method, release, differs in cells:
        came_to = outcome() if differs else None
        one = checked(site, "plain0", came_to, method, "macOS", release)
        write(site, one, system="macOS", release=release)
    status, told = record()
    assert status == 1
    assert "give each case a tab of its own" in told


def test_what_is_not_of_this_site_is_told(site: Site, record: Record) -> None:
    stale = checked(site, "plain0", outcome())
    stranger = Checked("lost/fixed", "0", "spawn", True, False, 0.1, outcome())
    fragment = Checked("a/print.md:3", "0", "", True, False, 0.1, Outcome(faults=["-4\n+5"]))
    passed = replace(stranger, block="gone/fixed", passed=True, outcome=None)
    unkept = replace(checked(site, "plain2", outcome()), outcome=None)
    path = write(site, stranger, fragment, stale, checked(site, "plain1", None), passed, unkept)
    (site.root / "examples/race/plain0.out").write_text("changed\n", "utf-8")
    status, told = record()
    assert status == 1
    assert f"refused: {path}:" in told
    assert ": race/plain0: of another text of this program or its output. Run its tests" in told
    assert "plain2, Windows: refused: under spawn on Python 3.13.5, run 1: its output was" in told
    assert "gone/fixed" not in told
    assert ": lost/fixed: a program that this site does not have. Delete the file, if" in told
    assert ": a/print.md:3: only a program has an output for each system. Let it print" in told
    line = int(told.partition(f"{path}:")[2].partition(":")[0])
    assert '"lost/fixed"' in path.read_text("utf-8").splitlines()[line - 1]


@pytest.mark.parametrize(
    "old, new, line, what",
    [
        (b'"Windows"', b'"BeOS"', 5, "an unknown system, 'BeOS'"),
        (b'"3.13.5"', b'"three"', 4, "an unknown Python, 'three'"),
        (b'"Windows"', b'"\xff"', 5, "a byte that is not UTF-8"),
        (b'"Windows",', b'"Windows"', 6, "no JSON: Expecting ',' delimiter"),
        (b'"checked"', b'"seen"', 1, "KeyError: 'checked'"),
        (b'"3.13.5"', b'"3.10.5"', 4, "an unknown Python, '3.10.5'"),
        (b'"spawn"', b'"fork"', 11, "no start method of Windows, 'fork'"),
        (b'"race/plain0"', b"5", 9, "block is 5"),
        (b'"there\\n"', b"null", 17, "stdout is None"),
    ],
)
def test_a_file_that_is_no_results_file_is_named(
    site: Site, record: Record, old: bytes, new: bytes, line: int, what: str
) -> None:
    path = write(site, checked(site, "plain0", outcome("there\n")))
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))
    status, told = record()
    assert status == 2
    assert told.startswith(f"{path}:{line}: not a results file of these tests ({what}")
    assert told.endswith("); delete it\n")


def test_a_folder_without_results_is_told(site: Site, record: Record) -> None:
    status, told = record()
    assert status == 2
    assert "no results files. Give the folder that holds what a test run wrote" in told


def test_a_file_in_the_way_is_told_and_nothing_is_written(site: Site, record: Record) -> None:
    write(site, checked(site, "plain0", outcome()))
    (site.root / "examples/race/plain0.windows.out").write_text("mine\n", "utf-8")
    before = (site.root / "docs/pitfalls/race.md").read_bytes()
    status, told = record()
    assert status == 1
    assert "there is a file plain0.windows.out already. Show it, or delete it" in told
    assert (site.root / "docs/pitfalls/race.md").read_bytes() == before


def test_a_page_that_would_not_be_right_is_left_as_it_was(site: Site, record: Record) -> None:
    write(site, checked(site, "plain0", outcome()))
    (site.root / "docs/stray.md").write_text("# Stray\n", "utf-8")
    before = (site.root / "docs/pitfalls/race.md").read_bytes()
    status, told = record()
    assert status == 1
    assert "add a tab by hand" in told
    assert "docs/stray.md:1: " in told
    assert (site.root / "docs/pitfalls/race.md").read_bytes() == before
    assert not (site.root / "examples/race/plain0.windows.out").exists()


def test_outcomes_are_kept_with_the_build(site: Site) -> None:
    one = checked(site, "plain0", outcome("\udc80"))
    path = results.write([one], "", site.hash, site.root / "here")
    (run,) = results.read(site.root / "here")
    assert run.checked == [one]
    assert run.path == path
    assert platform.machine() in run.build
    assert "outcome" in json.loads(path.read_text("utf-8"))["checked"][0]
    assert START_METHODS
