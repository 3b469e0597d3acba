"""What docs/contributing.md says of the tools: each is asked, or its own functions are run."""

import inspect
import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer

from examples._inline import missing, needed_python
from examples._runner import Outcome, run
from tests.claims import ONCE, ROOT, TIME_LIMIT, no_fact, raises, shown
from tests.harness.compare.calls import wrong_calls
from tests.harness.compare.differences import differences, failure
from tests.harness.compare.record import text_of
from tests.harness.read import checks, messages
from tests.harness.read.calls import read_calls
from tests.harness.read.claims import file_of, read_claims
from tests.harness.read.model import Expectation, Site
from tests.harness.read.site import read_site
from tests.harness.read.statements import read_statements
from tests.harness.read.versions import EVERY, THIS, Versions, named
from tests.harness.read.words import METHODS, START_METHODS, read_case, read_title
from tests.harness.run import environments
from tests.harness.run.pythons import Python
from tests.harness.tell import results
from tests.harness.tools import mutate, new, update, watch
from tests.harness.tools.variants import record_from
from tests.test_harness_site import GREEN, PAGE, PROGRAM, RACE, TABS, make

CONTRIBUTING = ROOT / "docs" / "contributing.md"
PROGRAM_FILE = "examples/race/fixed.py"
Changes = Mapping[str, str | bytes | None]


@contextmanager
def _site(changes: Changes) -> Iterator[Site]:
    """The green site of one page, with some files changed."""
    with TemporaryDirectory() as folder:
        yield read_site(make(Path(folder), changes))


def _told(changes: Changes) -> str:
    """What the check says of it."""
    with _site(changes) as site:
        return "\n".join(map(str, site.problems))


def _expectation(title: str = "Output", text: str = "4\n") -> Expectation:
    """What a page says of its program, with other words over the output."""
    output = {"examples/race/fixed.out": text}
    with _site({RACE: PAGE.replace('"Output"', f'"{title}"'), **output}) as site:
        assert not site.problems, site.problems
        expectation = site.programs["race/fixed"].expectations[0]
        assert all(one.text for one in expectation.shown)
        return expectation


def _passes(title: str, recorded: str, outcome: Outcome) -> bool:
    """Whether a run is as recorded, by the words over the output."""
    with _site(
        {RACE: PAGE.replace('"Output"', f'"{title}"'), "examples/race/fixed.out": recorded}
    ) as site:
        return not differences(site.programs["race/fixed"].expectations[0], outcome)


