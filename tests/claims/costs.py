"""What docs/costs/costs.md says."""

import ast
import io
import os
import re
import runpy
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from tests.claims import ROOT, no_fact, raises, script, shown
from tests.claims._costs import TOOL, part, recorded

ONE_CORE = """
import os
from multiprocessing import Process

def tell():
    print(os.sched_getaffinity(0) == {max(os.sched_getaffinity(0))})

if __name__ == "__main__":
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    process = Process(target=tell)
    process.start()
    process.join()
"""
TWO_BY_SPAWN = """
from multiprocessing import get_context

print("imported", flush=True)

if __name__ == "__main__":
    for _ in range(2):
        process = get_context("spawn").Process(target=abs, args=(-1,))
        process.start()
        process.join()
"""
LINE = {"name": "updates: RawValue, no lock", "loops": 1, "warmups": [(1, 2.0)], "values": [1.0]}


def _command(*words: str) -> tuple[int | str, str]:
    """What a command of the tool gives back, and what it prints."""
    part("_measure")  # whose neighbors can be imported from now on
    main = runpy.run_path(str(TOOL / "__main__.py"), run_name="costs")["main"]
    printed = io.StringIO()
    with patch.object(sys, "argv", ["costs", *words]), redirect_stdout(printed):
        status: int | str = main()
    return status, printed.getvalue()


def _measure(*words: str, interrupted: bool = False) -> tuple[str, list[Any], str]:
    """What `measure` prints, what it would measure, and the name of the file that it leaves."""
    asked: list[Any] = []

    def made_up(*arguments: Any) -> Iterator[dict[str, Any]]:
        asked.extend(arguments)
        yield LINE
        if interrupted:
            raise KeyboardInterrupt

    module, home = part("_measure"), os.getcwd()
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            with patch.object(module, "measure", made_up), patch.object(module, "note_signals"):
                _, printed = _command("measure", *words)
            (path,) = Path().iterdir()
            assert "RawValue" in path.read_text("utf-8")
            return printed, asked, path.name
        finally:
            os.chdir(home)


def one_command() -> None:
    """One command is a benchmark of `multiprocessing` on your machine: it measures what the
    tools of this site cost, and keeps the results in a file that the notebook of results reads.
    """
    _, asked, name = _measure()
    assert len({case.tool for case in asked[0]}) > 40
    assert name.endswith(".json")
    assert "_tables.read_all(Path())" in (ROOT / "docs/costs/results.ipynb").read_text("utf-8")


def where_it_is() -> None:
    """Download the notebook there and unpack it, or clone the repository. In that folder:

    To see the plots of your own run beside ours, measure into the folder of the notebook, and
    open it in Jupyter.

    End other programs before you measure.

    If the quartiles of two tools overlap, do not read their medians as a difference.
    """
    no_fact("advice")


def how_long_it_takes() -> None:
    """On a quiet machine, the quick run takes about half a minute, and is good enough to see
    which of two tools costs much more. Without `--quick`, a run takes some minutes, and is good
    enough to quote. The command prints an estimate when it starts; a busy machine takes longer.
    """
    plan, cases = part("_plan"), part("_measure").chosen([])
    assert 20 < plan.QUICK.seconds_of(cases) < 45
    assert 120 < plan.FULL.seconds_of(cases) < 600
    printed, *_ = _measure("--quick")
    assert "2 times; about 0:00:3" in printed.splitlines()[0]


def an_interrupt() -> None:
    """Ctrl-C keeps what has been measured by then."""
    printed, *_ = _measure(interrupted=True)
    assert "Interrupted" in printed


