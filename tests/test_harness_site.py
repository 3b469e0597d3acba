"""What is wrong with a site is found and told, on small made-up ones."""

import ast
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from examples import _interrupts
from tests.harness.read import checks
from tests.harness.read.addresses import record_addresses
from tests.harness.read.checks import portable
from tests.harness.read.site import ROOT, read_site
from tests.harness.read.words import SYSTEM, SYSTEMS
from tests.harness.tell.results import contract_line

PAGE = """# Race

```python title="race/fixed.py"
--8<-- "race/fixed.py"
```

```text title="Output"
--8<-- "race/fixed.out"
```
"""
FRONT_MATTER = "---\ndescription: It adds\n---\n\n"
ADDRESSES = "/\n/pitfalls/race/\n"
GREEN = {
    "mkdocs.yml": "nav:\n  - index.md\n  - Pitfalls:\n      - pitfalls/race.md\n",
    "docs/index.md": "# Home\n",
    "docs/pitfalls/race.md": PAGE,
    "examples/race/fixed.py": '"""Add."""\n\nprint(4)\n',
    "examples/race/fixed.out": "4\n",
    "tests/addresses.txt": ADDRESSES,
    "requirements.txt": "numpy==2.5.5 --hash=sha256:0\n",
}
RACE = "docs/pitfalls/race.md"
TABS = """
=== "{}"

    ```text title="Output"
    --8<-- "race/fixed.out"
    ```

=== "{}"

    ```text title="Output"
    --8<-- "race/fixed.spawn.out"
    ```
"""
SCRIPT = """# /// script
# dependencies = {}
# ///
\"\"\"Add.\"\"\"

import numpy
"""
PROGRAM = PAGE.partition("```text")[0]


def make(root: Path, changes: Mapping[str, str | bytes | None]) -> Path:
    """Write the green site with some files changed; None leaves a file out.

    A page without front matter is given some, unless its text is in bytes.
    """
    for name, text in {**GREEN, **changes}.items():
        if isinstance(text, str) and name.endswith(".md") and not text.startswith("---"):
            text = FRONT_MATTER + text
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is not None:
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def make_with_harness(root: Path, changes: Mapping[str, str | bytes | None]) -> Path:
    """Write a site, and beside it a copy of what runs and checks it."""
    of_the_guide = ["checker", "contract", "copies", "diagnose", "messages", "names", "pages"]
    of_the_guide += ["questions", "reading", "signatures", "try_*"]
    ours = ["__pycache__", "checker", "claims", "test_harness_*", "*.t*"]
    ours += [f"test_{name}.py" for name in of_the_guide]
    ignored = shutil.ignore_patterns(*ours)
    for name in "tests", "examples/_doctor", "examples/_startup", "examples/_trace":
        shutil.copytree(ROOT / name, root / name, ignore=ignored, dirs_exist_ok=True)
    for path in (ROOT / "examples").glob("_*.py"):
        shutil.copy(path, root / "examples")
    settings = (ROOT / "pyproject.toml").read_text("utf-8")
    one_process = settings.replace("--numprocesses=auto", "--numprocesses=0")
    return make(root, {"pyproject.toml": one_process, **changes})


def problems(root: Path, changes: Mapping[str, str | bytes | None]) -> list[str]:
    return [str(problem) for problem in read_site(make(root, changes)).problems]


def test_a_green_site_has_no_problems(tmp_path: Path) -> None:
    assert problems(tmp_path, {}) == []


def test_links_that_lead_somewhere_are_green(tmp_path: Path) -> None:
    links = "[A](../index.md#home_1) [B](#race) [C](https://a.org/b) `[D](gone.md)` [E](a.txt)"
    files = {"docs/index.md": "# Home\n\n## Home\n", "docs/pitfalls/a.txt": ""}
    assert problems(tmp_path, {RACE: f"{PAGE}\n{links}\n", **files}) == []


def test_a_dependency_that_is_too_large_to_be_pinned_is_green(tmp_path: Path) -> None:
    large = '[dependency-groups]\nlarge = ["torch"]\n'
    program = SCRIPT.format('["torch"]').replace("numpy", "torch")
    files = {"pyproject.toml": large, "examples/race/fixed.py": program}
    assert problems(tmp_path, files) == []


