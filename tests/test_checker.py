"""The checker finds the programs that pitfalls show as failing, and no others."""

import importlib
import json
import os
import pkgutil
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from docs._checker import hook
from examples import _command
from examples._checker import rules
from examples._checker.check import findings, silenced
from examples._checker.finding import EVERYWHERE, NOT_FORK, WHERE
from examples._checker.program import Program
from examples._checker.reading import LARGEST, Unreadable, read
from examples._checker.tree import parameters
from tests.harness.read.site import ROOT
from tests.harness.run import search

EXAMPLES = ROOT / "examples"
ELSEWHERE = tomllib.loads(Path(__file__).with_name("findings.toml").read_text("utf-8"))
"""Findings in programs of other pages than the rule's: why they are right there."""
FAILS = "## The program that fails"
MARK = "# here"
NAMES = [rule.__name__.rpartition(".")[2] for rule in rules.RULES]


def rules_in(text: str) -> set[str]:
    """The names of the rules that find something in a program."""
    return {finding.rule for finding in findings(Program(text))}


def snippets(name: str) -> ModuleType:
    """The short programs of a rule: `FOUND`, with the line marked, and `RIGHT`."""
    return importlib.import_module(f"tests.checker.{name}")


def page_of(rule: ModuleType) -> str:
    """The text of the page of a rule."""
    page, _, _ = str(rule.PAGE).partition("#")
    return (ROOT / "docs" / page).read_text("utf-8")


def failing() -> dict[str, str]:
    """The rule of each program that a page with a rule shows first under `FAILS`."""
    found = {}
    for rule in rules.RULES:
        name = rule.__name__.rpartition(".")[2]
        if not snippets(name).FOUND:
            continue  # the rule is about the file's name
        _, heading, section = page_of(rule).partition(FAILS)
        if heading:
            program = section.partition('--8<-- "')[2].partition('"')[0]
            found[program] = name.replace("_", "-")
    return found


def test_each_rule_is_named() -> None:
    modules = [module.name for module in pkgutil.iter_modules(rules.__path__)]
    assert modules == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_rule_belongs_to_a_page(name: str) -> None:
    rule = importlib.import_module(f"examples._checker.rules.{name}")
    page, _, heading = rule.PAGE.partition("#")
    assert Path(page).stem == name.replace("_", "-")
    headings = [line for line in page_of(rule).splitlines() if line.startswith("#")]
    slugs = [line.lstrip("# ").lower().replace("`", "").replace(" ", "-") for line in headings]
    assert not heading or any(slug.startswith(heading[:20]) for slug in slugs)


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_finds_what_is_wrong_alone(name: str) -> None:
    rule = name.replace("_", "-")
    for text in snippets(name).FOUND:
        found = [finding for finding in findings(Program(text)) if finding.rule == rule]
        marked = [number for number, line in enumerate(text.split("\n"), 1) if MARK in line]
        assert [finding.line for finding in found] == marked, text
        for finding in found:
            assert finding.under in WHERE
            assert not finding.told.endswith((".", "!"))
    for text in snippets(name).RIGHT:
        assert rule not in rules_in(text), text


def test_programs_of_the_site() -> None:
    shown, wrong, met = failing(), [], set()
    for path in sorted(EXAMPLES.glob("[!_.]*/[!_]*.py")):
        name = path.relative_to(EXAMPLES).as_posix()
        found = rules_in(path.read_text("utf-8"))
        if name in shown and shown[name] not in found:
            wrong.append(f"{name}: {shown[name]} does not find it")
        for rule in sorted(found):
            met.add((name, rule))
            if shown.get(name) != rule and rule not in ELSEWHERE.get(name, {}):
                wrong.append(f"{name}: {rule} finds it; is it right? tests/findings.toml")
    wrong += [
        f"{name}: {rule} does not find it; take it out of tests/findings.toml"
        for name, reasons in ELSEWHERE.items()
        for rule in reasons
        if (name, rule) not in met
    ]
    assert not wrong, "\n".join(wrong)


def test_what_runs_the_programs() -> None:
    """Nothing is found in our own code, but for what proves how things go wrong."""
    folders = [ROOT / "tests" / "harness", ROOT / "docs", *EXAMPLES.glob("_[!_]*")]
    paths = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    paths = [path for path in paths if "_template" not in path.parts]  # it has a pitfall
    assert [path for path in paths if rules_in(path.read_text("utf-8"))] == []


def test_a_start_method_that_the_program_sets() -> None:
    text = "from multiprocessing import Pool, set_start_method\n"
    assert rules_in(f"{text}Pool()\n") == {"main-guard"}
    pinned = f"{text}if __name__ == '__main__':\n    set_start_method('fork')\nPool()\n"
    assert "main-guard" not in rules_in(pinned)
    chosen = pinned.replace("'fork'", "name")
    assert "main-guard" in rules_in(chosen)


