"""Faults are put into programs from outside, and what becomes of these is told."""

import signal
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from markdown import Markdown

from examples import _runner
from examples._runner import TIME_LIMIT, Outcome
from tests.harness.compare.faults import differences, outcome
from tests.harness.compare.record import Refused
from tests.harness.read.faults import Fate, text_of
from tests.harness.read.site import read_site
from tests.harness.read.versions import THIS, named
from tests.harness.read.words import START_METHODS, Case, read_case
from tests.harness.run import faults
from tests.harness.run.faults import Faulty, put_in
from tests.harness.run.pythons import Python
from tests.harness.tell import stamps
from tests.harness.tell.faults import matrix, outcomes
from tests.harness.tools import faults as tool
from tests.test_harness_site import make

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
ELSEWHERE = "no-files", "unpicklable-argument"  # faults that hit another process than a worker
HANGS = 5.0  # seconds after which a program that hangs is stopped
PROCESSES = '''"""Two processes count, each under a lock, and send."""

import sys
from multiprocessing import Lock, Pipe, Process


def count(lock, sender):
    with lock:
        counted = 1
        counted += 1
    sender.send(counted)


def main():
    lock = Lock()
    receiver, sender = Pipe(duplex=False)
    workers = [Process(target=count, args=(lock, sender)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    codes = [worker.exitcode for worker in workers]
    with lock:
        print("done")
    sys.exit(7 if any(codes) else 0)


if __name__ == "__main__":
    main()
'''
POOL = '''"""A pool, whose initializer is a function of the program."""

from multiprocessing import Manager, Pool


def begin(names):
    names.append("a worker")


def double(number):
    doubled = 2 * number
    return doubled


def main():
    with Manager() as manager:
        names = manager.list()
        with Pool(1, begin, (names,)) as pool:
            print(pool.map(double, range(3), chunksize=1))
            print(pool.apply(double, (3,)), len(names))


if __name__ == "__main__":
    main()
'''


def ran(
    folder: Path,
    text: str,
    fault: str,
    method: str = "fork",
    which: int = 2,
    limit: float = TIME_LIMIT,
) -> Faulty:
    program = folder / "program.py"
    program.write_text(text, "utf-8")
    return put_in(program, method, fault, which, limit)


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        ("", 0, ""),
        ("raises", 7, "Fault: a fault that was put in"),
        ("raises-later", 7, "Fault: a fault that was put in"),
        ("exits", 7, ""),
        ("killed", 7, ""),
        ("killed-holding", None, ""),
        ("stopped", None, ""),
        ("interrupted", -2, "KeyboardInterrupt"),
        ("interrupted-twice", -2, "KeyboardInterrupt"),
        ("terminated", -15, ""),
        ("parent-killed", -9, ""),
        ("unpicklable-result", 7, "cannot pickle 'a fault that was put in'"),
        ("no-files", 1, "Too many open files"),
        ("unpicklable-argument", 0, ""),  # under `fork` no argument is pickled
    ],
)
def test_a_fault_of_a_process(tmp_path: Path, fault: str, status: int | None, error: str) -> None:
    which, limit = (2, TIME_LIMIT) if status is not None else (1, HANGS)
    found = ran(tmp_path, PROCESSES, fault, which=which, limit=limit)
    assert found.outcome.status == status, found
    assert error in found.outcome.stderr
    assert found.hit == (status != 0)
    assert found.workers == 2 * (fault not in ELSEWHERE) or status is None


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("killed-idle", None),
        ("manager-killed", 1),
        ("unpicklable-argument", 1),
    ],
)
def test_a_fault_of_a_pool(tmp_path: Path, fault: str, status: int | None) -> None:
    limit = TIME_LIMIT if status is not None else HANGS
    found = ran(tmp_path, POOL, fault, which=1, limit=limit)
    assert found.hit
    assert found.outcome.status == status, found


def test_a_fork_server_that_is_killed_cannot_tell_how_a_process_ended(tmp_path: Path) -> None:
    found = ran(tmp_path, PROCESSES, "fork-server-killed", "forkserver")
    assert found.hit
    assert found.outcome.status == 7