def _fences(heading: str) -> list[str]:
    """The commands under a heading."""
    section = CONTRIBUTING.read_text("utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"```bash\n(.*?)```", section, re.DOTALL)


def what_to_write() -> None:
    """You write the text, the programs, and what proves the text.

    On Windows, write `py` for `python3`. Where a message says `nox`, write `python3 noxfile.py`.

    Get the source, with the address of the repository:

    Make a page.

    Replace the programs, and each sentence that has "Write here".

    Keep this command running in a second terminal.

    If what a program prints is right, record it.

    Then check the page again, as above.

    Copy these files, in a folder of any name, to the machine where you write the pages, and look
    at the differences:

    Use `with` where you can. Empty the queues, and then join every process. The children return
    data, and the parent prints. Never print what differs from run to run: a time, a process
    number, an address.

    A program that is broken to show a pitfall fails the same way every time. Its fix has the same
    shape, so that the difference is easy to see.

    Names come from a real problem, such as orders or sensors. Comments are rare.

    The title over an output says how it is compared:

    Then comes the title, with the words that people search for; then the answer, in one sentence;
    then the rest, in the order of the template.

    Other pages link to it.

    Write plain American English in short sentences, for a tired person with a broken program. No
    filler, no exclamation marks, no "simply" and no "just". A thing that goes through a queue is
    an "item".

    Tables have two or three short columns. A page ends with `## Where to go next` and two to four
    links.

    Run the checks of a page with:
    """
    no_fact("advice, rules of style and introductions")


def commands() -> None:
    """The commands below run the programs, record what they print, and check everything else.

    Four commands lead from the clone to a new page whose programs pass, and a fifth shows the
    page.
    """
    fences = _fences("From nothing to a new page")
    assert len(fences) == 5
    assert "git clone" in fences[0]
    assert fences[3].endswith('-- -k "lost-update or sources"\n')
    assert fences[4].endswith("-s docs -- serve\n")
    noxfile = (ROOT / "noxfile.py").read_text("utf-8")
    assert all(f"\ndef {name}(" in noxfile for name in ("tests", "update", "watch", "new", "docs"))


def what_you_need() -> None:
    """You need Git, Python 3.11 or later with venv (on Debian and Ubuntu: `apt install
    python3-venv`), and internet for the first runs.

    Set it up once. This downloads what `requirements.txt` pins, and ends with a list of all tasks.
    If you stop it, the next run starts the set-up again:
    """
    noxfile = (ROOT / "noxfile.py").read_text("utf-8")
    assert "if sys.version_info < (3, 11)" in noxfile
    assert "apt install python3-venv" in environments.NO_VENV
    assert "--require-hashes" in inspect.getsource(environments.install)
    assert environments.PINS == ROOT / "requirements.txt"
    assert _fences("From nothing to a new page")[1] == "python3 noxfile.py --list\n"
    with TemporaryDirectory() as name, patch.object(environments, "ROOT", Path(name)):
        folder = Path(name, "environment")
        folder.mkdir()
        stopped, printed = environments.Stopped(2), StringIO()
        with (
            patch.object(environments, "create"),
            patch.object(environments, "install", side_effect=stopped) as install,
            redirect_stdout(printed),
        ):
            for _ in range(2):
                with raises(environments.Stopped):
                    environments.prepare(folder, sys.executable)
        assert install.call_count == 2
        assert not (folder / "installed.txt").exists()


def place() -> None:
    """Its place consists of a section, which is `syntax`, `examples` or `pitfalls`, and of its
    name: lower-case words with hyphens between them.

    If the name is taken or not allowed, nothing is written, and a line says why.
    """
    with _site({}) as site:
        for section in "syntax", "examples", "pitfalls":
            assert new.check_place(site, f"{section}/lost-update") == (section, "lost-update")
        before = sorted(site.root.rglob("*"))
        for wrong in "costs/lost-update", "syntax/Lost", "syntax/lost_update", "syntax/aux":
            with raises(new.Refused):
                new.make_page(site.root, wrong)
        with patch.object(sys, "argv", ["new", "syntax/race"]), redirect_stdout(StringIO()) as told:
            assert new.main(site.root) == 1
        assert "Refused, and nothing is written: the name 'race' is taken" in told.getvalue()
        assert sorted(site.root.rglob("*")) == before


def a_new_page() -> None:
    """The command lists the files that it made, and ends with `Session new was successful`:

    The page comes last in its section. To put it at the end of a group of the nav, name the group
    after it: `pitfalls/lost-update "It hangs"`.
    """
    source = inspect.getsource(new.main)
    assert '"Made:", *(f"  {name}" for name in made)' in source
    nav = "nav:\n  - Pitfalls:\n      - Lost:\n          - a.md\n"
    nav += "      - It hangs:\n          - b.md\n"
    for group, after in (None, "b.md"), ("It hangs", "b.md"), ("Lost", "a.md"):
        text, _ = new.with_entry(nav, "pitfalls", "pitfalls/lost-update.md", group)
        assert f"{after}\n          - pitfalls/lost-update.md\n" in text
    import nox.sessions

    assert "was successful" in inspect.getsource(nox.sessions)


def a_new_page_passes() -> None:
    """Check the page, with `lost-update` replaced by its name. The programs of a new page pass
    from the start. On Linux and macOS, the check of a new pitfall ends with `9 passed` and `1
    failed`. The failure lists each sentence that you have yet to write, or to prove:
    """
    checked = sorted((new.TEMPLATES / "pitfalls").glob("*.py"))
    assert [path.name for path in checked] == ["claims.py", "fails.py", "works.py"]
    assert len(checked) * len(START_METHODS) == 9
    assert inspect.getsource(new.record).count("update_program") == 1, "each has been run"
    told = _told({RACE: f"{PAGE}\nWrite here why.\n\nWrite here which line is to blame.\n"})
    assert told.count(checks.UNWRITTEN) == 2


def in_a_browser() -> None:
    """See the page in a browser, at <http://127.0.0.1:8000>. The server is ready when it says
    `Serving on`; it rebuilds the site when you save, and Ctrl-C ends it:
    """
    assert MkDocsConfig.dev_addr.default == "127.0.0.1:8000"
    source = inspect.getsource(LiveReloadServer)
    assert "Serving on {self.url}" in source
    assert "self.builder(" in source
    import mkdocs.commands.serve

    assert "except KeyboardInterrupt" in inspect.getsource(mkdocs.commands.serve)


def watching() -> None:
    """On each save, it runs what you changed and shows how it differs from what is recorded;
    Ctrl-C ends it:

    It says `passed`, or shows a difference, with `-` before the recorded line and `+` before the
    real one.

    It does not write outputs.

    While `watch` runs, it says the same of what you save.
    """
    with _site({}) as site:
        seen = watch.Watcher(site.root, METHODS[-1:], TIME_LIMIT)
        for number, line, text in (1, "-4\n+5", "5"), (2, ": passed, ", "4"):
            path = site.root / PROGRAM_FILE
            path.write_text(f'"""Add."""\n\nprint({text})\n', "utf-8")
            os.utime(path, ns=(number, number))
            assert line in "\n".join(seen.look())
        (site.root / RACE).write_text("# Race\n", "utf-8")
        assert "a page without front matter" in "\n".join(seen.look())
        assert (site.root / "examples/race/fixed.out").read_text("utf-8") == "4\n"
    assert "_interrupts.check()" in inspect.getsource(watch.wait)


def watching_under() -> None:
    """It runs programs under one start method, `spawn`; with `-s watch -- --all-methods`, it runs
    them under all.
    """
    source = inspect.getsource(watch.main)
    assert '"--start-method", choices=methods, default="spawn"' in source
    assert "methods if options.all_methods else [options.start_method]" in source


def _recorded(code: str) -> tuple[int, str, list[str], str]:
    """What `update` gives and tells, under which start methods it ran, and what is recorded."""
    methods: list[str] = []
    outcomes: list[Outcome] = []

    def run_once(path: Path, method: str, *_: object, **more: object) -> Outcome:
        methods.append(method)
        if not outcomes:
            outcomes.append(run(path, METHODS[-1]))
        return outcomes[0]

    this = {THIS: Python(sys.executable, THIS, frozenset())}
    with (
        _site({PROGRAM_FILE: f'"""Add."""\n\n{code}\n'}) as site,
        redirect_stdout(StringIO()) as printed,
        patch.object(update, "ROOT", site.root),
        patch.object(update, "find_pythons", lambda packages: this),
        patch.object(update, "run", run_once),
        patch.object(sys, "argv", ["update", "race"]),
    ):
        status = update.main()
        recorded = (site.root / "examples/race/fixed.out").read_text("utf-8")
    return status, printed.getvalue(), methods, recorded


def recording() -> None:
    """This command runs the programs under every start method on every supported Python that it
    finds, shows what changed, and ends with `Done`:

    If it says `refused`, nothing of that program is recorded, and the line says why.

    No output is typed or copied. `update` writes what a program prints to `<program>.out`, and
    what it writes to standard error to `<program>.err`.
    """
    status, told, methods, recorded = _recorded("print(5)")
    assert (status, methods, recorded) == (0, METHODS, "5\n")
    assert "-4\n+5" in told
    assert told.endswith("Done\n")
    status, told, methods, recorded = _recorded("print(5)\nraise SystemExit(3)")
    assert (status, methods, recorded) == (1, METHODS, "4\n")
    assert "refused: under" in told
    assert "it should be exit status 0, was exit status 3" in told
    assert "Its name ends in .err" in _told({RACE: PAGE.replace('"Output"', '"Standard error"')})


def building() -> None:
    """Finally, build the whole site, which ends with `Session docs was successful`:"""
    import nox.sessions

    assert '(session.posargs or ["build", "--strict"])' in (ROOT / "noxfile.py").read_text("utf-8")
    assert "was successful" in inspect.getsource(nox.sessions)


def other_systems() -> None:
    """A recorded output stands for all systems and releases until one of them prints something
    else. The test run there keeps what was printed in `results/`.

    Without `--report`, each difference is recorded: the output gets a tab of its own, such as
    "Windows" or "Python 3.13.17 to 3.13", beside the one that was there. If a program ended in
    another way, left something behind or printed different things in two runs, the difference is
    refused, and the line says why.
    """
    assert results.FOLDER == ROOT / "results"
    assert str(Versions((((3, 13, 17), (3, 14, 0)),))) == "3.13.17 to 3.13"
    for outcomes, status, told in [
        ([Outcome(0, "5\n")], 0, "for Windows"),
        ([Outcome(3, "5\n")], 1, "it should be exit status 0, was exit status 3"),
        ([Outcome(0, "5\n", "", ["left a file behind: a"])], 1, "left a file behind"),
        ([Outcome(0, "5\n"), Outcome(0, "6\n")], 1, "refused"),
    ]:
        with _site({}) as site, redirect_stdout(StringIO()) as printed:
            expectation = site.programs["race/fixed"].expectations[0]
            hash, there = site.programs["race/fixed"].hash(expectation), site.root / "there"
            there.mkdir()
            for number, outcome in enumerate(outcomes):
                one = results.Checked("race/fixed", hash, "spawn", True, False, 0.1, outcome)
                fields = {"contract": "", "site": site.hash, "python": "3.13.5"}
                came = results.Run(**fields, system="Windows", date="2026-11-26", checked=[one])  # type: ignore[arg-type]
                (there / f"{number}.json").write_text(results.as_json(came), "utf-8")
            with patch.object(results, "FOLDER", site.root / "results"):
                record_from(site.root, there, report=True)
                assert "Windows" not in (site.root / RACE).read_text("utf-8")
                assert record_from(site.root, there, report=False) == status
            page = (site.root / RACE).read_text("utf-8")
            assert ('=== "Windows"' in page) == ('=== "Linux and macOS"' in page) == (not status)
            assert told in printed.getvalue()


def one_output_each() -> None:
    """A fragment and a notebook have one output each: let them print the same everywhere."""
    assert "printed different things under two start methods" in inspect.getsource(
        update.update_notebook
    )


def a_measured_time() -> None:
    """A time that we measured is not typed: an HTML comment of `cost of updates: SQLite row`
    becomes the time and the name of that row of the results. Which tool do I need? has such
    comments.
    """
    from tests.harness.tell import costs

    mark = "<!-- cost of updates: SQLite row -->"
    assert costs.told(mark).endswith(" ms: SQLite row")
    assert mark in (ROOT / "docs" / "try" / "which-tool.md").read_text("utf-8")


def programs() -> None:
    """A program is `examples/<page>/<program>.py`. The folder has the name of the page.

    A program is shown whole, and on one page only.

    The page includes these files, each directly under its program; see the lines that `new` wrote.
    """
    assert not _told({})
    other = {RACE: None, "docs/pitfalls/other.md": PAGE}
    assert "on a page of another name" in _told(other)
    assert "is shown a second time" in _told({RACE: PAGE + "\n" + PAGE})
    assert "Files are included whole" in _told(
        {RACE: PAGE.replace('fixed.py"\n```\n', 'fixed.py:main"\n```\n')}
    )
    assert "an output without its program" in _told(
        {RACE: PAGE.replace("race/fixed.out", "race/other.out"), "examples/race/other.out": "4\n"}
    )


def form_of_a_program() -> None:
    """It begins with one sentence in triple quotes that says what it shows.

    It has one idea, at most 40 lines without the blank ones, and at most 72 columns, so that it
    fits a phone.

    It needs only the standard library, or declares at its top what else it needs, as the programs
    of `examples/numpy-array/` do. A package that is too large for `requirements.txt` is
    named in the group `large` of `pyproject.toml`, or has a group, pins and an environment of its
    own, such as `ray`, whose page `python3 noxfile.py -s large -- ray` runs; where it is missing,
    its programs are left out.

    A program of what only newer releases have begins like those of `examples/sub-interpreters/`,
    with `requires-python`. On an older Python it is left out.
    """
    assert "a program without a description" in _told({PROGRAM_FILE: "print(4)\n"})
    for lines, wrong in (40, False), (41, True):
        program = '"""Add."""\n' + "print(4)\n\n" * (lines - 1)
        assert ("a program of 41 lines" in _told({PROGRAM_FILE: program})) == wrong
    for columns, wrong in (72, False), (73, True):
        program = f'"""Add."""\n\nprint(4)  # {"x" * (columns - 12)}\n'
        assert ("a line of 73 columns" in _told({PROGRAM_FILE: program})) == wrong
    assert "an import that is not declared, numpy" in _told(
        {PROGRAM_FILE: '"""Add."""\n\nimport numpy\n'}
    )
    declaring = [path for path in (ROOT / "examples" / "numpy-array").glob("*.py")]
    assert declaring
    assert all('# dependencies = ["numpy' in path.read_text("utf-8") for path in declaring)
    newer = [path for path in (ROOT / "examples" / "sub-interpreters").glob("*.py")]
    assert newer
    told = {needed_python(path.read_text("utf-8")) for path in newer}
    assert told == {"" if sys.version_info >= (3, 14) else "Python 3.14 or later"}
    program = '# /// script\n# dependencies = ["lost"]\n# ///\n"""Add."""\n\nimport lost\n'
    large = {"pyproject.toml": '[dependency-groups]\nlarge = ["lost"]\n'}
    assert "requirements.txt does not pin, lost" in _told({PROGRAM_FILE: program})
    assert "lost" not in _told({PROGRAM_FILE: program, **large})
    pinned = {"requirements-lost.txt": "lost==1.0\n"}
    assert "lost" not in _told({PROGRAM_FILE: program, **pinned})
    assert missing(program) == (["lost"], [])


def main_guard() -> None:
    """It calls `main()` under `if __name__ == "__main__":`."""
    for path in {*new.TEMPLATES.glob("*/*.py")} - {*new.TEMPLATES.glob("*/claims.py")}:
        assert path.read_text("utf-8").endswith('if __name__ == "__main__":\n    main()\n')


def sleeping() -> None:
    """Do not wait for another process with `sleep`; where a `sleep` stands for work, say so in a
    comment on its line.

    A program waits with `sleep` | `a program that sleeps` | Wait with `join()`, `get()` or an
    `Event`; or say in a comment what the `sleep` stands for
    """
    for comment, wrong in ("", True), ("  # it works", False):
        program = f'"""Add."""\n\nfrom time import sleep\n\nsleep(0){comment}\nprint(4)\n'
        told = _told({PROGRAM_FILE: program})
        assert ("a program that sleeps. Wait for what is to happen: join(), get()" in told) == wrong


def beyond_this_machine() -> None:
    """A program listens on every interface | `an address that other machines can reach` | Listen on
    `127.0.0.1` or a Unix socket
    """
    for host, wrong in ("", True), ("127.0.0.1", False):
        program = f'"""Add."""\n\nADDRESS = ("{host}", 0)\nprint(4)\n'
        told = _told({PROGRAM_FILE: program})
        assert ("an address that other machines can reach" in told) == wrong


def where_it_runs() -> None:
    """It runs under `fork`, `forkserver` and `spawn` on Python 3.11 to 3.15. It leaves nothing
    behind: no process, no shared memory, no file.
    """
    assert START_METHODS == ["fork", "forkserver", "spawn"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pythons = re.findall(r":: (3\.\d+)", "\n".join(project["classifiers"]))
    assert pythons == ["3.11", "3.12", "3.13", "3.14", "3.15"]
    left = Outcome(0, "4\n", "", ["left a file behind: a"])
    assert not _passes("Output", "4\n", left)
    assert _passes("Output", "4\n", Outcome(0, "4\n"))


def exactly() -> None:
    """`Output` | exactly this on standard output

    `Standard error` | the same for standard error

    A stream that the page does not show must be empty.
    """
    assert _passes("Output", "4\n5\n", Outcome(0, "4\n5\n"))
    assert not _passes("Output", "4\n5\n", Outcome(0, "5\n4\n"))
    assert not _passes("Output", "4\n", Outcome(0, "4\n", "a warning\n"))
    assert read_title("Standard error").comparison == read_title("Output").comparison == "exactly"
    assert read_title("Standard error").stream == "stderr"


def in_any_order() -> None:
    """`Output, in any order` | these lines, in any order"""
    assert _passes("Output, in any order", "4\n5\n", Outcome(0, "5\n4\n"))
    assert not _passes("Output, in any order", "4\n5\n", Outcome(0, "5\n5\n"))


def with_dots() -> None:
    """`Output, with ... for what differs` | `...` stands for any text; `update` writes it"""
    title = "Output, with ... for what differs"
    assert _passes(title, "4 in ... s\n", Outcome(0, "4 in 0.1 s\n"))
    assert not _passes(title, "4 in ... s\n", Outcome(0, "5 in 0.1 s\n"))
    shown = _expectation(title).shown[0]
    with _site({RACE: PAGE.replace('"Output"', f'"{title}"')}):
        assert text_of(shown, {"fork": "4 in 1 s\n", "spawn": "4 in 2 s\n"}) == "4 in ... s\n"


def exit_status() -> None:
    """`Output, exit status 1` | the program ends with this status; without these words, with 0"""
    assert _passes("Output, exit status 1", "4\n", Outcome(1, "4\n"))
    assert not _passes("Output, exit status 1", "4\n", Outcome(0, "4\n"))
    assert not _passes("Output", "4\n", Outcome(1, "4\n"))


def still_running() -> None:
    """`Output, still running after 5 s` | the program hangs, and is killed after that time"""
    assert read_title("Output, still running after 5 s").limit == 5
    assert _passes("Output, still running after 5 s", "4\n", Outcome(None, "4\n"))
    assert not _passes("Output, still running after 5 s", "4\n", Outcome(0, "4\n"))


def on_some_systems() -> None:
    """`Output, on Linux and macOS` | the program is run there only"""
    with _site({RACE: PAGE.replace('"Output"', '"Output, on Linux and macOS"')}) as site:
        assert site.programs["race/fixed"].systems == {"Linux", "macOS"}


def tabs() -> None:
    """If start methods or versions print different things, give each a tab with its own file,
    such as `<program>.fork.out`.

    Together the tabs cover each start method on each release once.

    Global variables has such tabs.
    """
    spawn = {"examples/race/fixed.spawn.out": "5\n"}
    assert not _told({RACE: PROGRAM + TABS.format("fork and forkserver", "spawn"), **spawn})
    missing = _told({RACE: PROGRAM + TABS.format("fork", "spawn"), **spawn})
    assert "has no output for forkserver" in missing
    twice = _told(
        {RACE: PROGRAM + TABS.format("fork and forkserver", "forkserver and spawn"), **spawn}
    )
    assert "has 2 outputs for forkserver" in twice
    assert '=== "fork"' in (ROOT / "docs" / "pitfalls" / "globals.md").read_text("utf-8")


def labels() -> None:
    """The label of the tab is the case: `fork`, `forkserver and spawn`, `Python 3.11 to 3.13`,
    `spawn, Python 3.14 and later`. A change within a version is named by its release: `Python 3.11
    to 3.13.7 and 3.14.0`, and `Python 3.13.8 and later and 3.14.1 and later`.
    """
    assert read_case("forkserver and spawn").methods == {"forkserver", "spawn"}
    assert read_case("spawn, Python 3.14 and later").covers("spawn", (3, 15, 0))
    assert not read_case("Python 3.11 to 3.13").covers("fork", (3, 14, 0))
    before, after = (
        read_case("Python 3.11 to 3.13.7 and 3.14.0"),
        read_case("Python 3.13.8 and later and 3.14.1 and later"),
    )
    for release in (3, 13, 7), (3, 13, 8), (3, 14, 0), (3, 14, 1), (3, 15, 0):
        assert before.covers("fork", release) != after.covers("fork", release)
    assert EVERY - before.pythons == after.pythons
    assert read_case("fork").methods == {"fork"}


def front_matter() -> None:
    """Between the lines of `---` at the top is `description:`, one sentence. Put it in quotes if
    it has a colon. Below it, `asked:` may list questions that the page answers, in the words of
    people who have them: the search reads them, and the page does not show them.

    No description at the top of the page | `a page without front matter`, or `front matter without
    a description` | Write `description:` and a sentence between two lines of `---`
    """
    assert "a page without front matter" in _told({RACE: PAGE.encode()})
    assert "front matter without a description" in _told({RACE: "---\n---\n\n" + PAGE})
    colon = "---\ndescription: {}\n---\n\n" + PAGE
    assert "front matter that is not YAML" in _told({RACE: colon.format("fork: it hangs")})
    assert not _told({RACE: colon.format('"fork: it hangs"')})
    assert not _told({RACE: "---\ndescription: It hangs\nasked:\n  - it is stuck\n---\n\n" + PAGE})
    assert 'KEYS = ("description", "asked")' in (ROOT / "docs/_search.py").read_text("utf-8")


def fragments() -> None:
    """Code that starts no process may stand in the page itself, in a `python` fence, with `#>`
    lines for what it prints. Such a fence is executed.
    """
    with _site({RACE: PAGE + "\n```python\nprint(4)\n#> 4\n```\n"}) as site:
        assert not site.problems
        assert [fragment.fence.source for fragment in site.fragments] == ["print(4)\n#> 4\n"]
    assert "FRAGMENTS = this_site().fragments" in (ROOT / "tests" / "test_fragments.py").read_text(
        "utf-8"
    )


def fences() -> None:
    """Fences have three backticks and are `python`, `text` or `bash`. A `text` fence without a
    title quotes an error message that a program on the page prints.
    """
    for fence, wrong in [
        ("```bash\nls\n```", ""),
        ("```text\n4\n```", ""),
        ("```sage\nls\n```", "a code fence in 'sage'"),
        ("~~~text\n4\n~~~", "a code fence of ~~~"),
        ("```text\n5\n```", "a line that no program on this page prints: '5'"),
    ]:
        told = _told({RACE: f"{PAGE}\n{fence}\n"})
        assert bool(told) == bool(wrong)
        assert wrong in told


def messages_of_pitfalls() -> None:
    """A message in a pitfall also gets a row in `docs/errors.md`. So does each message in
    Python's own source: `python -m tests.harness messages` lists them.

    A new release of Python has a new message | `a message that docs/errors.md does not have` |
    Show a program that prints it and add a row; or, if none can, add it under "Messages that no
    program here causes"
    """
    errors = "# All messages\n\n## Messages that no program here causes\n"
    quoting = PAGE + "\n```text\nKeyError: 4\n```\n"
    files = {"docs/errors.md": errors, RACE: quoting, "examples/race/fixed.out": "KeyError: 4\n"}
    with _site({**files, "mkdocs.yml": GREEN["mkdocs.yml"] + "  - errors.md\n"}) as site:
        messages.check_messages(site)
        assert any("docs/errors.md" in str(one) for one in site.problems)
    source = inspect.getsource(messages)
    assert 'f"a message that {PAGE} does not have, {message.text!r}"' in source
    assert messages.PAGE == "docs/errors.md"
    assert "Messages that no program here causes" in messages.UNSEEN_UNDER


def terms() -> None:
    """Terms such as worker, proxy and start method are defined once, in `docs/_glossary.md`, and
    show as tooltips on every page.
    """
    glossary = (ROOT / "docs" / "_glossary.md").read_text("utf-8")
    assert all(f"*[{term}]: " in glossary for term in ("worker", "proxy", "start method"))
    config = (ROOT / "mkdocs.yml").read_text("utf-8")
    assert "auto_append: [_glossary.md]" in config
    assert "  - abbr\n" in config
    assert "content.tooltips" in config


QUEUE = """# Queue

## The call

`Queue(maxsize=0)` makes one.

| {column} | Meaning |
| --- | --- |
| {row} | {meaning} |
"""
ALL_OTHERS = "\n| all others | as those of [Queue](https://docs.python.org/) |"


def _calls(row: str, column: str = "Method", others: str = ALL_OTHERS) -> str:
    """What is wrong with a page that has this row in its table of calls."""
    page = QUEUE.format(column=column, row=row, meaning="does it") + others.lstrip("\n")
    with _site({"docs/syntax/queue.md": page}) as site:
        pages = read_calls(site)
        faults = [fault for thing in pages[site.root / "docs/syntax/queue.md"]
                  for fault in wrong_calls(thing, pages)]  # fmt: skip
        return "\n".join(f"{what}. {remedy}" for _, what, remedy in faults)


def the_call() -> None:
    """`## The call` begins with the call as Python has it, `Queue(maxsize=0)`. In a table with
    `Call`, `Method`, `Attribute` or `What you get` over its first column, a row begins with a call
    or an attribute of what that call returns, with all parameters: `put(obj, block=True,
    timeout=None)`.

    A call with other parameters than Python's | `is not how Python 3.13.18 has it`, and how that
    is | Write it so
    """
    for column in "Call", "Method", "Attribute", "What you get":
        assert not _calls("`put(obj, block=True, timeout=None)`", column)
        told = _calls("`put(obj, timeout=None)`", column)
        assert f"is not how Python {named(THIS)} has it, put(obj, block=True, timeout=None)" in told
        assert "Write it as Python has it" in told


def parts_of_a_table() -> None:
    """`...` stands for parameters that you leave out, and a row of `all others`, with a link, for
    other names.

    A table without a method | `a table that leaves out what Queue has` | Give it a row
    """
    assert not _calls("`put(obj, ...)`")
    told = _calls("`put(obj, ...)`", others="")
    assert "a table that leaves out what Queue has" in told
    assert "Give each a row" in told


def about_another_thing() -> None:
    """If the table is about another thing, say so over the column: `A future's method`, or
    `Function` for the functions of the module.
    """
    assert "has no result(timeout=None)" in _calls("`result(timeout=None)`")
    assert not _calls("`result(timeout=None)`", "A future's method")
    assert not _calls("`active_children()`", "Function")


def some_releases() -> None:
    """If only some releases have a method, say which in the same cell: `locked()`, Python 3.14
    and later. For a parameter, say so in its own row, or after the call: `map(fn, *iterables,
    buffersize=None)`; `buffersize`: Python 3.14 and later.

    A method that does not exist everywhere | `Python 3.13.18 has no locked()` | Say which releases
    have it
    """
    gone = _calls("`gone()`")
    assert f"Python {named(THIS)} has no gone()" in gone
    assert "say behind it which has" in gone
    other = "Python 3.15 and later" if THIS < (3, 15, 0) else "Python 3.11 to 3.14"
    assert not _calls(f"`gone()`, {other}")
    cell = "`map(fn, *iterables, buffersize=None)`; `buffersize`: Python 3.14 and later"
    with _site(
        {"docs/syntax/queue.md": QUEUE.format(column="Method", row=cell, meaning="")}
    ) as site:
        calls = [
            c for thing in read_calls(site)[site.root / "docs/syntax/queue.md"] for c in thing.calls
        ]
        (call,) = (call for call in calls if call.name == "map")
    assert call.on((3, 13, 0)) == ["fn", "*iterables"]
    assert call.on((3, 14, 0)) == ["fn", "*iterables", "buffersize=None"]


WORDS = """---
description: It adds.
---

# A heading

A sentence. *Another* one in `code. And` more, with a [link](https://docs.python.org/).

- An item

| Head | Meaning |
| --- | --- |
| A | row |

> A quotation.

```text
code
```

## Where to go next

- [Home](../index.md): home
"""


def statements() -> None:
    """Every sentence, list item and table row of a page is a statement, and something has to
    prove it. Headings, code, quotations, and the links under "Where to go next" are not
    statements. A statement with a link to its source needs no other proof.
    """
    with _site({RACE: WORDS, PROGRAM_FILE: None, "examples/race/fixed.out": None}) as site:
        found = read_statements(WORDS, site.fences[site.root / RACE])
    assert [(one.words, one.sourced) for one in found] == [
        ("A sentence.", False),
        ("Another one in `code. And` more, with a link.", True),
        ("An item", False),
        ("A | row", False),
    ]
    claims = {"tests/claims/race.py": ""}
    told = _told({RACE: WORDS, PROGRAM_FILE: None, "examples/race/fixed.out": None, **claims})
    assert told.count("a statement that nothing proves") == 3


def _quoting(quoted: str, said: str) -> str:
    """What is wrong with a page that says something, and a check that quotes it."""
    claims = f'def one() -> None:\n    """{quoted}"""\n    assert 4\n'
    return _told({RACE: f"{PAGE}\n{said}\n", "tests/claims/race.py": claims})


def quotations() -> None:
    """Every other one is quoted in `tests/claims/<page>.py`, with `_` for each `-` in the name of
    the page: in the docstring of a function whose body is the proof.

    The docstring quotes the sentence as the reader sees it: without links and asterisks, with
    backticks, and with ` | ` between the cells of a row.
    """
    assert file_of(Site(ROOT), Path("queue-deadlock.md")).name == "queue_deadlock.py"
    assert not _quoting("It adds `4`.", "It *adds* [`4`](../index.md).")
    assert not _quoting("It | adds", "| What | How |\n| --- | --- |\n| It | [adds](../index.md) |")


def if_it_changes() -> None:
    """If the sentence changes, the quotation no longer fits, and the check command asks you to
    look at the proof again.

    A sentence that nothing proves | `a statement that nothing proves` | Quote it in the page's
    file of claims, and prove it

    A sentence that was changed | `a statement that docs/... does not have` | Look whether the proof
    still fits, then quote the new words
    """
    told = _quoting("It adds the four numbers.", "It adds the five numbers.")
    assert f"a statement that {RACE} does not have: 'It adds the four numbers.'" in told
    assert "Look whether it still proves what stands there now: 'It adds the five numbers.'" in told
    assert "a statement that nothing proves: 'It adds the five numbers.'" in told
    assert "Quote it in a function of tests/claims/race.py, and prove it there" in told


def _kind(body: str) -> str:
    """How a function with a body is tied."""
    (claim,) = read_claims(f'def one() -> None:\n    """It adds."""\n    {body}\n')
    return claim.kind


def ways_to_prove() -> None:
    """`shown("queue/smallest", "Output", "apple")` | a program shows it: these texts stand in the
    program, in its output, or in the title over the output

    `assert`, `with raises(ValueError):` | a check; it runs under each start method on each Python

    `no_fact("advice")` | nothing: the sentence is advice, a definition or an introduction, and
    cannot be false
    """
    call = 'shown("queue/smallest", "Output", "apple")'
    shown("queue/smallest", "Output", "apple")
    assert (_kind(call), _kind('no_fact("advice")')) == ("shown", "no fact")
    assert _kind("assert 2 + 2 == 4") == _kind("with raises(ValueError): int('a')") == "checked"
    from tests.test_claims import OTHERS

    assert {ONCE, *(other.values[0] for other in OTHERS)} == set(METHODS) <= set(START_METHODS)


def such_a_file() -> None:
    """The queue was not drained has such a file."""
    assert (ROOT / "tests" / "claims" / "queue_deadlock.py").exists()


def turned_around() -> None:
    """To see that each check can fail, turn them around, one by one:"""
    assert "Each `assert` and `raises` of a check in `tests/claims` is turned around" in (
        mutate.__doc__ or ""
    )
    assert _fences("Statements")[1] == "python3 noxfile.py -s mutate -- queue-deadlock\n"


def what_the_check_says() -> None:
    """The check command names the file and the line, what is wrong, and the remedy."""
    told = _told({RACE: PAGE.encode()})
    assert re.fullmatch(r"docs/pitfalls/race\.md:1: a page without .*\. Begin it with .*\.", told)


def wrong_folder() -> None:
    """The folder has another name than the page | `an include of a file that does not exist`,
    `(there is lost_update/fails.py)`; or `on a page of another name` | Rename the folder

    An include of a missing file | `an include of a file that does not exist` | Correct the name;
    `update` writes outputs
    """
    moved = {
        f"examples/rac_e/fixed.{end}": GREEN[f"examples/race/fixed.{end}"] for end in ("py", "out")
    }
    told = _told({**moved, PROGRAM_FILE: None, "examples/race/fixed.out": None})
    assert "an include of a file that does not exist, examples/race/fixed.py" in told
    assert "Correct the name (there is rac_e/fixed.py), or write the file; `nox -s update`" in told
    assert "on a page of another name" in _told({RACE: None, "docs/pitfalls/other.md": PAGE})


def not_in_the_nav() -> None:
    """The page is missing in the nav | `a page that is not in the nav` | Add a line to `nav` in
    `mkdocs.yml`

    A page is in the nav twice | `a page that is in the nav twice` | Remove one entry
    """
    told = _told({"mkdocs.yml": "nav:\n  - index.md\n"})
    assert "a page that is not in the nav. Add it to nav in mkdocs.yml" in told
    told = _told({"mkdocs.yml": GREEN["mkdocs.yml"] + "  - index.md\n"})
    assert "a page that is in the nav twice" in told
    assert "take one of them out" in told


def dead_links() -> None:
    """A dead link | `a link to a file that does not exist`, or `to a heading that does not exist`
    | Correct the path, or use the heading that it names
    """
    told = _told({RACE: f"{PAGE}\n[A](gone.md) [B](../index.md#homes)\n"})
    assert "a link to a file that does not exist, gone.md. Write the path" in told
    assert "a link to a heading that does not exist, ../index.md#homes. Write #home" in told


def a_typo_at_the_top() -> None:
    """A typo in the front matter | `an unknown key in the front matter, 'descriptions'` | Write
    `description`
    """
    told = _told({RACE: "---\ndescriptions: It adds\n---\n\n" + PAGE})
    assert (
        "an unknown key in the front matter, 'descriptions'. Write one of asked, description,"
        in told
    )


def the_template_is_left() -> None:
    """A sentence of the template is left | `a sentence of the template, "Write here"` | Write
    your own
    """
    told = _told({RACE: f"{PAGE}\nWrite here why.\n"})
    assert 'a sentence of the template, "Write here". Replace it with your own words' in told


def too_long() -> None:
    """A program is too long | `a program of 52 lines, without the blank ones` | Show one idea, or
    make two programs

    A line of a program is too long | `a line of 85 columns` | Break it within 72
    """
    told = _told({PROGRAM_FILE: '"""Add."""\n' + "print(4)\n" * 51})
    assert "a program of 52 lines, without the blank ones. Show one idea in at most 40, or" in told
    told = _told({PROGRAM_FILE: f'"""Add."""\n\nprint(4)  # {"x" * 73}\n'})
    assert "a line of 85 columns. Keep it within 72" in told


def not_imported() -> None:
    """A dependency is no longer used | `a dependency that is declared and not imported` | Remove
    it from the `# /// script` block
    """
    block = '# /// script\n# dependencies = ["numpy"]\n# ///\n'
    told = _told({PROGRAM_FILE: block + '"""Add."""\n\nprint(4)\n'})
    assert "a dependency that is declared and not imported, numpy. Take it out of the" in told


def wrong_place() -> None:
    """A file in the wrong folder | `a file outside the folder of a page`, or `a file that no page
    uses` | Move it, or delete it

    A program with the name of a module of Python, such as `queue` | `a program with the name of a
    module of Python` | Choose another

    A name that is a device on Windows, such as `aux` | `a name that Windows does not allow` |
    Choose another
    """
    told = _told({"examples/stray.py": '"""Add."""\n', "docs/stray.py": ""})
    assert "a file outside the folder of a page. Move it to examples/<page>/, or delete it" in told
    assert "a file that no page uses. Move a program to" in told
    queue = {PROGRAM_FILE.replace("fixed", "queue"): '"""Add."""\n\nprint(4)\n'}
    told = _told({RACE: PAGE.replace("fixed", "queue"), "examples/race/queue.out": "4\n", **queue})
    assert "a program with the name of a module of Python, queue. Rename it" in told
    assert not checks.portable("aux")
    assert 'f"a name that Windows does not allow, {path.name!r}"' in inspect.getsource(checks)


def a_mistake_in_code() -> None:
    """A mistake in the code of a page | `a syntax error in column 7` | Correct the line"""
    told = _told({RACE: f"{PAGE}\n```python\nprint 4\n```\n```python\na = 2 +\n```\n"})
    assert re.search(r"a syntax error in column \d+: .*\. Correct the code", told)


def typed_output() -> None:
    """An output typed into the page | `an output that is typed into the page` | Include its file"""
    told = _told({RACE: f'{PAGE}\n```text title="Output"\n4\n```\n'})
    assert "an output that is typed into the page. Include its file" in told


def changed_by_hand() -> None:
    """A recorded output changed by hand | `not what fails.out says`, with the difference | Run
    `update`, or fix the program
    """
    with _site({"examples/race/fixed.out": "5\n"}) as site:
        program = site.programs["race/fixed"]
        (expectation,) = program.expectations
        found = differences(expectation, Outcome(0, "4\n"))
        told = failure(program, expectation, "spawn", found)
    assert "not what fixed.out says" in told
    assert "-5\n+4" in told
    assert "nox -s update -- race/fixed" in told


def moved() -> None:
    """A page was moved or removed | `a published address that leads nowhere` | Add a redirect in
    `mkdocs.yml`
    """
    told = _told({"tests/addresses.txt": "/\n/pitfalls/lost/\n/pitfalls/race/\n"})
    assert "a published address that leads nowhere, /pitfalls/lost/" in told
    assert "redirect" in told


def tables_of_faults() -> None:
    """`If something fails` | what becomes of the program when a fault is put into it from outside,
    a line for each fault; on Linux

    The faults of a program stand in `<program>.faults`.

    Include this file under the output, and record it; the first time, this writes a line for each
    fault that hits something in the program:

    If the outcome of a fault differs between start methods, the table has a line for each, as in
    `fork: hangs`.

    If it differs between releases, it is refused, and the line says how: name the cases in the
    table, such as `Python 3.11 to 3.13.7: hangs` and below it `Python 3.13.8 and later: status 1`,
    and record it again.

    The tests put the same faults in and compare.

    A program that should hang is watched for two seconds after the fault.
    """
    from tests.harness.compare import faults as compared
    from tests.harness.compare.record import Refused
    from tests.harness.read import faults
    from tests.harness.read.words import RECORDED_ON
    from tests.harness.tools import faults as tool

    assert (faults.TITLE, faults.SUFFIX) == ("If something fails", ".faults")
    assert (RECORDED_ON, compared.SURE) == ("Linux", 2)
    old, new = (3, 13, 7), (3, 13, 8)
    under = {("fork", old): "hangs", ("spawn", old): "status 1"}
    table = [faults.Fate("killed", what, case) for case, what in tool.in_cases([], under)]
    assert "fork: hangs\n" in faults.text_of(table)
    releases = {("fork", old): "hangs", ("fork", new): "status 1"}
    with raises(Refused, text="hangs: fork 3.13.7; status 1: fork 3.13.8"):
        list(tool.in_cases([], releases))
    text = (
        "a worker is killed  Python 3.11 to 3.13.7: hangs\n"
        "                    Python 3.13.8 and later: status 1\n"
    )
    table = faults.read_table(text)
    cases = list(tool.in_cases([fate.case for fate in table], releases))
    assert [what for _, what in cases] == ["hangs", "status 1"]


def timelines() -> None:
    """What the processes of a program do, step by step, stands in `<program>.trace`.

    Include this file under its output, with the title `What its processes do`; the site draws it.

    `update` records it under every start method on every Python, and refuses it if two runs differ.

    With the title `What its processes did in one run`, the order between the processes may differ,
    and what each does may not.

    Of a pool, the number of workers that begin may differ too, and which worker does which task.

    `What its processes do` | each step of each process, and which steps of others had to come
    before

    `What its processes did in one run` | each step of each process
    """
    from markdown import Markdown

    from tests.harness.read.traces import SUFFIX, TITLES, comparable
    from tests.harness.tools import update

    assert SUFFIX == ".trace" and list(TITLES) == [
        "What its processes do",
        "What its processes did in one run",
    ]
    one = "main program\n  1  begins\n  3  acquires lock, after 2\n"
    other = "main program\n  1  begins\n  2  acquires lock\n"
    assert comparable(one, in_one_run=False) != comparable(other, in_one_run=False)
    assert comparable(one, in_one_run=True) == comparable(other, in_one_run=True)
    assert comparable(one, True) != comparable(one.replace("acquires", "releases"), True)
    one = "main program\n  1  starts PoolWorker-1\n\nPoolWorker-1, runs tasks\n  2  takes a\n"
    other = one.replace("PoolWorker-1", "PoolWorker-2")
    other += "\nPoolWorker-3, runs tasks\n  3  begins\n"
    assert comparable(one, in_one_run=True) == comparable(other, in_one_run=True)
    assert comparable(one, True) != comparable(other.replace("takes a", "takes b"), True)
    source = inspect.getsource(update.record_trace)
    assert "for method in METHODS" in source and "in pythons.items()" in source
    assert "raise Refused" in source
    text = '```text title="What its processes do"\n--8<-- "queue/smallest.trace"\n```\n'
    assert "<svg" in Markdown(extensions=["tests.harness.tell.pictures"]).convert(text)