def never_overwritten() -> None:
    """A file that exists is never overwritten: give another name with `-o`."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "mine.json")
        path.write_text("mine", "utf-8")
        status, _ = _command("measure", "-o", str(path))
        assert "is there already; give another name with -o" in str(status)
        assert path.read_text("utf-8") == "mine"


def groups() -> None:
    """`measure` | measures all groups; `measure updates messages` measures only these two

    The groups are `updates`, `messages`, `arrays`, `starts`, `contention` and `advice`.
    """
    everything = ["updates", "messages", "arrays", "starts", "contention", "advice"]
    assert list(part("_groups").GROUPS) == everything
    for words, expected in [((), everything), (("updates", "messages"), everything[:2])]:
        _, asked, _ = _measure(*words)
        assert list(dict.fromkeys(case.group for case in asked[0])) == expected


def one_core() -> None:
    """`measure --one-core` | pins all processes to one core (Linux only)

    The system may move processes from core to core. With `--one-core` it cannot: all processes
    then share one core, and no two of them run at the same time.
    """
    if sys.platform == "linux":
        _, asked, _ = _measure("--one-core")
        assert asked[3] == str(max(os.sched_getaffinity(0)))
        timing = part("_timing")
        argv = ["_worker.py", "updates", "spawn", asked[3], "1", "1", "0"]
        with (
            patch.object(sys, "argv", argv),
            patch.object(timing, "GROUPS", {"updates": part("_case").Group("updates")}),
            patch.object(timing.multiprocessing, "set_start_method"),
            patch.object(os, "sched_setaffinity") as pinned,
        ):
            timing.main()
        pinned.assert_called_once_with(0, {int(asked[3])})
        assert script(ONE_CORE).stdout == "True\n"
        assert _measure()[1][3] == ""
    no_way = part("_results")
    with patch.object(no_way, "os", object()), raises(no_way.CannotPin):
        no_way.one_core()


def start_method() -> None:
    """`measure --start-method spawn` | uses another start method than your Python's default"""
    assert _measure("--start-method", "spawn")[1][2] == "spawn"


def name_of_the_file() -> None:
    """`measure -o mine.json` | names the file, which is `costs.json` otherwise"""
    assert _measure("-o", "mine.json")[2] == "mine.json"
    assert _measure()[2] == "costs.json"


def compare() -> None:
    """`compare one.json other.json` | says how many times slower or faster each case became, and
    lists the cases without a significant difference
    """
    files = [str(path) for path in sorted((ROOT / "docs" / "costs").glob("*.json"))[:2]]
    with patch("subprocess.run") as run:
        run.return_value.returncode = 0
        assert _command("compare", *files)[0] == 0
    called = [str(word) for word in run.call_args.args[0][1:]]
    assert called == ["-m", "pyperf", "compare_to", "--table", *files]
    results, about = part("_results"), {"python_version": "3.15.2"}
    same, slow = LINE | {"values": [1.0, 1.1]}, LINE | {"name": "slow", "values": [1.0, 1.1]}
    slower = slow | {"values": [3.0, 3.1]}
    with TemporaryDirectory() as folder:
        for name, line in ("one", slow), ("other", slower):
            results.save(results.suite([same, line], "spawn", about), Path(folder, name))
        argv = ["pyperf", "compare_to", "--table", *(f"{folder}/{n}" for n in ("one", "other"))]
        printed = io.StringIO()
        with patch.object(sys, "argv", argv), redirect_stdout(printed):
            import_module("pyperf.__main__").main()
    assert "2.90x slower" in printed.getvalue()
    assert f"not significant (1): {LINE['name']}" in printed.getvalue()


def the_same_head() -> None:
    """A column is headed by the Python and the start method of its run. If yours are the same as
    ours, the column on the left is ours.
    """
    tables, results = part("_tables"), part("_results")
    with TemporaryDirectory() as folder:
        for name, memory in ("linux-3.15", 1), ("mine", 2):
            about = {"python_version": "3.15.2", "mem_total": memory}
            results.save(results.suite([LINE], "spawn", about), Path(folder, f"{name}.json"))
        ours, mine = tables.read_all(Path(folder))
    assert tables.label(ours) == tables.label(mine) == "3.15 spawn"
    assert [suite.get_metadata()["mem_total"] for suite in (ours, mine)] == [1, 2]


def check() -> None:
    """`check mine.json` | says whether the relations that this site states are true on your
    machine
    """
    status, printed = _command("check", str(ROOT / "docs" / "costs" / "linux-3.11.json"))
    assert status == 0
    for relation in part("_relations").read():
        assert relation.text in printed
    assert printed.startswith("true ")


def two_more_packages() -> None:
    """That needs two more packages:"""
    no_fact("an introduction")