def test_a_dependency_with_pins_of_its_own_is_green(tmp_path: Path) -> None:
    program = SCRIPT.format('["ray"]').replace("numpy", "ray")
    files = {"requirements-ray.txt": "ray==2.60.0\n", "examples/race/fixed.py": program}
    assert problems(tmp_path, files) == []


def test_a_sleep_with_a_reason_is_green(tmp_path: Path) -> None:
    program = '"""Add."""\n\nfrom time import sleep\n\nsleep(0)  # it adds\nprint(4)\n'
    assert problems(tmp_path, {"examples/race/fixed.py": program}) == []


def test_files_that_pages_use_are_green(tmp_path: Path) -> None:
    used = {
        "docs/tour.ipynb": "\"import helper; open('helper.py')\"",
        "docs/helper.py": "",
        "docs/measured.json": "{}",
        "docs/assets/style.css": "",
        "docs/_theme/main.html": "",
        "noxfile.py": "",
        "tests/addresses.txt": ADDRESSES + "/tour/\n",
    }
    nav = GREEN["mkdocs.yml"] + "  - tour.ipynb\n"
    assert problems(tmp_path, {"mkdocs.yml": nav, **used}) == []


@pytest.mark.parametrize(
    "name, allowed",
    [
        ("race", True),
        ("console", True),
        ("com10", True),
        ("auxiliary.md", True),
        (".out", True),
        ("con", False),
        ("Nul.txt", False),
        ("com1.tar.gz", False),
        ("lpt9 .md", False),
        ("CONIN$", False),
        ("race.", False),
        ("race ", False),
        ("a:b", False),
        ("a\tb", False),
    ],
)
def test_names_that_windows_allows(name: str, allowed: bool) -> None:
    assert portable(name) == allowed


def test_tabs_that_cover_each_case_once_are_green(tmp_path: Path) -> None:
    page = PROGRAM + TABS.format("fork and forkserver", "spawn")
    assert problems(tmp_path, {RACE: page, "examples/race/fixed.spawn.out": "5\n"}) == []


def test_windows_has_one_start_method_to_cover(tmp_path: Path) -> None:
    page = PROGRAM + TABS.format("Linux and macOS", "Windows, spawn")
    assert problems(tmp_path, {RACE: page, "examples/race/fixed.spawn.out": "5\n"}) == []


def test_a_program_of_another_system_is_no_block(tmp_path: Path) -> None:
    other = next(name for name in SYSTEMS if name != SYSTEM)
    page = PAGE.replace('title="Output"', f'title="Output, on {other}"')
    site = read_site(make(tmp_path, {RACE: page}))
    assert site.programs["race/fixed"].systems == {other}
    assert contract_line(site, 0, []).startswith("0 blocks, 0 executed, 0 compared, 0 skipped")


def test_the_addresses_of_new_pages_are_recorded_once(tmp_path: Path) -> None:
    site = read_site(make(tmp_path, {"docs/new.md": "# New\n"}))
    assert record_addresses(site) == ["/new/"]
    assert record_addresses(site) == []
    assert (tmp_path / "tests/addresses.txt").read_text("utf-8") == "/\n/new/\n/pitfalls/race/\n"


def test_a_moved_page_is_green_with_a_redirect(tmp_path: Path) -> None:
    maps = "{pitfalls/lost.md: pitfalls/race.md}"
    redirects = f"plugins:\n  - search\n  - redirects:\n      redirect_maps: {maps}\n"
    changes = {
        "mkdocs.yml": GREEN["mkdocs.yml"] + redirects,
        "tests/addresses.txt": ADDRESSES + "/pitfalls/lost/\n",
    }
    assert problems(tmp_path, changes) == []