@pytest.mark.parametrize("fault", ["killed-idle", "manager-killed", "fork-server-killed"])
def test_what_a_program_does_not_have_is_not_hit(tmp_path: Path, fault: str) -> None:
    found = ran(tmp_path, PROCESSES, fault)
    assert (found.hit, found.outcome.status) == (False, 0)


@pytest.mark.skipif(not faults.possible("shared-memory-full"), reason="no namespaces")
def test_shared_memory_that_is_full(tmp_path: Path) -> None:
    found = ran(tmp_path, PROCESSES.replace("Lock()", "[Lock() for _ in range(9)][0]"),
                "shared-memory-full")  # fmt: skip
    assert found.hit
    assert "No space left on device" in found.outcome.stderr


def test_who_has_ended_is_not_hit() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    assert not faults._kill(process.pid, signal.SIGKILL)
    assert _runner._command(process.pid) == "one that has ended since"


PAGE = """---
description: Two processes.
---

# Count

```python title="count/{name}.py"
--8<-- "count/{name}.py"
```

```text title="Output"
--8<-- "count/{name}.out"
```
"""


def test_it_tells_what_becomes_of_the_programs_of_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "docs/examples/count.md": PAGE.format(name="two"),
        "examples/count/two.py": PROCESSES,
        "examples/count/two.out": "done\n",
        "docs/examples/alone.md": PAGE.format(name="alone").replace("count/", "alone/"),
        "examples/alone/alone.py": '"""It is alone."""\n\nprint("done")\n',
        "examples/alone/alone.out": "done\n",
        "docs/examples/fails.md": PAGE.format(name="fails")
        .replace("count/", "fails/")
        .replace('"Output"', '"Output, exit status 3"'),
        "examples/fails/fails.py": '"""It fails."""\n\nprint("done")\nraise SystemExit(3)\n',
        "examples/fails/fails.out": "done\n",
        "docs/examples/needs.md": PAGE.format(name="needs").replace("count/", "needs/"),
        "examples/needs/needs.py": '# /// script\n# dependencies = ["no_such"]\n# ///\n"""It."""\n',
        "examples/needs/needs.out": "done\n",
    }
    root = make(tmp_path, files)
    monkeypatch.setattr(tool, "ROOT", root)
    monkeypatch.setattr(tool, "PATIENCE", 2)
    asked = ["faults", "--start-method", "fork"]
    for fault in "raises", "stopped", "killed-idle":
        asked += ["--fault", fault]
    monkeypatch.setattr(sys, "argv", asked)
    assert tool.main() == 0
    assert capsys.readouterr().out.splitlines() == [
        "program,start method,fault,outcome",
        'count/two,fork,raises,"status 7, told"',
        "count/two,fork,stopped,hangs",
        "count/two,fork,killed-idle,-",
    ]
    expectation = read_site(root).programs["count/two"].expectation("fork")
    assert expectation
    left = ["left a process behind: one", "left a process behind: two", "left a block behind: b"]
    for printed, told in ("done\n", "right"), ("", "wrong"):
        run = Faulty(Outcome(0, printed, "", left), True, 1)
        assert outcome(run, expectation) == f"{told} result, leaves a block and a process"


ONLY_THIS = {THIS: Python(sys.executable, THIS, frozenset())}
TABLE = """
```text title="If something fails"
--8<-- "count/two.faults"
```
"""


def with_table(folder: Path, text: str) -> Path:
    """A site with a page that has a table of faults."""
    return make(
        folder,
        {
            "docs/examples/count.md": PAGE.format(name="two") + TABLE,
            "examples/count/two.py": PROCESSES,
            "examples/count/two.out": "done\n",
            "examples/count/two.faults": text,
        },
    )