def in_rounds() -> None:
    """The numbers are those of a run without `--quick`.

    Each group of cases runs five times, each time in a new process, and the groups
    alternate. A slow moment of the machine therefore does not affect only one tool.
    """
    module, started = part("_measure"), []

    def worker(command: list[str], **_: Any) -> Any:
        started.append(command[2])
        raise module.WorkerFailed

    cases, plan = module.chosen(["updates", "starts"]), part("_plan").FULL
    with patch.object(module.subprocess, "Popen", worker), redirect_stderr(io.StringIO()):
        assert len(list(module.measure(cases, plan, "spawn"))) == 5 * len(cases)
    assert started == ["updates", "starts"] * 5


def what_a_case_does() -> None:
    """A case first runs once, so that its processes have started. Then it runs with 1, 2, 4,
    8, ... loops until a run takes at least 50 milliseconds. Only then is it timed, three times in
    a row; once, if a run takes a second or more.
    """
    timing, plan = part("_timing"), part("_plan").FULL
    assert plan.seconds == 0.05
    for slowness, expected in [(0.01, [1, 1, 2, 4, 8, 8, 8, 8]), (1.0, [1, 1, 1])]:
        calls: list[int] = []

        def case(calls: list[int] = calls) -> Iterator[Any]:
            yield calls.append, None

        def timed(run: Any, loops: int, slowness: float = slowness) -> float:
            run(loops)
            return loops * slowness

        with patch.object(timing, "timed", timed):
            timing.measure(part("_case").Case("updates", "made up", case, None), plan)
        assert calls == expected


def median_and_quartiles() -> None:
    """The result is the median of all these times: half of them are shorter, half are longer.

    Beside each median stand its quartiles: a quarter of the times is shorter than the first,
    and a quarter is longer than the second.
    """
    results = part("_results")
    spread = results.spread([1, 2, 3, 4, 5, 6, 7, 8, 9])
    assert (spread.low, spread.median, spread.high) == (3, 5, 7)
    assert results.spread_text(spread) == "5 s (3 to 7)"


def baseline() -> None:
    """Each group but `advice` has a baseline, which is measured in the same run. It is what the
    same job costs without the sharing that Python does around it. Beside each of its times stands
    how many times the baseline it is.
    """
    groups = part("_groups").GROUPS
    assert [g for g in groups if not any(c.baseline for c in groups[g].cases)] == ["advice"]
    baselines = {c.name for group in groups.values() for c in group.cases if c.baseline}
    for run in recorded():
        assert baselines < set(run.values)
    table = (ROOT / "docs" / "costs" / "results.ipynb").read_text("utf-8")
    assert "| threading.Lock, within a process | " in table
    assert ", x&nbsp;1 |" in table


def side_by_side() -> None:
    """Our own results show both, side by side."""
    pinned, free = ({run.about["python_version"] for run in recorded(way)} for way in (True, False))
    assert pinned == free
    table = (ROOT / "docs" / "costs" / "results.ipynb").read_text("utf-8")
    heads = r"\| 3\.11 fork[^|]* \| 3\.15 forkserver[^|]* \| 3\.11 fork, one core[^|]* \| 3\.15"
    assert re.search(heads, table)


def a_start_at_its_best() -> None:
    """A start is measured at its best: the main program is almost empty, and the fork server
    already runs. The first process under `forkserver` also starts the server; in our results it
    took more than twice as long as a later one.
    """
    top = ast.parse((TOOL / "_worker.py").read_text("utf-8")).body
    assert [type(node) for node in top] == [ast.Expr, ast.If], "a docstring, and the main guard"
    for run in recorded():
        first = min(run.first["starts: Process, forkserver"])
        assert first > 2 * run.median("starts: Process, forkserver")


def imported_each_time() -> None:
    """`spawn` imports your program for each process, with everything that your program imports
    at its top.
    """
    assert script(TWO_BY_SPAWN).stdout == "imported\n" * 3


def arrays_are_read() -> None:
    """The worker reads every array whole, in whatever way it was handed over: it answers with
    the sum.
    """
    shown("costs/arrays", "return float(array.sum())", "kept mapped, 64 KiB: 33550336.0")


def temporary_files() -> None:
    """Files and the SQLite database are in the folder for temporary files."""
    shown("costs/updates", "with TemporaryDirectory() as folder:", 'Path(folder, "count.db")')
    shown("costs/arrays", "TemporaryDirectory() as folder,")


