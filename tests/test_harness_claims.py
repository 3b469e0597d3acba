"""What is a statement, and what is wrong with the way it is tied, on made-up pages."""

import re
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from tests import claims
from tests.claims import _proofs
from tests.harness.read.pages import read_fences
from tests.harness.read.site import ROOT, read_site
from tests.harness.read.statements import read_statements, statements_of, text_of_notebook
from tests.harness.run import claims as run_claims
from tests.harness.tell.results import contract_line
from tests.test_harness_site import RACE, make

FILE = "tests/claims/race.py"
TEXT = """# A `Value` is shared

It is **never** copied, see [the lock](#a) and `a. B`. The pipe holds [64 KiB](https://a.org/b_(c)).
It may go on
in the next line, e.g. here: *so*.

- One item. "Two" sentences.
  Its third
- [A pointer](../index.md) as `well`

| Call | What |
| --- | --- |
| `put(a \\| b)` | adds [one](a.md) |

> Others said so.

!!! note "A title"

    In a box.

=== "fork"

    In a tab.

```python
print("No statement.")
```

1. First

<!-- a comment -->

## Where to go next

- [Home](../index.md): where `all` begins
"""
SAID = [
    (3, "It is never copied, see the lock and `a. B`.", False),
    (3, "The pipe holds 64 KiB.", True),
    (3, "It may go on in the next line, e.g. here: so.", False),
    (7, "One item.", False),
    (7, '"Two" sentences.', False),
    (7, "Its third", False),
    (9, "A pointer as `well`", False),
    (13, "`put(a | b)` | adds one", False),
    (19, "In a box.", False),
    (23, "In a tab.", False),
    (29, "First", False),
]
PAGE = """# Race

It adds. It [ends](https://docs.python.org/3/).

| Call | What |
| --- | --- |
| `a` | b |
"""
ROW = '"""It adds.\n\n    `a` | b\n    """'
GREEN = f"def adds():\n    {ROW}\n    assert 2 + 2 == 4\n"


def problems(root: Path, text: str | None, page: str = PAGE, name: str = FILE) -> list[str]:
    """What is wrong with the site, below a file of claims."""
    changes = {
        "docs/index.md": "# Home\n\nAt home.\n",
        "tests/claims/index.py": 'def home():\n    """At home."""\n    assert 2 + 2 == 4\n',
        RACE: page,
        "examples/race/fixed.py": None,
        "examples/race/fixed.out": None,
        name: text,
    }
    return [str(one) for one in read_site(make(root, changes)).problems]


def test_each_sentence_item_and_row_is_a_statement() -> None:
    fences, _ = read_fences(TEXT.splitlines(), "page.md")
    found = read_statements(TEXT, fences)
    assert [(one.line, one.words, one.sourced) for one in found] == SAID


def test_the_text_of_a_notebook_is_read() -> None:
    text = (ROOT / "docs/examples/tour.ipynb").read_text("utf-8")
    found = read_statements(text_of_notebook(text), [])
    assert len(found) > 9
    for one in found:
        assert re.findall(r"\w+", one.words)[0] in text.splitlines()[one.line - 1]
    assert not any("print(" in one.words and "`" not in one.words for one in found)


def test_a_docstring_quotes_several() -> None:
    quoted = "It `a. B`\n    adds. It ends.\n\n    `a` | b. C\n\n    `c` | d"
    assert statements_of(quoted) == ["It `a. B` adds.", "It ends.", "`a` | b. C", "`c` | d"]


def test_the_contract_line_counts_statements(tmp_path: Path) -> None:
    site = read_site(make(tmp_path, {RACE: PAGE}))
    assert contract_line(site, 0, []).endswith("; 3 statements, 1 tied, 2 loose")
    site = read_site(make(tmp_path, {RACE: PAGE, FILE: GREEN}))
    assert contract_line(site, 0, []).endswith("; 3 statements, 3 tied, 0 loose")
    assert [tie.kind for tie in site.ties] == ["checked", "sourced", "checked"]


def test_a_message_that_is_looked_up_is_shown(tmp_path: Path) -> None:
    table = "| Message | Page |\n| --- | --- |\n| `4` | [Race](pitfalls/race.md) |\n"
    site = read_site(make(tmp_path, {"docs/errors.md": f"# Messages\n\n{table}\nAll.\n"}))
    assert [tie.kind for tie in site.ties] == ["shown", "loose"]


@pytest.mark.parametrize(
    "body, kind",
    [
        ("shown('race/fixed', '4')", "shown"),
        ("no_fact('advice')", "no fact"),
        ("with raises(KeyError): {}['a']", "checked"),
        ("for one in [1]: assert one", "checked"),
    ],
)
def test_the_body_tells_how_it_is_tied(tmp_path: Path, body: str, kind: str) -> None:
    code = GREEN.replace("assert 2 + 2 == 4", body)
    assert problems(tmp_path, code) == []
    assert next(t.kind for t in read_site(tmp_path).ties if t.page.stem == "race") == kind


