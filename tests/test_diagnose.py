"""Who pastes an error output is led to the page that explains it, or told that none does."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request

from tests.harness.read.site import ROOT
from tests.harness.run import diagnose, search

JUDGMENTS = Path(__file__).with_name("tracebacks.toml").read_text("utf-8")
TRACEBACKS = tomllib.loads(JUDGMENTS)["traceback"]
JUDGED = "right", "not known", "missed", "wrong"
PAGES = [*(ROOT / "docs").rglob("*.md"), *(ROOT / "docs").rglob("*.ipynb")]
RECORDED = sorted((ROOT / "examples").glob("*/*.err"))
LED = 0.8  # least share of the recorded outputs with an error in them that lead to a page
OWN = 0.75  # least share of those that lead to the page of their program, which others may explain
SCRIPT = "<script>document.title = 'gone'</script><img src=x onerror=\"document.title = 'gone'\">"
NO_ERROR = {
    "": "nothing",
    " \n\t": "nothing",
    "\x7fELF\x02\x01\x01" + "\0\x03\ufffd" * 500: "binary",
    "# Notes\n\n- one\n- two\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n": "other",
    "from multiprocessing import Pool\n\ndef double(n):\n    return 2 * n\n": "program",
    SCRIPT: "other",
    'Thread 0x00007f (most recent call first):\n  File "a.py", line 3 in main\n': "stacks",
}
IN_WORKER = """multiprocessing.pool.RemoteTraceback:
\"""
Traceback (most recent call last):
  File "/usr/lib/python3.12/multiprocessing/pool.py", line 125, in worker
    result = (True, func(*args, **kwds))
  File "/home/someone/shop.py", line 7, in price
    {code}
{error}
\"""

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/home/someone/shop.py", line 12, in <module>
    main()
  File "/usr/lib/python3.12/multiprocessing/pool.py", line 774, in get
    raise self._value
{error}
"""
NOT_GUESSED = [  # errors of the reader's own code, in a worker or not
    "ValueError: invalid literal for int() with base 10: 'free'",
    "KeyError: 'pear'",
    "ModuleNotFoundError: No module named 'prices'",
    "IndexError: list index out of range",
    "AttributeError: 'Shop' object has no attribute 'price'",
    "TypeError: 'NoneType' object is not callable",
    "TypeError: 'int' object is not iterable",
    "FileNotFoundError: [Errno 2] No such file or directory: 'prices.csv'",
    "ZeroDivisionError: division by zero",
    "TimeoutError",
]
LOCAL = "AttributeError: Can't pickle local object 'main.<locals>.price'"
GOT_LOCAL = "AttributeError: Can't get local object 'main.<locals>.price'"
LEAK = (
    "/usr/lib/python{}/multiprocessing/resource_tracker.py:254: UserWarning: resource_tracker: "
    "There appear to be 3 leaked shared_memory objects to clean up at shutdown"
)
FORMS = {  # in which an error is pasted
    "plain": "{}",
    "quoted": "> > ```\n> > {}\n> > ```",
    "indented": "        {}",
    "logged": "2026-11-27 10:00:00,123 worker-1 ERROR [shop.main] {}",
    "of a container": "web_1  | {}",
    "in a box": "│ {} │",
    "colored": "\x1b[1;31m{}\x1b[0m",
    "of pytest": "E       {}",
    "on one line": '"Traceback (most recent call last):\\n  in multiprocessing\\n{}\\n"',
    "with ends of Windows": "Traceback (most recent call last):\r\n{}\r\n",
    "in HTML": "<pre><span>{}</span></pre>",
}
RAISED = """Traceback (most recent call last):
  File "/home/someone/shop.py", line 4, in <module>
    {}
  File "/usr/lib/python3.13/multiprocessing/connection.py", line 250, in {}
{}
"""
OF_PROXY = """prices.append(1)
  File "/usr/lib/python3.13/multiprocessing/managers.py", line 817, in _callmethod"""