def what_is_missing() -> None:
    """A case that your machine cannot run is listed with the reason, and the others are
    measured.
    """
    timing, case = part("_timing"), part("_case")
    group = case.Group("updates")
    group.case("lacking", needs="a_module_that_nobody_has")(lambda: iter([]))
    group.case("there")(lambda: iter([(lambda loops: None, None)]))
    argv = ["_worker.py", "updates", "spawn", "", "1", "1", "0"]
    printed = io.StringIO()
    with (
        patch.object(sys, "argv", argv),
        patch.object(timing, "GROUPS", {"updates": group}),
        patch.object(timing.multiprocessing, "set_start_method"),
        redirect_stdout(printed),
    ):
        timing.main()
    lacking, there = printed.getvalue().splitlines()
    assert "a_module_that_nobody_has is not installed" in lacking
    assert '"values": [' in there


def others() -> None:
    """Before each group, the tool pauses for a fifth of a second, and adds up how much of the
    processor time other programs use meanwhile (Linux only). If they used more than a tenth of it
    in all, the command says so, and the tables call the run "busy".
    """
    module = part("_others")
    assert (module.SECONDS, module.BUSY) == (0.2, 0.1)
    look = _measure()[1][4]
    with patch.object(module.time, "sleep") as sleep:
        look()
    on_linux = sys.platform == "linux"
    assert [call.args for call in sleep.call_args_list] == [(0.2,)] * on_linux
    for used, told in (11, True), (10, False):
        with patch.object(module.Others, "share", used / 100):
            printed, *_ = _measure()
        assert (f"Other programs used {used}% of the processors" in printed) == told
        suite = part("_results").suite([LINE], "spawn", {"python_version": "3.15.2"})
        about = {"python_version": "3.15.2", "start_method": "spawn", "costs_others": used / 100}
        with patch.object(type(suite), "get_metadata", lambda _, about=about: about):
            assert part("_tables").label(suite).endswith(", busy") == told


def what_the_file_says() -> None:
    """It records the processor, the system, the Python, the start method and the date, but not
    the name of the machine.
    """
    about = ["cpu_model_name", "platform", "python_version", "start_method", "date"]
    for run in recorded() + recorded(pinned=True):
        assert set(about) < set(run.about)
        assert "hostname" not in run.about


def our_machine() -> None:
    """Our machine is virtual and has two cores."""
    for run in recorded() + recorded(pinned=True):
        assert (run.about["virtual"], run.about["cpu_count"]) == ("yes", 2)


def too_noisy() -> None:
    """Where the quartiles are too far apart to say whether a relation is true, `check` says
    that the machine is too noisy to judge: measure again when less is running.
    """
    relations, results = part("_relations"), part("_results")
    relation = relations.Relation("", "", "", at_least=2, at_most=4)
    for low, high, verdict in [
        (2, 4, "true"), (1, 3, "too noisy"), (3, 5, "too noisy"), (1, 1.9, "NOT TRUE"),
    ]:  # fmt: skip
        assert relation.verdict(results.Spread(low, low, high)) == verdict
    assert "this machine is too noisy to judge" in (TOOL / "__main__.py").read_text("utf-8")


def the_cases() -> None:
    """These are the programs that are measured, whole. If you run one by itself, it runs each
    case three times and prints what came of it, so that you see that the case does its work.
    Sizes above 64 KiB are left out then. Each program imports `_case.py`, which gathers the cases.
    """
    names = list(part("_groups").GROUPS)
    page = (ROOT / "docs" / "costs" / "costs.md").read_text("utf-8")
    for name in names:
        program = (TOOL / f"{name}.py").read_text("utf-8")
        assert f'--8<-- "costs/{name}.py"' in page
        assert "from _case import" in program
        assert "GROUP.show()" in program
    group, printed = part("_case").Group("updates", [65_536, 65_537]), io.StringIO()
    calls: list[int] = []

    def case(size: int) -> Iterator[Any]:
        yield calls.append, lambda: sum(calls)

    group.case("made up")(case)
    with redirect_stdout(printed):
        group.show()
    assert printed.getvalue() == "updates: made up, 64 KiB: 3\n"