def test_a_name_that_hides_a_module() -> None:
    text = "from multiprocessing import Process\n"
    for name, wrong in [("queue", {"shadowed-module"}), ("shop", set()), ("", set())]:
        assert {finding.rule for finding in findings(Program(text, name=name))} == wrong
    (itself,) = findings(Program(text, name="multiprocessing"))
    assert itself.told == (
        "A program named multiprocessing.py hides Python's module multiprocessing: "
        "give it another name"
    )
    for other in "from . import shop\n" + text, "import sys\n":
        assert findings(Program(other, name="queue")) == []


IMPORTS = "from multiprocessing import Pipe, Pool, Process, Queue, Value\n"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("if __name__ != '__main__':\n    pass\nelse:\n    Pool()\n", set()),
        ("if __name__ != '__main__':\n    Pool()\n", {"main-guard"}),
        ("if __name__ < '__main__':\n    Pool()\n", {"main-guard"}),
        ("import torch\ntorch.multiprocessing.Pool()\n", {"main-guard"}),
        ("for queue in Queue():\n    queue.put(1)\n", set()),
        (
            "def f():\n    for _ in 1, 2:\n        pass\n    else:\n        Process(target=f)\n",
            set(),
        ),
        (
            "def add(by, total):\n    total.value += by\n\nif __name__ == '__main__':\n"
            "    total = Value('i')\n    for _ in range(2):\n"
            "        Process(target=add, kwargs={'by': 1, 'total': total}).start()\n",
            {"race"},
        ),
    ],
)
def test_what_a_rule_is_told(text: str, names: set[str]) -> None:
    assert rules_in(IMPORTS + text) & {"main-guard", "race"} == names


def test_what_only_others_have() -> None:
    program = Program("class Shop:\n    pass\n")
    assert parameters(program.tree.body[0]) == []
    assert program.run_by(None) == []
    assert hook.short("x: int\ny: int = 1\n") == "pass\ny = 1"


def test_silence() -> None:
    text = "from multiprocessing import Pool\nPool(){}\n"
    assert rules_in(text.format("")) == {"main-guard"}
    assert rules_in(text.format("  # check: ignore[main-guard]")) == set()
    assert rules_in(text.format("  # check: ignore[race]")) == {"main-guard"}
    assert silenced("x  # check: ignore[race, main-guard]") == ["race", "main-guard"]
    assert silenced("x  #check:ignore[race]  # check: ignore[globals]") == ["race", "globals"]


