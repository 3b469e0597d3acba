"""Faults are put into programs from outside, and what becomes of these is told."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from examples import _runner
from examples._runner import TIME_LIMIT, Outcome
from tests.harness.read.site import read_site
from tests.harness.run import faults
from tests.harness.run.faults import Faulty, put_in
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


@pytest.mark.skipif(not faults.can_be_full(), reason="no namespaces")
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
        "count/two,fork,raises,7 told",
        "count/two,fork,stopped,hangs",
        "count/two,fork,killed-idle,-",
    ]
    expectation = read_site(root).programs["count/two"].expectation("fork")
    assert expectation
    left = ["left a process behind: one", "left a process behind: two", "left a block behind: b"]
    for printed, told in ("done\n", "right left block process"), ("", "WRONG left block process"):
        run = Faulty(Outcome(0, printed, "", left), True, 1)
        assert tool.outcome(run, expectation) == told