def test_a_table_is_recorded_and_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fates = [Fate("raises", "status 0"), Fate("killed-holding", "status 0")]
    root = with_table(tmp_path, text_of(fates))
    monkeypatch.setattr(tool, "ROOT", root)
    monkeypatch.setattr(tool, "PATIENCE", 2)
    monkeypatch.setattr(tool, "METHODS", ["fork"])
    monkeypatch.setattr(tool, "find_pythons", lambda _: ONLY_THIS)
    monkeypatch.setattr(sys, "argv", ["faults", "--record", "count"])
    assert tool.main() == 0
    assert capsys.readouterr().out.endswith("Done\n")
    program = read_site(root).programs["count/two"]
    expectation = program.expectation("fork")
    assert program.table and expectation
    told = [Fate("raises", "status 7, told"), Fate("killed-holding", "hangs")]
    assert program.table.fates == told
    assert list(differences(program, "fork", expectation, told)) == []
    other = [
        *[Fate("raises", "status 0"), Fate("killed-idle", "hangs")],
        *[Fate("fork-server-killed", "hangs"), Fate("exits", "hangs", read_case("spawn"))],
    ]
    assert list(differences(program, "fork", expectation, other)) == [
        "raises: status 7, told; the table says status 0",
        "killed-idle: -; the table says hangs",
    ]


OLD, NEW = (3, 13, 5), (3, 13, 18)


def test_a_table_has_a_line_for_each_case() -> None:
    outcomes = {("fork", OLD): "hangs", ("spawn", OLD): "status 1", ("fork", NEW): "hangs"}
    assert list(tool.in_cases([], outcomes)) == [
        (read_case("fork"), "hangs"),
        (read_case("spawn"), "status 1"),
    ]
    known = [read_case("fork and spawn")]
    assert list(tool.in_cases(known, outcomes)) == list(tool.in_cases([], outcomes))
    everywhere = dict.fromkeys(product(START_METHODS, [OLD]), "hangs")
    assert list(tool.in_cases([], everywhere)) == [(Case(), "hangs")]
    known = [read_case("Python 3.11 to 3.13.5"), read_case("Python 3.13.6 and later")]
    later = {("fork", OLD): "hangs", ("fork", NEW): "status 1"}
    assert [what for _, what in tool.in_cases(known, later)] == ["hangs", "status 1"]
    with pytest.raises(Refused, match=r"hangs: fork 3\.13\.5; status 1: fork 3\.13\.18"):
        list(tool.in_cases([Case()], later))


def test_a_table_that_cannot_be_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tool, "ROOT", with_table(tmp_path, "a worker raises   hangs\n"))
    pythons = {release: Python(named(release), release, frozenset()) for release in (OLD, NEW)}
    monkeypatch.setattr(tool, "find_pythons", lambda _: pythons)
    monkeypatch.setattr(tool, "tell", lambda _, wanted, python: dict.fromkeys(wanted, python))
    assert tool.record([]) == 1
    told = capsys.readouterr().out
    assert told.startswith("count/two: refused: one fault has two outcomes; ")
    assert told.endswith("1 refused\n")


def test_a_fault_that_is_not_possible_here_is_left_out_and_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = [Fate("raises", "status 7, told"), Fate("shared-memory-full", "right result")]
    root = with_table(tmp_path, text_of(table))
    monkeypatch.setattr(faults, "permitted", lambda *_: False)
    monkeypatch.setattr(tool, "ROOT", root)
    monkeypatch.setattr(tool, "find_pythons", lambda _: ONLY_THIS)
    program = read_site(root).programs["count/two"]
    expectation = program.expectation("fork")
    assert program.table and expectation
    assert list(differences(program, "fork", expectation, table)) == []
    case = program, "fork", expectation
    assert list(tool.tell(case, [fate.fault for fate in table])) == ["raises"]
    assert tool.record(["count"]) == 1
    assert "refused: this system does not let it be put in: /dev/shm is" in capsys.readouterr().out
    assert read_site(root).programs["count/two"].table == program.table


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a worker raises hangs\n", "examples/count/two.faults:1: no fault and its outcome, 'a"),
        ("a worker rises  hangs\n", "Correct it (there is 'a worker raises')"),
        ("  hangs\n", "examples/count/two.faults:1: no fault and its outcome, '  hangs'"),
        ("Ctrl-C  fork: hangs\n", "examples/count/two.faults:1: 'Ctrl-C' has no outcome for fork"),
        ("Ctrl-C  hangs\n  fork: hangs\n", "has 2 outcomes for fork on Python 3.11.0"),
        ("Ctrl-C  on Mars: hangs\n", "unknown words in the tab 'on Mars'. Write start methods"),
    ],
)
def test_a_table_that_is_wrong_is_told(tmp_path: Path, text: str, problem: str) -> None:
    assert problem in "\n".join(map(str, read_site(with_table(tmp_path, text)).problems))