def check(*arguments: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """`python -m examples check` with these arguments, in this process."""
    monkeypatch.setattr(sys, "argv", ["examples", "check", *arguments])
    return _command.main()


GUARD_MISSING = "from multiprocessing import Pool\n\npool = Pool()\n"
NESTED = """from multiprocessing import Manager

if __name__ == "__main__":
    with Manager() as manager:
        orders = manager.dict(apple=[])
        orders["apple"].append("Ada")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two programs with a finding each, one without, and what is left out."""
    (tmp_path / "guard.py").write_text(GUARD_MISSING)
    (tmp_path / "nested.py").write_text(NESTED)
    (tmp_path / "plain.py").write_text("print('no processes'\n")  # not even read as a program
    for name in ".git", "node_modules", "venv", "more":
        (tmp_path / name).mkdir()
        (tmp_path / name / "guard.py").write_text(GUARD_MISSING)
    (tmp_path / "venv" / "pyvenv.cfg").touch()
    return tmp_path


def test_text(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SITE_URL", raising=False)
    assert check(str(folder), monkeypatch=monkeypatch) == 1
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert lines[0].startswith(f"{folder / 'guard.py'}:3:8: main-guard: This starts a pool")
    assert lines[1] == "    docs/pitfalls/main-guard.md"
    assert lines[2].startswith(f"{folder / 'more' / 'guard.py'}:3:8: ")
    assert lines[4].startswith(f"{folder / 'nested.py'}:6:9: nested-list: ")
    assert lines[-1] == "3 findings in 3 files"


def test_what_cannot_be_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "nowhere.py").symlink_to("gone.py")
    (folder / "wrong.py").write_text("import multiprocessing\n(\n")
    assert check(str(folder), monkeypatch=monkeypatch) == 2
    out, err = capsys.readouterr()
    assert out.splitlines()[-1] == "3 findings in 5 files; 2 not read"
    assert f"{folder / 'nowhere.py'}: cannot be read: " in err
    assert f"{folder / 'wrong.py'}:2: '(' was never closed" in err


def test_moving(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check("--moving-to", "3.14", str(folder), monkeypatch=monkeypatch) == 1
    assert "nested" not in capsys.readouterr().out
    nested = str(folder / "nested.py")
    assert check(nested, "--moving-to", "3.14", monkeypatch=monkeypatch) == 0
    assert capsys.readouterr().out == "0 findings in 1 file\n"


def test_json(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SITE_URL", "https://example.org/")
    missing = str(folder / "missing.py")
    assert check("--json", str(folder / "guard.py"), missing, monkeypatch=monkeypatch) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == 2
    (finding,) = told["findings"]
    assert (finding["line"], finding["column"], finding["rule"]) == (3, 8, "main-guard")
    assert finding["under"] == ["forkserver", "spawn"]
    assert finding["page"] == "https://example.org/pitfalls/main-guard/"
    assert told["unread"] == [
        {"path": missing, "line": 0, "told": "cannot be read: No such file or directory"}
    ]


def test_annotations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "50%, half: new.py"
    path.write_text(GUARD_MISSING)
    assert check("--github", str(path), "gone.py", monkeypatch=monkeypatch) == 2
    first, second = capsys.readouterr().out.splitlines()
    escaped = str(path).replace("%", "%25").replace(",", "%2C").replace(":", "%3A")
    assert first.startswith(f"::error file={escaped},line=3,col=8,title=main-guard::This starts")
    assert second.startswith("::error file=gone.py,line=1,title=not read::cannot be read")


def notebook(*cells: tuple[str, str]) -> str:
    """A notebook of cells, each a kind and a text."""
    parts = [{"cell_type": kind, "source": text.splitlines(True)} for kind, text in cells]
    return json.dumps({"cells": parts, "nbformat": 4})


def test_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "n.ipynb"
    head = "%matplotlib inline\n!pip install x\nlen?\n?len\nfrom multiprocessing import Manager\n"
    path.write_text(
        notebook(
            ("markdown", "# Not code ("),
            ("code", "%%bash\necho ("),
            ("code", f"{head}if True:\n    %time x\n    a, b = !ls\nmanager = Manager()"),
            ("code", "%%time\norders = manager.dict(apple=[])\norders['apple'].append('Ada')"),
        )
    )
    assert check(str(path), monkeypatch=monkeypatch) == 1
    assert capsys.readouterr().out.startswith(f"{path}:cell 4:3:1: nested-list")
    assert check("--github", str(path), monkeypatch=monkeypatch) == 1
    assert "::In cell 4: What" in capsys.readouterr().out
    path.write_text(notebook(("code", "x = (")))
    with pytest.raises(Unreadable, match="was never closed"):
        read(path)
    path.write_text(notebook())
    assert read(path).place(1) == (1, 1)
    for text in "not JSON", "{}", "[]", '{"cells": [1]}':
        path.write_text(text)
        with pytest.raises(Unreadable, match="not a notebook"):
            read(path)


TRACEBACK = 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\nE\n'


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\x7fELF\0\0", "not a text"),
        (b"x = 1\nx = (\n", "was never closed"),
        (b"x = '\xe9'\n", "not UTF-8"),
        (b"# coding: nothing\n", "names no other encoding"),
        (b"if x:\n\ty = 1\n        z = 2\n", "nconsistent use of tabs|unindent"),
        (b"print 'x'\n", "This is a program for Python 2"),
        (TRACEBACK.encode(), "This is a traceback"),
        (b"# Title\n\nSome text.\n\n```python\nx\n```\n", "This is Markdown"),
        (b"(" * 5000, "nested|parenthes|never closed"),
        (b"x = 1" + b" + 1" * 20000, "nested too deeply"),
        (b"x" * (LARGEST + 1), "larger than 2 MB"),
    ],
)
def test_no_program(tmp_path: Path, data: bytes, told: str) -> None:
    path = tmp_path / "given.py"
    path.write_bytes(data)
    with pytest.raises(Unreadable, match=told):
        read(path)


def test_other_encodings(tmp_path: Path) -> None:
    path = tmp_path / "given.py"
    path.write_bytes(b"# coding: latin-1\nx = '\xe9'\n")
    assert read(path).program.tree.body
    path.write_bytes("\ufeffx = 1\r\n".encode())
    assert read(path).program.tree.body


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["check"], "name the files or folders"),
        (["check", "--json", "--github", "x"], "choose one"),
        (["check", "--moving-to", "3.9", "x"], "invalid choice"),
        (["--github"], "--github is not for this"),
        (["--json"], "--json is not for this"),
        (["doctor", "--moving-to", "3.14"], "--moving-to is not for this"),
    ],
)
def test_arguments(
    arguments: list[str],
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["examples", *arguments])
    with pytest.raises(SystemExit):
        _command.main()
    assert told in capsys.readouterr().err