@pytest.mark.parametrize(
    "changes, where, what, remedy",
    [
        pytest.param(
            {"examples/race/fixed.py": None},
            f"{RACE}:8:", "a file that does not exist, examples/race/fixed.py", "Correct the name",
            id="include of a missing file",
        ),
        pytest.param(
            {RACE: PAGE.replace('"race/fixed.py"\n```', '"race/fixd.py"\n```')},
            f"{RACE}:8:", "a file that does not exist, examples/race/fixd.py", "(there is race/f",
            id="include of a misspelt file",
        ),
        pytest.param(
            {RACE: PAGE.replace("fixed.py\"\n```\n", "fixed.py:main\"\n```\n")},
            f"{RACE}:8:", "an include of the section 'main'", "Files are included whole",
            id="include of a section",
        ),
        pytest.param(
            {RACE: PAGE.replace('fixed.out"\n', 'fixed.out" \n')},
            f"{RACE}:12:", "an include that will not be carried out", "with nothing after it",
            id="space after an include",
        ),
        pytest.param(
            {RACE: PAGE.replace('--8<-- "race/fixed.out"', '4\n--8<-- "race/fixed.out"')},
            f"{RACE}:13:", "an include with other lines around it", "a fence of its own",
            id="include among lines",
        ),
        pytest.param(
            {RACE: PAGE + '\n--8<-- "race/fixed.py"\n'},
            f"{RACE}:15:", "an include that stands in no code fence", "Put it into a fence",
            id="include outside a fence",
        ),
        pytest.param(
            {"examples/race/fixed.out": "\n"},
            f"{RACE}:12:", "an include that comes out empty, examples/race/fixed.out", "Only what",
            id="empty include",
        ),
        pytest.param(
            {RACE: PAGE + "\n```text\n\n```\n"},
            f"{RACE}:15:", "an empty code fence", "Fill it",
            id="empty fence",
        ),
        pytest.param(
            {RACE: PROGRAM, "examples/race/fixed.out": None},
            f"{RACE}:7:", "the program race/fixed has no output", "Include race/fixed.out below",
            id="program without output",
        ),
        pytest.param(
            {RACE: PAGE.replace("race/fixed.out", "race/other.out"),
             "examples/race/other.out": "4\n"},
            f"{RACE}:11:", "an output without its program, examples/race/other.out", "Show race",
            id="output without program",
        ),
        pytest.param(
            {"examples/race/other.out": "4\n"},
            "examples/race/other.out:1:", "an output that no page shows", "or delete it",
            id="output on no page",
        ),
        pytest.param(
            {"examples/race/other.py": "print(4)\n"},
            "examples/race/other.py:1:", "a program that no page shows", "Include it in its page",
            id="program on no page",
        ),
        pytest.param(
            {"examples/stray.py": "print(4\n"},
            "examples/stray.py:1:", "a file outside the folder of a page", "Move it to examples/",
            id="program outside a folder",
        ),
        pytest.param(
            {RACE: PAGE + "\n```sage\nprint(4)\n```\n"},
            f"{RACE}:15:", "a code fence in 'sage'", "Write ```python",
            id="fence in a dialect of Python",
        ),
        pytest.param(
            {"examples/race/notes.doc": "4\n"},
            "examples/race/notes.doc:1:", "neither program nor output", "Delete it",
            id="file of another kind",
        ),
        pytest.param(
            {RACE: PAGE + "\n" + PAGE},
            f"{RACE}:17:", "the program race/fixed is shown a second time", "Link to",
            id="program shown twice",
        ),
        pytest.param(
            {"docs/examples/add.md": PAGE,
             "mkdocs.yml": GREEN["mkdocs.yml"] + "  - examples/add.md\n"},
            "docs/examples/add.md:7:", "the program race/fixed is shown a second time",
            "Link to docs/pitfalls/race.md instead",
            id="program of another page shown again",
        ),
        pytest.param(
            {RACE: None, "docs/pitfalls/other.md": PAGE,
             "mkdocs.yml": GREEN["mkdocs.yml"].replace("race", "other")},
            "docs/pitfalls/other.md:7:", "on a page of another name", "Move it to the folder",
            id="program on a page of another name",
        ),
        pytest.param(
            {"docs/syntax/Race.md": "# Race\n",
             "mkdocs.yml": GREEN["mkdocs.yml"] + "  - syntax/Race.md\n"},
            "docs/syntax/Race.md:1:", "two pages of the name race", "Rename one",
            id="two pages of one name",
        ),
        pytest.param(
            {RACE: PAGE + PAGE.partition("# Race")[2].replace("fixed", "Fixed"),
             "examples/race/Fixed.py": '"""Add."""\nprint(4)\n',
             "examples/race/Fixed.out": "4\n"},
            "examples/race/Fixed.py:1:", "two programs of the name race/fixed", "Rename one",
            id="two programs of one name",
        ),
        pytest.param(
            {RACE: PAGE.replace('title="race/fixed.py"', 'title="fixed"')},
            f"{RACE}:7:", "the title 'fixed' over the program race/fixed.py", 'title="race/',
            id="program under another title",
        ),
        pytest.param(
            {"examples/race/fixed.py": '"""Add."""\n\nprint(4\n'},
            "examples/race/fixed.py:3:", "a syntax error: '(' was never closed", "Correct",
            id="syntax error",
        ),
        pytest.param(
            {RACE: '---\ndescription: "fork": it hangs\n---\n\n' + PAGE},
            f"{RACE}:2:", "front matter that is not YAML", "into quotes",
            id="front matter that is not YAML",
        ),
        pytest.param(
            {RACE: PAGE.encode()},
            f"{RACE}:1:", "a page without front matter", "Begin it with the lines `---`",
            id="no front matter",
        ),
        pytest.param(
            {RACE: "---\ndescription: It hangs\n\n" + PAGE},
            f"{RACE}:1:", "front matter that is never closed", "End it with a line `---`",
            id="open front matter",
        ),
        pytest.param(
            {RACE: "---\nsearch:\n  exclude: true\n---\n\n" + PAGE},
            f"{RACE}:1:", "front matter without a description", "Add `description:`",
            id="no description of a page",
        ),
        pytest.param(
            {RACE: "---\ndescription:\n---\n\n" + PAGE},
            f"{RACE}:1:", "front matter without a description", "Add `description:`",
            id="empty description",
        ),
        pytest.param(
            {RACE: "---\n---\n\n" + PAGE},
            f"{RACE}:1:", "front matter without a description", "Add `description:`",
            id="empty front matter",
        ),
        pytest.param(
            {RACE: PAGE + '\nEach "Write here".\n\n- [Home](../index.md): write here why\n'},
            f"{RACE}:17:", "a sentence of the template, \"Write here\"", "your own words",
            id="words of the template",
        ),
        pytest.param(
            {RACE: "---\ndescriptions: It hangs\n---\n\n" + PAGE},
            f"{RACE}:2:", "an unknown key in the front matter, 'descriptions'",
            "Write one of asked, desc",
            id="unknown key",
        ),
        pytest.param(
            {"examples/race/fixed.py": '"""Add."""\n\nimport numpy.linalg\n'},
            "examples/race/fixed.py:3:", "an import that is not declared, numpy", "Declare it",
            id="import that is not declared",
        ),
        pytest.param(
            {"examples/race/fixed.py": SCRIPT.format('["numpy>=2", "lost"]')},
            "examples/race/fixed.py:1:", "requirements.txt does not pin, lost", "nox -s lock",
            id="dependency that is not pinned",
        ),
        pytest.param(
            {"examples/race/fixed.py": SCRIPT.format('["numpy"]').replace("import", "#")},
            "examples/race/fixed.py:1:", "a dependency that is declared and not imported, numpy",
            "Take it out",
            id="dependency that is not used",
        ),
        pytest.param(
            {"examples/race/fixed.py": SCRIPT.format('[]\n# [tool.examples]\n# commands = ["ls"]')},
            "examples/race/fixed.py:1:", "a dependency that is declared and not imported, ls",
            "Take it out",
            id="command that is not used",
        ),
        pytest.param(
            {RACE: PAGE.replace("fixed", "array"), "examples/race/fixed.py": None,
             "examples/race/fixed.out": None,
             "examples/race/array.py": '"""Add."""\n\nprint(4)\n',
             "examples/race/array.out": "4\n"},
            "examples/race/array.py:1:", "a program with the name of a module of Python, array",
            "Rename it",
            id="name of a module of Python",
        ),
        pytest.param(
            {"examples/race/fixed.py": SCRIPT.format("[numpy]")},
            "examples/race/fixed.py:1:", "block that is not TOML", "Begin the file with",
            id="inline metadata that is not TOML",
        ),
        pytest.param(
            {"examples/race/fixed.py": SCRIPT.format('[]\n# requires-python = "<3.14"')},
            "examples/race/fixed.py:1:", 'not of the form ">=3.14", \'<3.14\'', "Begin the file",
            id="requires-python of another form",
        ),
        pytest.param(
            {RACE: PROGRAM + TABS.format("Python 3.14", "Python 3.15.1 and later"),
             "examples/race/fixed.py": SCRIPT.format('[]\n# requires-python = ">=3.14"')
             .replace("import numpy", ""),
             "examples/race/fixed.spawn.out": "5\n"},
            f"{RACE}:7:", "no output for fork on Python 3.15.0", "exactly once",
            id="release without output, of a program that needs a newer Python",
        ),
        pytest.param(
            {"examples/race/fixed.py": "print(4)\n"},
            "examples/race/fixed.py:1:", "a program without a description", "one sentence",
            id="no description",
        ),
        pytest.param(
            {"examples/race/fixed.py": f'"""Add."""\nprint({"4" * 70})\n'},
            "examples/race/fixed.py:2:", "a line of 77 columns", "Keep it within 72",
            id="too wide",
        ),
        pytest.param(
            {"examples/race/fixed.py": '"""Add."""\n\n' + "print(4)\n" * 40},
            "examples/race/fixed.py:42:", "a program of 41 lines, without the blank ones",
            "Show one idea in at most 40",
            id="program too long",
        ),
        pytest.param(
            {"examples/race/fixed.out": b"one\n\xff\n"},
            "examples/race/fixed.out:2:", "a byte that is not UTF-8", "Save the file as UTF-8",
            id="recorded output not UTF-8",
        ),
        pytest.param(
            {RACE: PAGE.replace('"Output"', '"Output, more or less"')},
            f"{RACE}:11:", "unknown words over an output, 'Output, more or less'", 'Write "Output"',
            id="unknown words over an output",
        ),
        pytest.param(
            {RACE: PAGE.replace('"Output"', '"Output, on Linux and BeOS"')},
            f"{RACE}:11:", "unknown words over an output, 'Output, on Linux and BeOS'", "on Linux",
            id="unknown system",
        ),
        pytest.param(
            {"tests/addresses.txt": ADDRESSES + "/pitfalls/lost/\n"},
            "tests/addresses.txt:3:", "a published address that leads nowhere, /pitfalls/lost/",
            "Add `pitfalls/lost.md: <",
            id="address without a page",
        ),
        pytest.param(
            {"tests/addresses.txt": "/\n"},
            f"{RACE}:1:", "a page whose address is not in tests/addresses.txt", "nox -s update",
            id="page without an address",
        ),
        pytest.param(
            {RACE: PROGRAM + TABS.format("fork and vfork", "spawn"),
             "examples/race/fixed.spawn.out": "5\n"},
            f"{RACE}:14:", "unknown words in the tab 'fork and vfork'", "Write start methods",
            id="unknown words in a tab",
        ),
        pytest.param(
            {RACE: PROGRAM + TABS.format("Python 3.9", "Python 3.10 and later"),
             "examples/race/fixed.spawn.out": "5\n"},
            f"{RACE}:14:", "a Python that is not supported, 3.9", "Write one of 3.11, ",
            id="unsupported Python in a tab",
        ),
        pytest.param(
            {RACE: PROGRAM + TABS.format("Python 3.11 to 3.13.7", "Python 3.13.9 and later"),
             "examples/race/fixed.spawn.out": "5\n"},
            f"{RACE}:7:", "no output for fork on Python 3.13.8", "exactly once",
            id="release without output",
        ),
        pytest.param(
            {RACE: PROGRAM + TABS.format("Python 3.11 to 3.13.7", "Python 3.13.7 and later"),
             "examples/race/fixed.spawn.out": "5\n"},
            f"{RACE}:7:", "2 outputs for fork on Python 3.13.7", "exactly once",
            id="release in two tabs",
        ),
        pytest.param(
            {RACE: PROGRAM + TABS.format("fork", "spawn"), "examples/race/fixed.spawn.out": "5\n"},
            f"{RACE}:7:", "no output for forkserver on Python 3.11.0", "exactly once",
            id="case without output",
        ),
        pytest.param(
            {RACE: PAGE + TABS.format("fork and forkserver", "spawn"),
             "examples/race/fixed.spawn.out": "5\n"},
            f"{RACE}:7:", "2 outputs for fork on Python 3.11.0", "exactly once",
            id="two outputs for a case",
        ),
        pytest.param(
            {RACE: PROGRAM + TABS.format("fork, Windows", "Python 3.11 and later"),
             "examples/race/fixed.spawn.out": "5\n"},
            f"{RACE}:14:", "an output of race/fixed for a case that there is not", "has",
            id="case that there is not",
        ),
        pytest.param(
            {RACE: PAGE + PAGE.removeprefix(PROGRAM.rstrip("\n") + "\n")},
            f"{RACE}:15:", "a second output of race/fixed for the same case", "a tab of its own",
            id="second output",
        ),
        pytest.param(
            {RACE: PAGE.replace('"Output"', '"Output, exit status 1"')
             + '\n```text title="Standard error"\n--8<-- "race/fixed.err"\n```\n',
             "examples/race/fixed.err": "No\n"},
            f"{RACE}:15:", "the ending of race/fixed does not stand on its last output", "Move",
            id="ending not on the last output",
        ),
        pytest.param(
            {RACE: PAGE.replace('"Output"', '"Standard error"')},
            f"{RACE}:11:", "examples/race/fixed.out under the words 'Standard error'", ".err",
            id="file of the other stream",
        ),
        pytest.param(
            {RACE: PAGE.replace('--8<-- "race/fixed.out"', "4")},
            f"{RACE}:11:", "an output that is typed into the page", "Include its file",
            id="typed output",
        ),
        pytest.param(
            {RACE: PAGE + "\n```text\n5\n```\n"},
            f"{RACE}:16:", "a line that no program on this page prints: '5'", "correct the line",
            id="typed error message",
        ),
        pytest.param(
            {RACE: PAGE + "\n~~~python\nprint(4)\n~~~\n"},
            f"{RACE}:15:", "a code fence of ~~~", "exactly three backticks",
            id="fence of tildes",
        ),
        pytest.param(
            {RACE: PAGE + "\n````python\nprint(4)\n````\n"},
            f"{RACE}:15:", "a code fence of ````", "exactly three backticks",
            id="fence of four backticks",
        ),
        pytest.param(
            {RACE: PAGE + "\n```{ .python }\nprint(4)\n```\n"},
            f"{RACE}:15:", "a code fence that begins ```{ .python }", "Write ```python",
            id="fence with curly brackets",
        ),
        pytest.param(
            {RACE: PAGE + "\n``` python\nprint(4)\n```\n"},
            f"{RACE}:15:", "a code fence that begins ``` python", "Write ```python",
            id="fence with a space",
        ),
        pytest.param(
            {RACE: PAGE + "\n```pycon\n>>> 4\n4\n```\n"},
            f"{RACE}:15:", "a code fence in 'pycon'", "so that it is executed",
            id="fence of a console",
        ),
        pytest.param(
            {RACE: PAGE + "\n```text\n4\n"},
            f"{RACE}:15:", "a code fence that is never closed", "Close it",
            id="open fence",
        ),
        pytest.param(
            {"mkdocs.yml": GREEN["mkdocs.yml"] + "  - pitfalls/gone.md\n"},
            "mkdocs.yml:5:", "a nav entry with no page, docs/pitfalls/gone.md", "Write the page",
            id="nav entry with no page",
        ),
        pytest.param(
            {"docs/pitfalls/new.md": "# New\n"},
            "docs/pitfalls/new.md:1:", "a page that is not in the nav", "Add it to nav",
            id="page not in nav",
        ),
        pytest.param(
            {"mkdocs.yml": GREEN["mkdocs.yml"] + "  - Lost: pitfalls/race.md\n"},
            "mkdocs.yml:5:", "a page that is in the nav twice, docs/pitfalls/race.md",
            "It is in line 4, too",
            id="page twice in nav",
        ),
        pytest.param(
            {"docs/pitfalls/fixed.py": ""},
            "docs/pitfalls/fixed.py:1:", "a file that no page uses", "Move a program to examples/",
            id="program among the pages",
        ),
        pytest.param(
            {"docs/notes.txt": ""},
            "docs/notes.txt:1:", "a file that no page uses", "or delete the file",
            id="file among the pages",
        ),
        pytest.param(
            {"fixed.out": ""},
            "fixed.out:1:", "a file outside the folder of a page", "Move it to examples/<page>/",
            id="output at the top",
        ),
        pytest.param(
            {"examples/race/more/fixed.out": ""},
            "examples/race/more/fixed.out:1:", "a file outside the folder of a page", "Move it",
            id="output in a folder of a folder",
        ),
        pytest.param(
            {"docs/assets/aux.css": ""},
            "docs/assets/aux.css:1:", "a name that Windows does not allow, 'aux.css'", "Rename it",
            id="name of a device",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="does not allow it"),
        ),
        pytest.param(
            {RACE: PAGE + '\n=== "fork"\n\n    ```python\n    print(4)\n    print(5\n    ```\n'},
            f"{RACE}:19:", "a syntax error in column 10: '(' was never closed", "Correct the code",
            id="fragment that is not Python",
        ),
        pytest.param(
            {"examples/race/fixed.py": '"""Add."""\n\nimport time\n\ntime.sleep(1)\nprint(4)\n'},
            "examples/race/fixed.py:5:", "a program that sleeps", "say in a comment on this line",
            id="sleep",
        ),
        pytest.param(
            {"examples/race/fixed.py": '"""Add."""\nfrom time import sleep\n\nsleep(\n    1\n)\n'},
            "examples/race/fixed.py:4:", "a program that sleeps", "join(), get(), an Event",
            id="sleep by its name",
        ),
        pytest.param(
            {"examples/race/fixed.py": '"""Add."""\nLISTEN = ("127.0.0.1", 0), ("", 80)\n'},
            "examples/race/fixed.py:2:", "other machines can reach, ('', 80)", "127.0.0.1",
            id="every interface",
        ),
        pytest.param(
            {"examples/race/fixed.py": '"""Add."""\nRUN = ["serve", "--bind=0.0.0.0:80"]\n'},
            "examples/race/fixed.py:2:", "other machines can reach, '--bind=", "a Unix socket",
            id="every interface in a command",
        ),
        pytest.param(
            {RACE: PAGE + '\n```python\nhost = "127.0.0.1"\nother = "::"\n```\n'},
            f"{RACE}:17:", "an address that other machines can reach, '::'", "127.0.0.1",
            id="every interface in a fragment",
        ),
        pytest.param(
            {"mkdocs.yml": "nav:\n  - index.md\n\t- pitfalls/race.md\n"},
            "mkdocs.yml:3:", "a line that is not YAML", "no tabs",
            id="nav that is not YAML",
        ),
        pytest.param(
            {RACE: PAGE + "\nSee [queues](../syntax/quue.md).\n"},
            f"{RACE}:15:", "a link to a file that does not exist, ../syntax/quue.md", "with .md",
            id="dead link",
        ),
        pytest.param(
            {RACE: PAGE + "\nSee [the rest](../../README.md).\n", "README.md": "# More\n"},
            f"{RACE}:15:", "a link to a file that does not exist, ../../README.md", "with .md",
            id="link out of the site",
        ),
        pytest.param(
            {RACE: PAGE + "\n## `+=` [loses](#race) *it*\n\n[Up](#race), [here](#-lose-it)\n"},
            f"{RACE}:17:", "a link to a heading that does not exist, #-lose-it", "#loses-it",
            id="dead anchor",
        ),
        pytest.param(
            {RACE: PAGE + "\nIt loses it.\n{ #2x1-AB }\n\n[Here](#2x1-AB), [there](#2x1-ABB)\n"},
            f"{RACE}:18:", "a link to a heading that does not exist, #2x1-ABB", "#2x1-AB",
            id="dead named place",
        ),
        pytest.param(
            {RACE: PAGE + "\n[Home](../index.md#zzz)\n"},
            f"{RACE}:15:", "a heading that does not exist, ../index.md#zzz", "Take out the #",
            id="dead anchor of another page",
        ),
    ],
)  # fmt: skip
def test_problem_names_place_and_remedy(
    tmp_path: Path, changes: dict[str, str | bytes | None], where: str, what: str, remedy: str
) -> None:
    found = [p for p in problems(tmp_path, changes) if p.startswith(where) and what in p]
    assert len(found) == 1, problems(tmp_path, changes)
    assert remedy in found[0]


def test_the_files_of_tests_read_this_site_once() -> None:
    """When they are imported: a reading takes a second, in each process of a run."""
    for path in sorted((ROOT / "tests").glob("test_*.py")):
        steps = ast.parse(path.read_text("utf-8")).body
        values = [ast.unparse(step.value) for step in steps if isinstance(step, ast.Assign)]
        assert not [value for value in values if "read_site(" in value], path


def test_a_command_that_reads_a_site_is_interrupted_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine the reading takes long."""
    monkeypatch.setattr(_interrupts, "received", 0)
    monkeypatch.setattr(checks, "check_programs", lambda _: _interrupts._note(2, None))
    with _interrupts.held():
        with pytest.raises(_interrupts.Interrupted):
            read_site(make(tmp_path, {}))
        assert _interrupts.holds == 1
        assert read_site(tmp_path)  # what is done after a signal is done whole
