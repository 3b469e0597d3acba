"""Messages on the page of errors that lead astray, or are missing, are found and told."""

from pathlib import Path

import pytest

from tests.harness.read.messages import check_messages, check_source
from tests.harness.read.model import Site
from tests.harness.read.raised import Message, read
from tests.harness.read.site import read_site
from tests.harness.tools import messages
from tests.test_harness_site import PAGE, make

QUOTE = PAGE + "\n```text\nValueError: too late\n```\n"
ERRORS = "# Errors\n\n| Message | Page |\n| --- | --- |\n| `{}` | [Race](pitfalls/race.md) |\n"
TAGGED = "https://github.com/python/cpython/blob/v3.15.2/Lib/multiprocessing/pool.py"
UNSEEN = f"\n| Message | Source |\n| --- | --- |\n| `{{}}` | [pool.py]({TAGGED}#L7) |\n"


def read_made(folder: Path, errors: str) -> Site:
    """Read a site that has a page of messages."""
    files = {
        "mkdocs.yml": "nav:\n  - index.md\n  - errors.md\n  - pitfalls/race.md\n",
        "docs/pitfalls/race.md": QUOTE,
        "tests/addresses.txt": "/\n/errors/\n/pitfalls/race/\n",
        "docs/errors.md": errors,
        "examples/race/fixed.out": "4\nValueError: too late\n",
    }
    site = read_site(make(folder, files))
    assert site.problems == []
    return site


@pytest.mark.parametrize(
    "message, told",
    [
        pytest.param("too late", [], id="shown and listed"),
        pytest.param("ValueError: too ...", [], id="with dots"),
        pytest.param(
            "too soon",
            [
                "docs/errors.md:9: a message that docs/pitfalls/race.md does not show, 'too soon'."
                " Correct it, or link where it is shown.",
                "docs/pitfalls/race.md:16: a message that docs/errors.md does not have, "
                "'ValueError: too late'. Add a row for it there.",
            ],
            id="neither",
        ),
    ],
)
def test_messages(tmp_path: Path, message: str, told: list[str]) -> None:
    site = read_made(tmp_path, ERRORS.format(message))
    check_messages(site)
    assert [str(problem) for problem in site.problems] == told


def test_a_message_that_no_program_causes_is_shown_nowhere(tmp_path: Path) -> None:
    site = read_made(tmp_path, ERRORS.format("too late") + UNSEEN.format("too soon"))
    check_messages(site)
    assert site.problems == []


def test_a_site_without_the_page_promises_nothing(tmp_path: Path) -> None:
    site = read_site(make(tmp_path, {}))
    check_messages(site)
    assert site.problems == []


@pytest.mark.parametrize(
    "text, told",
    [
        pytest.param("too late", [], id="printed by a program"),
        pytest.param("too ...", [], id="with something in it"),
        pytest.param("no more than 61", [], id="caused by none"),
        pytest.param(
            "too soon",
            [
                "multiprocessing/pool.py:7: a message that docs/errors.md does not have, "
                "'too soon'. Show a program that prints it, and add a row for it there; or, if "
                "none can, add it under 'Messages that no program here causes'."
            ],
            id="missing",
        ),
    ],
)
def test_each_message_of_the_source_is_on_the_page(
    tmp_path: Path, text: str, told: list[str]
) -> None:
    site = read_made(tmp_path, ERRORS.format("too late") + UNSEEN.format("no more than ..."))
    check_source(site, [Message("multiprocessing/pool.py", 7, "ValueError", text)], (3, 14, 0))
    assert [str(problem) for problem in site.problems] == told


def test_a_link_to_the_source_leads_to_the_message(tmp_path: Path) -> None:
    site = read_made(tmp_path, ERRORS.format("too late") + UNSEEN.format("too soon"))
    at = [Message("multiprocessing/pool.py", line, "ValueError", "too soon") for line in (7, 8)]
    check_source(site, at[:1], (3, 15, 2))
    assert site.problems == []
    check_source(site, at[1:], (3, 15, 2))
    assert [str(problem) for problem in site.problems] == [
        "docs/errors.md:13: a message that line 7 of multiprocessing/pool.py does not have. "
        "Link to the line on which the text of the message begins."
    ]


@pytest.mark.parametrize(
    "source, found",
    [
        ("raise ValueError('too late')", "ValueError: too late"),
        ("raise errors.Full('too late') from None", "Full: too late"),
        ("raise OSError(errno.EIO, 'too ' 'late')", "OSError: too late"),
        ("raise ValueError(f'{n} is too late')", "ValueError: ... is too late"),
        ("raise ValueError('%r of %3d' % (a, b))", "ValueError: ... of ..."),
        ("raise ValueError('{!r} is {late}'.format(a))", "ValueError: ... is ..."),
        ("raise ValueError('too late: ' + str(n))", "ValueError: too late: ..."),
        ("text = 'too late'\nraise ValueError(text)", "ValueError: too late"),
        ("self._why = 'too late'\nraise Broken(self._why)", "Broken: too late"),
        ("raise ValueError('''\n   Too late.\n   Again.\n   ''')", "ValueError: Too late."),
        ("return RemoteError('too late')", "RemoteError: too late"),
        ("assert a, 'too late'", "AssertionError: too late"),
        ("warnings.warn('too late', stacklevel=2)", "warn: too late"),
        ("LOGGER.critical('%s is late', a)", "critical: ... is late"),
        ("sys.stderr.write('Too late\\n')", "stderr: Too late"),
        ("print('Too late', file=sys.stderr)", "stderr: Too late"),
        (
            "class LateError(Exception):\n def __str__(self):\n  if a: return\n  return 'Late'",
            "LateError: Late",
        ),
    ],
)
def test_messages_are_read_from_source(source: str, found: str) -> None:
    lines = [str(message).split(": ", 1)[1] for message in read("a.py", source)]
    assert lines == [found]


@pytest.mark.parametrize(
    "source",
    [
        "raise ValueError",
        "raise ValueError(text)",
        "raise ValueError('%s: %s' % (a, b))",
        "assert a",
        "print('fine')",
        "class Late:\n  def __str__(self):\n    return 'Late'",
    ],
)
def test_what_has_no_words_is_no_message(source: str) -> None:
    assert read("a.py", source) == []


def test_the_command_lists_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["messages"])
    assert messages.main() == 0
    assert ": OSError: handle is closed\n" in capsys.readouterr().out
