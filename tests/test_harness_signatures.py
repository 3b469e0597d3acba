"""Calls that a page presents otherwise than Python has them are found and told."""

from pathlib import Path

import pytest

from tests.harness.compare.calls import PYTHON, wrong_calls
from tests.harness.read.calls import check_calls, read_calls
from tests.harness.read.model import Site
from tests.harness.read.pages import Problem
from tests.harness.read.site import add_page
from tests.harness.read.spans import words
from tests.harness.read.versions import THIS
from tests.harness.run import things
from tests.test_harness_site import FRONT_MATTER

OWN = f"{THIS[0]}.{THIS[1]}"
OTHER = "3.11" if THIS >= (3, 12) else "3.12 and later"
TABLE = "\n\n| Call | Meaning |\n| --- | --- |\n"
SIMPLE = f"`SimpleQueue()` has no parameters.{TABLE}"
PUT, GET, CLOSE = "| `put(obj)` | |\n", "| `get()`, `empty()` | |\n", "| `.close()` | |\n"
ALL = PUT + GET + CLOSE
PARAMETERS = "\n\n| Parameter | Meaning |\n| --- | --- |\n"
AS_PYTHON = "Write it as Python has it; ... stands for parameters that you leave out."
SINCE = 'Correct it, or say behind it which has: ", Python 3.14 and later".'
LEFT_OUT = f"a table that leaves out what SimpleQueue has in {PYTHON}"
ROW = 'Give each a row, or write "all others" into one, with a link to them.'


def told(root: Path, text: str) -> list[str]:
    """What is wrong with a page whose line 7, below "The call", begins with `text`."""
    site = Site(root)
    for name, written in {"other.md": SIMPLE + PUT, "page.md": text}.items():
        page = root / name
        page.write_text(f"{FRONT_MATTER}## The call\n\n{written}", "utf-8")
        add_page(site, page, page.read_text("utf-8"))
    pages = read_calls(site)
    site.problems.clear()
    check_calls(site)  # which reads them, too
    faults = [fault for thing in pages[page] for fault in wrong_calls(thing, pages)]
    return [str(one) for one in [*site.problems, *(Problem("page.md", *one) for one in faults)]]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(SIMPLE + ALL, id="all of a thing"),
        pytest.param(f"{SIMPLE}{GET}{CLOSE}| all others | [there](other.md#put) |\n", id="others"),
        pytest.param(f"{SIMPLE}| all others | [there](https://a.org/) |\n", id="others of Python"),
        pytest.param(f"{SIMPLE}{ALL}| `gone()`, Python {OTHER} | |\n", id="other releases"),
        pytest.param(f"{SIMPLE}{ALL}| a call, `go()` | |\n| `with queue:` | |\n", id="other code"),
        pytest.param("`Array(typecode_or_type, ...)`\n", id="left out"),
        pytest.param("`Queue(maxsize=...)`, `Lock()` and `Event()` are made.\n", id="several"),
        pytest.param(
            "`BaseManager(address=None, ..., ctx=None, *, shutdown_timeout=1.0)`\n", id="gap"
        ),
        pytest.param("`mmap.mmap(fileno, length, ..., access=ACCESS_READ)`\n", id="of a docstring"),
        pytest.param(
            f"`Queue(maxsize=0, *, size=1)`{PARAMETERS}| `maxsize` | |\n"
            f"| `size`, Python {OTHER} | |\n",
            id="a parameter of other releases",
        ),
        pytest.param(
            "`Lock()`\n\n`concurrent.futures.wait(fs, timeout=None, return_when=ALL_COMPLETED)`, a"
            " sentence.\n\n`locks.get(late=1)` is none of these, nor is `1 +`.\n",
            id="a paragraph",
        ),
        pytest.param(
            f"A sentence.{TABLE}| `Value('i', 0)`, `ProcessError('a')` | |\n", id="values"
        ),
        pytest.param(
            "| A future's method | Meaning |\n| --- | --- |\n| `result(timeout=None)` | |\n"
            "| all others | [there](https://a.org/) |\n",
            id="another thing",
        ),
        pytest.param(
            "| A process's attribute | Meaning |\n| --- | --- |\n| `sentinel` | |\n"
            "| all others | [there](https://a.org/) |\n",
            id="an attribute that has no value",
        ),
        pytest.param(
            "| An AsyncResult's method | Meaning |\n| --- | --- |\n| `get(timeout=None)` | |\n"
            "| `wait(timeout=None)`, `ready()`, `successful()` | |\n",
            id="a class that is not made",
        ),
        pytest.param(
            f"`Array(typecode_or_type, size_or_initializer, *, lock=True)`{TABLE}| `len(a)` | |\n"
            "| `.get_lock()`, `a.get_obj()` | |\n"
            "| `acquire(block=True, timeout=None)`, `release()` | |\n",
            id="operators",
        ),
        pytest.param(
            f"`ShareableList(sequence=None, *, name=None)`{TABLE}| `count(value)` | |\n"
            "| `index(value)` | |\n| `shm`, `format` | |\n",
            id="a block",
        ),
        pytest.param(
            f"`BaseManager(...)`{TABLE}| `shutdown()` | |\n| all others | [a](https://a.org/) |\n",
            id="a server",
        ),
        pytest.param(
            f"`Pipe(duplex=True)`{TABLE}| `send(obj)` | |\n| all others | [a](https://a.org/) |\n",
            id="two",
        ),
        pytest.param(
            "`Lock()`\n\n| Function | Meaning |\n| --- | --- |\n| `cpu_count()` | |\n",
            id="functions",
        ),
        pytest.param("`Queue(maxsize=0)`: `Queue(maxsize=3)` is full at 3.\n", id="a mention"),
        pytest.param("`Process(...)`: `Process(goal=1)` is any.\n", id="a mention of any"),
    ],
)
def test_right(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, text) == []