def test_a_table_stands_once_and_in_no_tab(tmp_path: Path) -> None:
    root = with_table(tmp_path, "Ctrl-C  hangs\n")
    page = root / "docs/examples/count.md"
    page.write_text(page.read_text("utf-8") + TABLE, "utf-8")
    told = "docs/examples/count.md:19: a table of faults of count/two in a tab, or a second one"
    assert told in "\n".join(map(str, read_site(root).problems))


def test_a_table_that_is_not_recorded_yet_is_missing(tmp_path: Path) -> None:
    root = with_table(tmp_path, "")
    (root / "examples/count/two.faults").unlink()
    site = read_site(root)
    missing = "an include of a file that does not exist, examples/count/two.faults"
    assert missing in "\n".join(map(str, site.problems))
    table = site.programs["count/two"].table
    assert table and table.fates == []


def test_a_program_that_fails_has_no_faults_put_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = with_table(tmp_path, "")
    page = root / "docs/examples/count.md"
    page.write_text(page.read_text("utf-8").replace('"Output"', '"Output, exit status 7"'), "utf-8")
    monkeypatch.setattr(tool, "ROOT", root)
    monkeypatch.setattr(tool, "find_pythons", lambda _: ONLY_THIS)
    assert tool.record([]) == 0
    assert capsys.readouterr().out == "Done\n"


def test_the_site_lists_each_table(tmp_path: Path) -> None:
    site = read_site(with_table(tmp_path, "Ctrl-C  hangs\n"))
    (hash,) = (hash for name, hash, _ in stamps.every_block(site) if name == "count/two.faults")
    assert hash == site.programs["count/two"].hash_of_table


def test_all_tables_are_one_matrix(tmp_path: Path) -> None:
    """Each program of a tool is a line, with links to where it stands."""
    root = with_table(tmp_path, "a worker raises  status 1, told\n")
    (root / "docs/syntax").mkdir()
    (root / "docs/examples/count.md").rename(root / "docs/syntax/count.md")
    site = read_site(root)
    assert list(matrix(site, root / "docs" / "page.md", ["raises", "exits"])) == [
        "",
        "| Program | a worker raises | a worker calls sys.exit(3) |",
        "| --- | --- | --- |",
        "| [Count](syntax/count.md#count) | [status 1][], told | - |",
        "",
    ]
    (root / "examples/count/two.faults").write_text("Ctrl-C  fork: hangs\n  spawn: status 1\n")
    program = site.programs["count/two"]
    assert list(outcomes(program, "interrupted")) == ["fork: [hangs][]", "spawn: [status 1][]"]


def test_a_program_of_a_job_is_not_in_the_matrix(tmp_path: Path) -> None:
    root = with_table(tmp_path, "a worker raises  status 1, told\n")
    site = read_site(root)
    assert site.programs["count/two"].table
    assert len(list(matrix(site, root / "docs" / "page.md", ["raises"]))) == 4


def test_a_page_stamps_its_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = with_table(tmp_path, "Ctrl-C  hangs\n")
    monkeypatch.setattr(stamps, "ROOT", root)
    monkeypatch.setattr(stamps, "PAGE", root / "docs" / "page.md")
    lines = (root / "docs/examples/count.md").read_text("utf-8").splitlines()
    program = read_site(root).programs["count/two"]
    found = [system for *_, hash, system in stamps.outputs(lines) if hash == program.hash_of_table]
    assert found == [{"Linux"}]


def test_a_line_of_a_page_becomes_the_matrix(tmp_path: Path) -> None:
    stamp = stamps.StampOutputs(Markdown(), tmp_path)
    lines = stamp.run(["<!-- what becomes of programs: raises -->"])
    assert "| Program | a worker raises |" in lines
