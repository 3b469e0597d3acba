"""Gathers what the tests checked, prints the contract line, and writes the results file."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from xdist.workermanage import WorkerController

from examples import _interrupts
from examples._inline import missing, needed_python
from tests.harness.compare.differences import binds
from tests.harness.read.model import Program
from tests.harness.read.site import ROOT, read_site
from tests.harness.read.words import RECORDED_ON, SYSTEM
from tests.harness.run import environments, notebooks
from tests.harness.tell import results
from tests.harness.tell.results import Checked

if TYPE_CHECKING:
    from playwright.sync_api import Page


def pytest_configure(config: pytest.Config) -> None:
    """Make ready for the results, in the process that gathers them."""
    _interrupts.install()
    _interrupts.holds = 0  # a signal that came while pytest began is now answered
    _interrupts.check()
    # Nor do settings of Python, or the encoding of the locale, change what the workers do.
    for name in [name for name in os.environ if name.startswith("PYTHON")]:
        del os.environ[name]
    os.environ["PYTHONUTF8"] = "1"
    if not f"{ROOT}{tempfile.gettempdir()}".isprintable():  # bytes that could not be decoded
        told = "the locale cannot write the path of this checkout or of the folder for temporary"
        raise pytest.UsageError(f"{told} files. Set PYTHONUTF8=1, or run `python noxfile.py`")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Gatherer(config), "gatherer")


def pytest_collectstart() -> None:
    """Look for a signal: raised in a destructor or the like, it was lost."""
    _interrupts.check()


def pytest_runtest_setup() -> None:
    """As above."""
    _interrupts.check()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End an interrupted worker at once: pytest-xdist would wait for more work."""
    if _interrupts.received and hasattr(config, "workerinput"):
        os._exit(128 + _interrupts.received)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Three times the cores: programs wait for each other more than they compute.

    For a page of its own, as many as cores: it is done before more workers are ready.
    """
    return (1 if config.option.keyword else 3) * (os.cpu_count() or 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark those that need a browser; long tests first, so that none is left alone at the end."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("once")
    longest = [
        *["test_questions.py", "test_notebooks.py"],
        *["test_faults.py", "test_contract.py", "test_diagnose.py", "test_programs.py"],
    ]
    items.sort(key=lambda item: (*longest, item.path.name).index(item.path.name))


@pytest.fixture
def record(record_property: Callable[[str, object], None]) -> Callable[[Checked], None]:
    """Hand what was checked to the gatherer, from whichever process it was run in."""
    return lambda checked: record_property("checked", asdict(checked))


@pytest.fixture
def differs() -> Callable[[str, bool], NoReturn]:
    """Fail a test with what differs; where nothing was recorded for this system, report it only."""

    def tell(told: str, bound: bool = binds()) -> NoReturn:
        if bound:
            pytest.fail(told, pytrace=False)
        pytest.xfail(told)

    return tell


@pytest.fixture(scope="session")
def browser() -> str:
    """The path of a Chromium or Chrome; where there is none, a test that asks for it is skipped."""
    from tests.harness.run.search import find_browser

    return find_browser() or pytest.skip("no Chromium or Chrome")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site, which all processes of a test run share."""
    from tests.harness.run.search import build_once

    folder = tmp_path_factory.getbasetemp()
    return build_once(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder)


@pytest.fixture(scope="module")
def site(browser: str, built: Path) -> Iterator["Page"]:
    """The first page of the built site, in a browser."""
    from tests.harness.run import search

    with search.served(built) as (address, _), search.opened(browser, address) as page:
        yield page


@pytest.fixture
def needed(record_property: Callable[[str, object], None]) -> Callable[[Program], None]:
    """Skip a test of a program that lacks something, and hand that to the gatherer."""

    def look(program: Program) -> None:
        source = program.path.read_text("utf-8")
        packages, commands = missing(source)
        if lacking := [*filter(None, [needed_python(source)]), *packages, *commands]:
            record_property("left out", [program.name, lacking])
            pytest.skip(f"needs {' and '.join(lacking)}")

    return look


class Gatherer:
    """Receives the reports of all workers."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.checked: list[Checked] = []
        self.line = ""
        self.written: Path | None = None
        self.told: list[str] = []
        self.left_out: dict[str, list[str]] = {}
        self.workers: list[subprocess.Popen[bytes]] = []

    def pytest_configure_node(self, node: WorkerController) -> None:
        """Know the processes of pytest-xdist."""
        self.workers.append(node.gateway._io.popen)

    def pytest_keyboard_interrupt(self) -> None:
        """Tell the workers, too: only Ctrl-C in a terminal reaches them by itself."""
        for worker in self.workers:
            worker.terminate()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a test says that it checked."""
        if report.when == "call":
            for key, value in report.user_properties:
                if key == "checked" and isinstance(value, dict):
                    self.checked.append(results.read_checked(value))
                if key == "told":
                    self.told.append(str(value))
                if key == "left out" and isinstance(value, list):
                    self.left_out[value[0]] = value[1]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the results; fail if a whole run left a block out."""
        _interrupts.holds += 1  # what is left takes a moment, and is done whole
        if _interrupts.received:
            session.exitstatus = 128 + _interrupts.received
        if not self.checked or self.config.option.update_examples:
            return
        site = read_site()
        if self.is_whole(session):
            cells = sum(len(notebooks.cells(path, notebooks.read(path))) for path in site.notebooks)
            self.line = results.contract_line(site, cells, self.checked, set(self.left_out))
            if ", 0 skipped" not in self.line:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED
        green = session.exitstatus == pytest.ExitCode.OK
        self.written = results.write(self.checked, self.line if green else "", site.hash)

    def is_whole(self, session: pytest.Session) -> bool:
        """Whether all blocks were asked for, and none was left for lack of time or patience."""
        option, paths = self.config.option, self.config.getini("testpaths")
        narrowed = (
            option.keyword,
            option.markexpr not in ("", "not once"),
            option.deselect,
            option.ignore,
            option.ignore_glob,
            getattr(option, "lf", False),
        )
        ended = session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        stopped = session.shouldstop or session.shouldfail
        return self.config.args == paths and ended and not stopped and not any(narrowed)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the contract line, and how much the search and the like have found."""
        if self.checked:
            blocks = len({c.block for c in self.checked})
            part = f"a part of the site: {blocks} blocks executed"
            terminalreporter.write_line(self.line or part, bold=True)
        different = {c.block for c in self.checked if not c.passed}
        if different and SYSTEM != RECORDED_ON:
            terminalreporter.write_line(
                f"{len(different)} outputs are not as they were recorded on {RECORDED_ON}. "
                "See them: nox -s update -- --from results --report",
                bold=True,
            )
        if self.written and not self.written.is_relative_to(ROOT):
            told = f"This checkout cannot be written to; the results are in {self.written.parent}"
            terminalreporter.write_line(told)
        if self.left_out:
            lacking = sorted({name for names in self.left_out.values() for name in names})
            told = f"Left out: {len(self.left_out)} programs that need {', '.join(lacking)}. "
            told += "`python -m examples <program>` says how to get it"
            for name in lacking:
                if environments.pins(name)[-1].exists():
                    told += f"; `nox -s large -- {name}` runs what needs {name}"
            terminalreporter.write_line(told, bold=True)
        for line in self.told:
            terminalreporter.write_line(line, bold=True)