@pytest.mark.parametrize(
    "text, problem",
    [
        pytest.param(
            "`Lock(block=1)`\n",
            f"page.md:7: Lock(block=1) is not how {PYTHON} has it, Lock(). {AS_PYTHON}",
            id="a parameter too many",
        ),
        pytest.param(
            "`Pipe(duplex=0)`\n",
            f"page.md:7: Pipe(duplex=0) is not how {PYTHON} has it, Pipe(duplex=True). {AS_PYTHON}",
            id="a default",
        ),
        pytest.param(
            "`Barrier(parties, timeout=None, action=None)`\n",
            f"page.md:7: Barrier(parties, timeout=None, action=None) is not how {PYTHON} has it, "
            f"Barrier(parties, action=None, timeout=None). {AS_PYTHON}",
            id="the order",
        ),
        pytest.param(
            "`Queue()` has no parameters.\n",
            f"page.md:7: Queue() is not how {PYTHON} has it, Queue(maxsize=0). {AS_PYTHON}",
            id="no parameters",
        ),
        pytest.param(
            "`ShareableList(sequence=None, name=None)`\n",
            f"page.md:7: ShareableList(sequence=None, name=None) is not how {PYTHON} has it, "
            f"ShareableList(sequence=None, *, name=None). {AS_PYTHON}",
            id="keyword only",
        ),
        pytest.param(
            "`BaseManager(address=None, ..., size=1)`\n",
            f"page.md:7: BaseManager(address=None, ..., size=1) is not how {PYTHON} has it, "
            "BaseManager(address=None, authkey=None, serializer='pickle', ctx=None, *, "
            f"shutdown_timeout=1.0). {AS_PYTHON}",
            id="not in the gap",
        ),
        pytest.param(SIMPLE + PUT + CLOSE, f"page.md:9: {LEFT_OUT}: empty, get. {ROW}", id="rows"),
        pytest.param(
            f"{SIMPLE}{PUT}{GET}| all others | [there](other.md) |\n",
            f"page.md:9: {LEFT_OUT}: close. {ROW}",
            id="not on the page of all others",
        ),
        pytest.param(
            f"{SIMPLE}{ALL}| `peek(n)` | |\n",
            f"page.md:14: {PYTHON} has no peek(n). {SINCE}",
            id="a method that there is not",
        ),
        pytest.param(
            f"{SIMPLE}{ALL}| `peek(n)`, Python {OWN} | |\n",
            f"page.md:14: {PYTHON} has no peek(n). {SINCE}",
            id="nor in this release",
        ),
        pytest.param(
            f"{SIMPLE}{PUT}{GET}| `close()`, Python {OTHER} | |\n",
            f"page.md:13: {PYTHON} has close, too, which here is of Python {OTHER}. "
            "Correct the releases.",
            id="releases",
        ),
        pytest.param(
            f"{SIMPLE}{PUT}{GET}| `close()`, Python 3.10 | |\n",
            "page.md:13: a Python that is not supported, 3.10. "
            "Write one of 3.11, 3.12, 3.13, 3.14, 3.15, or a release of one.",
            id="an unknown release",
        ),
        pytest.param(
            f"{SIMPLE}{PUT}{GET}| `close` | |\n",
            f"page.md:13: close is not how {PYTHON} has it, close(). {AS_PYTHON}",
            id="no parentheses",
        ),
        pytest.param(
            f"`Barrier(parties, ...)`{TABLE}| `broken()` | |\n| all others | [a](https://a.org/) |",
            "page.md:11: broken is not called. Write broken.",
            id="parentheses",
        ),
        pytest.param(
            f"`Barrier(parties, ...)`{TABLE}| `wait(3)` | |\n| all others | [a](https://a.org/) |",
            f"page.md:11: wait(3) is not how {PYTHON} has it, wait(timeout=None). {AS_PYTHON}",
            id="a value",
        ),
        pytest.param(
            "`Barrier(1, action='a', size=2)`\n",
            f"page.md:7: Barrier(1, action='a', size=2) is not possible in {PYTHON}: "
            "got an unexpected keyword argument 'size'. Correct it.",
            id="values",
        ),
        pytest.param(
            "`Barrier(1 2)`\n", "page.md:7: Barrier(1 2) is not Python. Correct it.", id="no Python"
        ),
        pytest.param(
            "`multiprocessing.gone(a=1)`\n",
            f"page.md:7: {PYTHON} has no multiprocessing.gone(a=1). {SINCE}",
            id="a function that there is not",
        ),
        pytest.param(
            f"A sentence.{TABLE}| `gone(a)` | |\n",
            f"page.md:11: {PYTHON} has no gone(a). {SINCE}",
            id="nor under this name",
        ),
        pytest.param(
            "`BaseManager.gone(a=1)`\n",
            f"page.md:7: {PYTHON} has no BaseManager.gone(a=1). {SINCE}",
            id="nor of a class",
        ),
        pytest.param(
            f"`Barrier(parties, ...)`{PARAMETERS}| `parties` | |\n| `size` | |\n",
            "page.md:12: a parameter that no call above has, 'size'. "
            "Correct it, or show it in the call.",
            id="a parameter",
        ),
        pytest.param(
            f"A sentence.{PARAMETERS}| `size` | |\n",
            "page.md:11: a parameter that no call above has, 'size'. "
            "Correct it, or show it in the call.",
            id="a parameter of nothing",
        ),
        pytest.param(
            f"`Barrier(parties, action=None, timeout=None)`{PARAMETERS}| `parties` | |\n",
            "page.md:9: a table that leaves out action, timeout of "
            "Barrier(parties, action=None, timeout=None). Give each parameter a row.",
            id="parameters",
        ),
        pytest.param(
            "`Queue(maxsize=0)`: `ctx.Queue(size=3)` is full at 3.\n",
            "page.md:7: a parameter that no page has for Queue(), 'size', in ctx.Queue(size=3). "
            "Correct it: they have maxsize.",
            id="a mention",
        ),
        pytest.param(
            f"{SIMPLE}{ALL}\n\nA last `get(timeout=3)`.\n",
            "page.md:16: a parameter that no page has for get(), 'timeout', in get(timeout=3). "
            "Correct it: they have no parameters.",
            id="a mention with none",
        ),
    ],
)
def test_wrong(tmp_path: Path, text: str, problem: str) -> None:
    assert told(tmp_path, text) == [problem]


def test_a_call_of_which_python_tells_no_parameters() -> None:
    assert things.parameters(dict.fromkeys) is not None
    assert things.parameters(things.find("AuthenticationError")) == []
    assert things.parameters(lambda *args, **kwds: None) == []


def test_names_of_the_modules() -> None:
    found = things.every_name()
    assert ({"SimpleQueue"}, "SimpleQueue") in found
    assert any(name == "close" and "SimpleQueue" in owners for owners, name in found)
    assert any(
        name == "start" and {"SyncManager", "BaseManager"} <= owners for owners, name in found
    )
    assert not {"ThreadPoolExecutor", "reducer", "add_note"} & {name for _, name in found}


def test_words_are_those_in_code_font(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"{FRONT_MATTER}Text `a.put(obj)`.\n\n```python\nnone\n```\n", "utf-8")
    site = Site(tmp_path)
    add_page(site, page, page.read_text("utf-8"))
    assert words(site) == {page: {"a", "put", "obj"}}