BROKEN = "BrokenPipeError: [Errno 32] Broken pipe"
IN_USE = "OSError: [Errno 48] Address already in use"
NO_FILE = "FileNotFoundError: [Errno 2] No such file or directory"
IN_LOCK = """Traceback (most recent call last):
  File "/usr/lib/python3.13/multiprocessing/spawn.py", line 132, in _main
    self = reduction.pickle.load(from_parent)
  File "/usr/lib/python3.13/multiprocessing/synchronize.py", line 115, in __setstate__
    self._semlock = _multiprocessing.SemLock._rebuild(*state)
FileNotFoundError: [Errno 2] No such file or directory
"""
OF_TIME = """Traceback (most recent call last):
  File "/home/someone/shop.py", line 4, in <module>
    print(price.{0}(timeout=1))
  File "/usr/lib/python3.13/{1}.py", line 458, in {0}
    raise {2}
{2}
"""
BARRIER = """Traceback (most recent call last):
  File "/usr/lib/python3.13/threading.py", line 764, in _wait
    raise BrokenBarrierError
threading.BrokenBarrierError
"""
CUT = "_pickle.UnpicklingError: pickle data was truncated"
NO_SPACE = "OSError: [Errno 28] No space left on device"
BY_FRAME = {  # the same words in other places: the page that comes first
    RAISED.format("prices.recv()", "recv", "EOFError"): "syntax/pipe",
    RAISED.format("prices.send(1)", "_send", BROKEN): "syntax/pipe",
    RAISED.format(OF_PROXY, "_send", BROKEN): "pitfalls/manager-ended",
    RAISED.format("not frozen: freeze_support()", "recv", "EOFError"): "pitfalls/main-guard",
    RAISED.format("Listener('/tmp/shop')", "__init__", IN_USE): "examples/two-scripts",
    RAISED.format("Lock()", "__init__", NO_SPACE): "pitfalls/shared-memory-full",
    RAISED.format("load(from_parent)", "_main", CUT): "pitfalls/ordinary-objects",
    RAISED.format("prices.append(1)", "SocketClient", NO_FILE): "pitfalls/manager-ended",
    OF_TIME.format("get", "multiprocessing/pool", "TimeoutError"): "examples/stop-early",
    OF_TIME.format("result", "concurrent/futures/_base", "TimeoutError"): "examples/stop-early",
    BARRIER: "syntax/barrier",
    IN_LOCK: "pitfalls/children-not-joined",
}
ANY_PROGRAM = {  # what any program can print: the page that comes first
    "Bus error": "pitfalls/shared-memory-full",
    "Sum: 60\nBus error (core dumped)": "pitfalls/shared-memory-full",
    "Fatal Python error: Bus error": "pitfalls/shared-memory-full",
    "zsh: segmentation fault  python shop.py": "pitfalls/closed-shared-memory",
    "shop.sh: line 3: 12 Segmentation fault  (core dumped)": "pitfalls/closed-shared-memory",
    "Killed": "pitfalls/out-of-memory",
    "Killed: 9": "pitfalls/out-of-memory",
    "OSError: [Errno 24] Too many open files": "pitfalls/too-many-files",
}
SLOW = {
    "quotes": "'" * diagnose.LONGEST,
    "lines": "\n" * diagnose.LONGEST,
    "beginnings": "Traceback (most recent call last):" * 6_000,
    "spaces": f"TypeError:{' ' * 900}a\n" * 200,
    "messages": "AttributeError: '' object has no attribute '\n" * 4_000,
    "tags": "<a <pre &lt; \\n" * 10_000,
}
CAUSE = diagnose.LEVELS[0]


def program(output: Path) -> Path:
    """The program that printed an output."""
    return output.with_name(output.name.partition(".")[0] + ".py")


def name(page: str) -> str:
    """What a page is called, without its section."""
    return page.rpartition("/")[2]


@pytest.fixture(scope="module")
def first(browser: str, built: Path) -> Iterator[Page]:
    """The page of the built site, in a browser."""
    with (
        search.served(built) as (address, _),
        search.opened(browser, address + diagnose.PAGE) as page,
    ):
        yield page


