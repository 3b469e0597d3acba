"""The benchmark of the harness measures what it names; no time is judged."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.read.site import ROOT
from tests.harness.tools import bench
from tests.test_harness_site import GREEN, PAGE, RACE, make_with_harness
from tests.test_harness_update import NOTEBOOK

CONFIG = """site_name: Race
theme:
  name: mkdocs
markdown_extensions:
  - tests.harness.tell.stamps
hooks:
  - docs/_dates.py
  - docs/_notebook/hook.py
"""
HOOKS = "docs/_dates.py", "docs/_notebook/hook.py"
HANGS = PAGE.replace("fixed", "hangs").replace("Output", "Output, still running after 1 s")
FILES = {
    "mkdocs.yml": CONFIG + GREEN["mkdocs.yml"],
    RACE: PAGE + HANGS,
    **{name: (ROOT / name).read_text("utf-8") for name in HOOKS},
    "examples/race/hangs.py": '"""Wait."""\n\nimport time\nprint(4)\ntime.sleep(60)\n',
    "examples/race/hangs.out": "4\n",
}


@pytest.mark.skipif(sys.platform == "win32", reason="ends a program by its process group")
def test_it_prints_three_ratios(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "ROOT", make_with_harness(tmp_path, FILES))
    monkeypatch.setattr(bench, "METHODS", ["spawn"])
    monkeypatch.setattr(bench, "PAGE", "race")
    monkeypatch.setattr(bench, "BUILDS", 1)
    bench.main()
    lines = capfd.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["suite", "page race", "build"]
    assert all(re.search(r"ratio \d+\.\d\d$", line) for line in lines)
    assert not (tmp_path / "mkdocs-without-ours.yml").exists()


def test_it_knows_what_is_ours_in_the_configuration() -> None:
    config = bench.without_ours((ROOT / "mkdocs.yml").read_text("utf-8"))
    assert "hooks:" not in config and "tests.harness" not in config
    assert "plugins:\n  - search\n" in config


def test_it_says_when_it_no_longer_knows_what_is_ours() -> None:
    with pytest.raises(AssertionError, match="correct OURS"):
        bench.without_ours("site_name: Race\n")


def test_a_notebook_that_fails_is_not_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "METHODS", ["spawn"])
    path = tmp_path / "tour.ipynb"
    path.write_text(NOTEBOOK.replace("CODE", "print(4)"), "utf-8")
    assert bench.bare_notebook_time(path) > 0
    path.write_text(NOTEBOOK.replace("CODE", "print(1 / 0)"), "utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        bench.bare_notebook_time(path)


@pytest.mark.skipif(sys.platform == "win32", reason="ends a program by its process group")
def test_a_program_that_does_not_heed_the_signal_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "PATIENCE", 1)
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True)"
    command = [sys.executable, "-c", f"{deaf}; time.sleep(60)"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout
        assert process.stdout.readline()
        bench.end(process, tmp_path)
        assert process.wait() == -9