@pytest.mark.parametrize(
    "code, told",
    [
        ("", f"{RACE}:7: a statement that nothing proves: 'It adds.'. Quote it in a function of"),
        (GREEN + "def _helper(): pass\n", ""),
        (GREEN + "def more(): assert 1\n", f"{FILE}:7: a function without a docstring, more."),
        (GREEN.replace("assert", "0 or"), f"{FILE}:1: a check that cannot fail, adds."),
        (
            GREEN.replace("adds.", "add."),
            f"{FILE}:1: a statement that {RACE} does not have: 'It add",
        ),
        (GREEN.replace("adds.", "add."), "still proves what stands there now: 'It adds.'"),
        (GREEN + GREEN, f"{FILE}:7: a statement that is quoted twice, also in line 1: 'It adds.'"),
        (GREEN.replace("a` |", "b` | Other"), "does not have: '`b` | Other b'"),
        ("def (", f"{FILE}:1: a syntax error: "),
        (GREEN.replace("It adds.", "Zzz qqq xxx."), "does not have: 'Zzz qqq xxx.'. Delete it."),
        (GREEN.replace("It adds.", "It adds. At home."), "stands in docs/index.md: move it to"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, code: str, told: str) -> None:
    found = "\n".join(problems(tmp_path, code))
    assert told in found
    assert bool(told) == bool(found)


def test_what_stands_twice_is_told(tmp_path: Path) -> None:
    twice = PAGE + "\nIt adds.\n"
    (told,) = problems(tmp_path, GREEN, twice)
    assert told.startswith(f"{FILE}:1: a statement that stands in lines 7 and 13 of its page: ")
    assert problems(tmp_path, GREEN.replace("assert 2 + 2 == 4", "no_fact('advice')"), twice) == []


def test_claims_of_no_page_are_told(tmp_path: Path) -> None:
    told = problems(tmp_path, GREEN, page="# Race\n", name="tests/claims/lost.py")[-1]
    assert told.startswith("tests/claims/lost.py:1: claims of a page that does not exist. Name it")


def test_what_a_check_may_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    claims.shown("race/fixed", "lock", "Output")
    claims.shown("queue", "#> No room <class 'queue.Full'>")
    with pytest.raises(AssertionError, match="race/fixed does not show 'lost'"):
        claims.shown("race/fixed", "lost")
    claims.no_fact("advice")
    with claims.raises(KeyError, ValueError, text="a"):
        {"b": 1}["a"]
    with pytest.raises(AssertionError, match="does not say 'b'"), claims.raises(KeyError, text="b"):
        {"b": 1}["a"]
    with pytest.raises(AssertionError, match="nothing raises KeyError"), claims.raises(KeyError):
        pass
    assert claims.on("Python 3.11 and later")
    with pytest.raises(ValueError, match="not supported"):
        claims.on("Python 3.10")


def test_a_script_is_run_and_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code = "import sys\nprint(__spec__ is None, file=sys.stderr)\nprint(4, flush=True)\n"
    told = claims.script(code)
    assert (told.status, told.stdout, told.stderr) == (0, "4\n", "True\n")
    assert claims.script(code, "-X", "utf8", module=True).stderr == "False\n"
    assert claims.script(code + "sys.exit(3)").status == 3
    told = claims.script(code + "while True: pass", hangs_after="4\n")
    assert (told.status, told.stdout) == (None, "4\n")
    monkeypatch.setattr(_proofs, "TIME_LIMIT", 0.5)
    assert claims.script("while True: pass", hangs_after="4\n").status is None
    assert list(tmp_path.iterdir()) == []


def test_the_checks_of_a_page_are_run(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def holds() -> None:
        """It adds."""
        assert 2 + 2 == 4

    def _helper() -> None:
        """Not a claim."""
        raise AssertionError

    def does_not() -> None:
        """It
        fails.
        """
        assert 2 + 2 == 5

    module = ModuleType("tests.claims.made_up")
    for function in holds, _helper, does_not:
        function.__module__ = module.__name__
        setattr(module, function.__name__, function)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(sys, "argv", ["claims.py", "made_up", "holds"])
    assert run_claims.main() == 0
    monkeypatch.setattr(sys, "argv", ["claims.py", "made_up"])
    assert run_claims.main() == 1
    told = capfd.readouterr().out
    assert f"{__file__}:{does_not.__code__.co_firstlineno}: it does not hold: It fails.\n" in told
    assert told.count("it does not hold") == 1
    assert "assert 2 + 2 == 5" in told


def test_a_check_that_runs_long_tells_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = tmp_path / "stderr"

    def waits() -> None:
        """It waits."""
        deadline = time.monotonic() + claims.TIME_LIMIT
        while "Timeout" not in errors.read_text("utf-8"):
            assert time.monotonic() < deadline

    module = ModuleType("tests.claims.made_up")
    waits.__module__, module.__dict__["waits"] = module.__name__, waits
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(sys, "argv", ["claims.py", "made_up"])
    monkeypatch.setattr(run_claims, "LONG", 0.01)
    with errors.open("w", encoding="utf-8") as stderr:
        monkeypatch.setattr(sys, "stderr", stderr)
        assert run_claims.main() == 0
