"""The measurement of costs: what it keeps, compares and refuses. No time is judged."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness import work
from tests.harness.read.site import ROOT

COSTS = ROOT / "examples" / "costs"
STORED = sorted((ROOT / "docs" / "costs").glob("*[0-9].json"))  # not pinned
PINNED = ["--one-core"] if sys.platform == "linux" else []


def costs(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the measurement; `more` is added to its environment."""
    command = [sys.executable, str(COSTS), *map(str, arguments)]
    environment = {**os.environ, "PYTHONUTF8": "1", **more}
    return work.run(command, env=environment)


def names(path: Path) -> set[str]:
    benchmarks = json.loads(path.read_text("utf-8"))["benchmarks"]
    return {benchmark["metadata"]["name"] for benchmark in benchmarks}


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("costs") / "measured.json"
    method = ["--start-method", "spawn"]
    run = costs("measure", "--quick", *PINNED, *method, "updates", "-o", path)
    assert run.returncode == 0, run.stderr
    assert "Value, under its lock" in run.stdout
    assert "updates: SQLite row" in run.stderr, "the progress bar names the case"
    return path


def test_a_file_says_how_it_was_made_and_not_on_which_host(measured: Path) -> None:
    about = json.loads(measured.read_text("utf-8"))["metadata"]
    expected = {"cpu_count", "platform", "python_version", "start_method", "unit"}
    assert expected < set(about)
    assert about["start_method"] == "spawn"
    assert ("cpu_affinity" in about) == bool(PINNED)
    assert ("costs_others" in about) == (sys.platform == "linux")
    assert 0 <= about.get("costs_others", 0) <= 1
    assert "hostname" not in measured.read_text("utf-8")
    assert "updates: Value, under its lock" in names(measured)


def test_two_files_are_compared(measured: Path) -> None:
    run = costs("compare", measured, STORED[0])
    assert run.returncode == 0, run.stderr
    assert "updates: Value, under its lock" in run.stdout


def test_relations_are_checked(measured: Path) -> None:
    run = costs("check", measured)
    assert run.returncode == ("NOT TRUE" in run.stdout), run.stderr
    assert "not measured" in run.stdout, "messages were not"
    assert "A change of a Manager's dict" in run.stdout


@pytest.mark.parametrize(
    "factors, status, told",
    [([1000, 1000], 1, "NOT TRUE"), ([0.01, 100], 0, "this machine is too noisy to judge")],
)
def test_a_relation_is_not_true_or_cannot_be_judged(
    factors: list[float], status: int, told: str, tmp_path: Path
) -> None:
    results = json.loads(STORED[0].read_text("utf-8"))
    for benchmark in results["benchmarks"]:
        if benchmark["metadata"]["name"] == "updates: Manager().dict() and a Lock":
            for run in benchmark["runs"]:
                run["values"] = [run["values"][0] * factor for factor in factors]
    path = tmp_path / "other.json"
    path.write_text(json.dumps(results), "utf-8")
    run = costs("check", path)
    assert told in run.stdout
    assert run.returncode == status


