"""What docs/diagnose.md says; tests/test_diagnose.py asks the page itself, in a browser."""

import re

from tests.claims import ROOT, no_fact, shown
from tests.harness.read import messages
from tests.harness.read.versions import PYTHONS
from tests.harness.tell.causes import read_causes

SCRIPT = (ROOT / "docs/assets/diagnose.js").read_text("utf-8")
FIELD = (ROOT / "docs/_theme/partials/diagnose.html").read_text("utf-8")


def what_to_do() -> None:
    """Paste the whole traceback, or what else your program printed when it failed.

    The answer names the page that explains the error, and the line that gave it away.
    """
    no_fact("advice, and what tests/test_diagnose.py asks, in a browser")


def nothing_is_sent() -> None:
    """The text stays in your browser: it is not sent anywhere."""
    assert re.findall(r"fetch\((.*?)\)\)", SCRIPT) == ['new URL("diagnose.json", import.meta.url']
    for way in "XMLHttpRequest", "sendBeacon", "WebSocket", "EventSource", ".src", "cookie":
        assert way not in SCRIPT, way
    for way in "name=", "action=", "method=":
        assert way not in FIELD, way


def what_it_compares() -> None:
    """It compares each line of your text with all messages of this site, which are those of
    Python 3.11 to 3.15.

    If a message has several causes, the answer lists all of them, the most common one first.
    """
    text = (ROOT / messages.PAGE).read_text("utf-8")
    causes = read_causes(text, lambda target: target)
    assert len(causes) == len(messages.read_rows(text)) > 300
    assert (PYTHONS[0], PYTHONS[-1]) == ("3.11", "3.15")
    found = {said["text"]: cause["pages"] for cause in causes for said in cause["says"]}
    several = found["Can't get attribute '...' on <module '__main__' ..."]
    assert [name for name, _ in several] == ["Function not found", "Notebooks"]


def how_it_compares() -> None:
    """Names, paths and numbers may differ.

    If the text names your release of Python, as most paths do, a message of another release counts
    only if no other fits.

    The cause, or one of these causes | The message says enough, or it was raised in
    `multiprocessing`

    It may be this | Other programs can print the same message

    Not known here | No page has the message, or it is one that any program can print, such as
    `KeyError: 'pear'`
    """
    no_fact("what the answers are called; tests/test_diagnose.py asks for each, in a browser")


def what_it_is_not() -> None:
    """It does not look at your program, and it cannot know what the program should do.

    No page here explains it.

    See where it waits.

    A wrong result has no message either.

    Look up what is wrong.
    """
    no_fact("what the page is not for, and where to look instead")


def an_error_of_a_task() -> None:
    """An error in the code of a task is found in that code, whether a worker runs it or not."""
    shown("exceptions/uncaught", "invalid literal for int()", "RemoteTraceback")


def it_hangs() -> None:
    """A program that hangs prints no message."""
    shown("queue-deadlock/join_first", "still running after 5 s")


def how_long() -> None:
    """Of a text that is longer than 200,000 characters, or 5,000 lines, only the end is read."""
    for part in "LONGEST = 200_000", "slice(-LONGEST)", "MOST = 5_000", "slice(-MOST)":
        assert part in SCRIPT