@pytest.fixture
def page(first: Page) -> Iterator[Page]:
    """The same, as nobody has used it."""
    browser = first.context.browser
    assert browser
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        page.goto(first.url)
        yield page


def test_each_public_traceback_is_judged() -> None:
    pages = {path.relative_to(ROOT / "docs").with_suffix("").as_posix() for path in PAGES}
    for one in TRACEBACKS:
        assert one["address"].startswith("https://")
        assert one["verdict"] in JUDGED
        assert set(one["pages"]) <= pages, f"{one['address']} names a page that does not exist"
    assert len({one["address"] for one in TRACEBACKS}) == len(TRACEBACKS)


def test_recorded_errors_lead_to_a_page(
    page: Page, record_property: Callable[[str, object], None]
) -> None:
    texts = {path: diagnose.changed(path.read_text("utf-8"), program(path)) for path in RECORDED}
    answers = dict(zip(texts, diagnose.ask(page, list(texts.values())), strict=True))
    errors = {path: answer for path, answer in answers.items() if not answer.unlike}
    led = {path: answer for path, answer in errors.items() if answer.pages}
    own = [path for path, answer in led.items() if path.parent.name in map(name, answer.pages)]
    told = [f"{path.parent.name}/{path.name}" for path in errors.keys() - led.keys()]
    line = f"{len(errors)} recorded errors, {len(led)} lead to a page"
    line += f" ({len(own)} to that of their program); of the others it is told"
    verdicts = Counter(one["verdict"] for one in TRACEBACKS)
    line += f"; {len(TRACEBACKS)} public tracebacks: "
    line += ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in JUDGED)
    record_property("told", line)
    assert len(led) >= LED * len(errors), f"{line}: {told}"
    assert len(own) >= OWN * len(led), line


def test_what_is_not_known_is_not_guessed(page: Page) -> None:
    others = diagnose.ask(page, list(NO_ERROR))
    assert [answer.unlike for answer in others] == list(NO_ERROR.values())
    alone = diagnose.ask(page, NOT_GUESSED)
    code = "return prices[name]"
    inside = diagnose.ask(page, [IN_WORKER.format(code=code, error=one) for one in NOT_GUESSED])
    for asked, answer in zip(NOT_GUESSED * 2, alone + inside, strict=True):
        assert not answer.pages, f"{asked}: {answer}"


def test_where_an_error_was_raised_decides(page: Page) -> None:
    answers = diagnose.ask(page, list(BY_FRAME))
    assert [answer.pages[0] for answer in answers] == list(BY_FRAME.values())
    assert [answer.level for answer in answers] == [CAUSE] * len(BY_FRAME)
    assert diagnose.shown(page, next(iter(BY_FRAME))).startswith("One of these causes")


def test_what_any_program_prints_is_said_to_be_that(page: Page) -> None:
    answers = dict(zip(ANY_PROGRAM, diagnose.ask(page, list(ANY_PROGRAM)), strict=True))
    assert {text: answer.pages[0] for text, answer in answers.items()} == ANY_PROGRAM
    assert {answer.level for answer in answers.values()} == {"perhaps"}
    assert diagnose.shown(page, "Killed").startswith("It may be this")
    assert diagnose.shown(page, "12 workers killed").startswith("No Python error was found")


def test_an_error_is_found_in_whatever_stands_around_it(page: Page) -> None:
    texts = [form.format(LOCAL) for form in FORMS.values()]
    for form, answer in zip(FORMS, diagnose.ask(page, texts), strict=True):
        assert answer.level == CAUSE and answer.pages == ["pitfalls/local-function"], form