def test_without_a_spread_each_relation_is_judged(tmp_path: Path) -> None:
    results = json.loads(STORED[0].read_text("utf-8"))
    for benchmark in results["benchmarks"]:
        measured = [run for run in benchmark["runs"] if "values" in run]
        for run in measured:
            run["values"] = measured[0]["values"][:1]
    path = tmp_path / "other.json"
    path.write_text(json.dumps(results), "utf-8")
    assert "too noisy" not in costs("check", path).stdout


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "there is no such file"),
        ("{", "not a file of results"),
        ("{}", "not a file of results"),
        (STORED[0].read_text("utf-8").replace('"costs_format":"', '"costs_format":"old '),
         "results of another version of the cases"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_named(
    text: str | None, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "results.json"
    if text is not None:
        path.write_text(text, "utf-8")
    for command in ["check", path], ["compare", STORED[0], path]:
        run = costs(*command)
        assert run.returncode == 1
        assert run.stderr.startswith(f"{path}: ")
        assert message in run.stderr


def test_an_unknown_group_is_refused(tmp_path: Path) -> None:
    run = costs("measure", "prices", "-o", tmp_path / "results.json")
    assert run.returncode == 2
    assert "there are updates, messages" in run.stderr
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written_is_refused_before_the_measurement(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    path.write_text("mine", "utf-8")
    for output, message in [
        (path, "is there already"),
        (tmp_path, "is a folder"),
        (tmp_path / "none" / "results.json", "cannot be written"),
    ]:
        run = costs("measure", "--quick", "updates", "-o", output)
        assert run.returncode == 1
        assert run.stderr.startswith(f"{output}: ")
        assert message in run.stderr
        assert not run.stdout
    assert path.read_text("utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_missing_is_named_and_the_rest_measured(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['numpy'] = None\n")
    path = tmp_path / "results.json"
    run = costs("measure", "--quick", "updates", "-o", path, PYTHONPATH=str(tmp_path))
    assert run.returncode == 0, run.stderr
    missing = "updates: NumPy array in shared memory and a Lock"
    assert f"{missing}: numpy is not installed" in run.stdout
    assert missing not in names(path)
    assert "updates: SQLite row" in names(path)


def test_an_interrupt_keeps_what_there_is(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    command = [sys.executable, str(COSTS), "measure", "-o", str(path)]
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONUTF8": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=environment
    ) as process:
        assert process.stderr
        seen = ""
        try:
            while "Manager().dict()" not in seen:
                seen += process.stderr.read(1)
        finally:
            process.send_signal(signal.SIGINT)
            process.send_signal(signal.SIGTERM)  # a second one changes nothing
        printed, errors = process.communicate()
    assert process.returncode == 130
    assert "Interrupted" in printed
    assert "Traceback" not in errors
    assert "updates: Value, under its lock" in names(path)
    assert "updates: SQLite row" not in names(path)
    assert [p.name for p in tmp_path.iterdir()] == ["results.json"]


def test_a_worker_that_dies_is_the_reason_for_its_cases(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\n"
        "if '_worker.py' in sys.argv[0] and sys.argv[1] == 'starts':\n"
        "    os._exit(7)\n"
    )
    path = tmp_path / "results.json"
    groups = ["updates", "starts"]
    run = costs("measure", "--quick", *groups, "-o", path, PYTHONPATH=str(tmp_path))
    assert run.returncode == 0
    assert "starts: Manager(): its process ended with 7" in run.stdout
    assert "updates: Value, under its lock" in names(path)


BROKEN_CASE = f"""
import sys, time
from multiprocessing import Process
sys.path.insert(0, {str(COSTS)!r})
import _groups, _timing

group = _groups.GROUPS["updates"] = _groups.Group("updates")

@group.case("broken")
def broken():
    Process(target=time.sleep, args=(600,)).start()
    yield lambda loops: 1 / 0, None

sys.argv = ["", "updates", "spawn", "", "1", "1", "0.01"]
_timing.main()
"""


def test_a_case_that_fails_is_told_and_ends_what_it_has_started() -> None:
    command = [sys.executable, "-c", BROKEN_CASE]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60)
    assert run.returncode == 0, run.stderr
    reason = "ZeroDivisionError: division by zero"
    assert json.loads(run.stdout) == {"name": "updates: broken", "missing": reason}


def test_without_pyperf_the_remedy_is_told(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['pyperf'] = None\n")
    run = costs("check", STORED[0], PYTHONPATH=str(tmp_path))
    assert run.returncode == 1
    assert run.stderr == "This needs pyperf and tqdm: python -m pip install pyperf tqdm\n"


def test_where_nothing_can_be_measured_no_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\n"
        "os.cpu_count = lambda: 1\n"
        "sys.modules['psutil'] = None\n"  # which pyperf would rather ask
        "if '_worker.py' in sys.argv[0]:\n"
        "    os._exit(7)\n"
    )
    path = tmp_path / "results.json"
    run = costs("measure", "--quick", "starts", "-o", path, PYTHONPATH=str(tmp_path))
    assert run.returncode == 1
    assert "One core only" in run.stdout
    assert run.stdout.endswith("Nothing was measured.\n")
    assert not path.exists()