def test_from_another_project(tmp_path: Path) -> None:
    """As pre-commit runs it: a file of this repository, in the folder of another."""
    (tmp_path / "guard.py").write_text(GUARD_MISSING)
    (tmp_path / "examples").mkdir()  # and tests, as others have them
    command = [sys.executable, str(EXAMPLES / "__main__.py"), "check", "guard.py"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert ran.stdout.startswith("guard.py:3:8: main-guard")
    assert list(tmp_path.rglob("__pycache__")) == []


def test_the_hook(tmp_path: Path) -> None:
    """Another repository uses it through pre-commit."""
    if subprocess.run(["git", "status"], cwd=ROOT, capture_output=True, check=False).returncode:
        pytest.skip("git does not read this copy of the site, of which pre-commit makes a clone")
    (tmp_path / "guard.py").write_text(GUARD_MISSING)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "PRE_COMMIT_HOME": str(tmp_path / ".cache")}
    for command in (
        ["git", "init", "-q"],
        ["git", "add", "guard.py"],
        [sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), "processes"],
    ):
        ran = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
    assert ran.returncode == 1, ran
    assert "guard.py:3:8: main-guard" in ran.stdout


def test_the_page_lists_the_rules() -> None:
    """In the words in which the rules describe themselves."""
    page = (ROOT / "docs" / "check.md").read_text("utf-8")
    for name in NAMES:
        rule = importlib.import_module(f"examples._checker.rules.{name}")
        about = (rule.__doc__ or "").strip().removesuffix(".")
        assert f"| [{name.replace('_', '-')}]({rule.PAGE}) | {about} |" in page
    assert page.count("| [") == len(NAMES)


def test_where() -> None:
    assert set(WHERE) >= {EVERYWHERE, NOT_FORK}


def test_a_reader_pastes_a_program(browser: str, built: Path) -> None:
    with search.served(built) as (address, _), search.opened(browser, f"{address}check/") as page:
        read: list[str] = []
        page.on("request", lambda request: read.append(request.url))
        field = page.get_by_label("Program, the text of a .py file")
        field.fill(GUARD_MISSING)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        answer = page.locator("#check-answer")
        answer.get_by_role("heading", name="1 finding").wait_for()
        assert answer.get_attribute("aria-live") == "polite"
        assert "Line 3: pool = Pool()" in answer.inner_text()
        link = answer.get_by_role("link", name="What to do: main-guard")
        assert link.evaluate("one => one.pathname") == "/pitfalls/main-guard/"
        for text, title, told in [
            ("print(1)\n", "Nothing was found", "does not mean that there is none"),
            ("<b onclick=x>bold</b>", "This is not a program for Python 3", "Line 1: "),
            (TRACEBACK, "This is not a program for Python 3", "Find the cause of an error"),
        ]:
            field.fill(text)
            page.get_by_role("button", name="Check the program").click()
            answer.get_by_role("heading", name=title).wait_for()
            assert told in answer.inner_text()
        assert answer.locator("b").count() == 0
        for text, told in [
            (" ", "Nothing was pasted"),
            ("\0", "This is not text"),
            ("x" * 500_001, "too long for the browser"),
        ]:
            page.eval_on_selector("#check-text", "(field, text) => { field.value = text }", text)
            page.get_by_role("button", name="Check the program").click()
            assert told in answer.inner_text()
        assert not [url for url in read if "/assets/" not in url], "something was sent"


ASK = """
text => new Promise((resolve, reject) => {
  self.checker ??= new Worker("checker.js")
  checker.onerror = event => reject(new Error(event.message))
  checker.onmessage = ({ data }) => data === "ready" || resolve(data)
  checker.postMessage(text)
})
"""


def test_the_browser_finds_the_same(browser: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "docs" / "assets" / "checker.js", tmp_path)
    (tmp_path / "index.html").write_text("<!doctype html><title>Checker</title>")
    hook.write(tmp_path / "python")
    texts = [text for name in NAMES for text in snippets(name).FOUND]
    texts += [(EXAMPLES / name).read_text("utf-8") for name in failing()]
    with search.served(tmp_path) as (address, _), search.opened(browser, address) as page:
        for text in texts:
            found = [[f.line, f.rule, f.text(), f.page] for f in findings(Program(text))]
            assert page.evaluate(ASK, text) == found, text
        for text, line, told in [
            ("x = 1\nx = (\n", 2, "was never closed"),
            ("print 'x'\n", 1, "Python 2"),
            (TRACEBACK, 1, "This is a traceback"),
            ("<script>alert(1)</script>", 1, "invalid syntax"),
        ]:
            ((at, rule, why, where),) = page.evaluate(ASK, text)
            assert (at, rule, where) == (line, "", ""), text
            assert told in why, why