def test_the_release_that_a_text_names_decides(page: Page) -> None:
    lost = "FileNotFoundError: [Errno 2] No such file or directory: '/image'"
    frame = '  File "/usr/lib/python{}/multiprocessing/{}.py", line 60, in it\n{}'
    asked = {
        frame.format("3.12", "reduction", LOCAL): "pitfalls/local-function",
        frame.format("3.13", "reduction", GOT_LOCAL): "pitfalls/local-function",
        frame.format("3.13", "reduction", LOCAL): "pitfalls/local-function",  # all that has it
        frame.format("3.13", "shared_memory", lost): "pitfalls/shared-memory-vanished",
        LEAK.format("3.12"): "pitfalls/leaked-shared-memory",
        LEAK.format("3.13") + ": {'/image'}": "pitfalls/leaked-shared-memory",
    }
    for (text, own), answer in zip(asked.items(), diagnose.ask(page, list(asked)), strict=True):
        assert (answer.level, answer.pages[0]) == (CAUSE, own), text
    told = diagnose.shown(page, LEAK.format("3.13") + ": {'/image'}")
    assert "Your text is of Python 3.13." in told and "(3.13 and later)" in told
    told = diagnose.shown(page, LEAK.format("3.12"))
    assert "Your text is of Python 3.12." in told and "(3.11, 3.12)" in told
    assert "checked on Python 3.11 and later" in diagnose.shown(page, LEAK.format("3.9"))


def test_a_reader_pastes_and_reads(
    page: Page, record_property: Callable[[str, object], None]
) -> None:
    page.wait_for_load_state("networkidle")
    read: list[str] = []

    def note(request: Request) -> None:
        if not request.url.endswith("icon.svg"):  # the browser asks for it when it likes
            read.append(request.url)

    page.on("request", note)
    took = diagnose.time_first(page, IN_WORKER.format(code="", error=LOCAL), 4)
    record_property("told", f"first cause of a traceback after {took:.0f} ms, 4 times slowed down")
    assert [url.rpartition("/")[2] for url in read] == ["diagnose.json"]
    page.eval_on_selector(diagnose.ANSWER, "answer => answer.replaceChildren()")
    page.locator("h1").click()
    for _ in range(200):  # of the menu, too, which is as long as it is
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == diagnose.FIELD.removeprefix("#"):
            break
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+v")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{diagnose.ANSWER} h2")
    assert page.inner_text(f"{diagnose.ANSWER} h2") == "The cause"
    assert page.inner_text(f"{diagnose.ANSWER} pre").strip() == LOCAL
    assert page.get_by_label("Traceback, or what else the program printed").count() == 1
    assert page.get_by_role("button", name="Find the cause").count() == 1
    assert page.get_attribute(diagnose.ANSWER, "aria-live") == "polite"
    assert len(read) == 1, "something else was read, or sent"


@pytest.mark.parametrize("text", ["ValueError: " + SCRIPT, SCRIPT])
def test_what_is_pasted_stays_text(page: Page, text: str) -> None:
    title = page.title()
    told = diagnose.shown(page, text)
    assert "ValueError" not in text or SCRIPT in told
    assert page.title() == title
    assert page.locator(f"{diagnose.ANSWER} :is(img, script)").count() == 0


def test_a_text_that_is_too_long_is_read_from_its_end(page: Page) -> None:
    told = diagnose.shown(page, "INFO: nothing\n" * 350_000 + LOCAL)
    assert "only its end was read" in told
    assert LOCAL in told


def test_a_text_that_is_made_to_be_slow_is_answered(page: Page) -> None:
    for text in SLOW.values():
        assert diagnose.shown(page, text)


def test_a_list_that_cannot_be_read_is_told(page: Page) -> None:
    page.route("**/diagnose.json", lambda route: route.abort())
    assert "could not be read" in diagnose.shown(page, LOCAL)
    page.unroute("**/diagnose.json")
    assert "The cause" in diagnose.shown(page, LOCAL)


def test_without_scripts_the_list_is_linked(page: Page) -> None:
    browser = page.context.browser
    assert browser
    with browser.new_context(java_script_enabled=False) as context:
        plain = context.new_page()
        plain.goto(page.url)
        assert plain.locator("noscript a").get_attribute("href") == "../errors/"
        assert not plain.locator(diagnose.FIELD).is_visible()
