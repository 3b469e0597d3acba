"""What the page that finds causes knows is what the tables of messages say."""

import threading
from pathlib import Path

import pytest

from tests.harness.run import diagnose, search
from tests.harness.tell.causes import read_causes

TABLE = "# Errors\n\n## Starting\n\n| Message | Page |\n| --- | --- |\n{}\n"
UNSEEN = "# Errors\n\n### On Windows\n\n| Message | Source |\n| --- | --- |\n{}\n"


def says(row: str, page: str = TABLE) -> list[tuple[str, str]]:
    """The messages that are read of a row, each with its exception."""
    (cause,) = read_causes(page.format(row), lambda target: target)
    return [(said["kind"], said["text"]) for said in cause["says"]]


@pytest.mark.parametrize(
    "cell, found",
    [
        ("ValueError: `too ...`", [("ValueError", "too ...")]),
        ("`struct.error: too ...`", [("struct.error", "too ...")]),
        ("struct.error: `too ...`", [("struct.error", "too ...")]),
        ("`EOFError`, an exception without a message", [("EOFError", "")]),
        ("`Late:` and, for example, `KeyError: '...'`", [("", "Late:"), ("KeyError", "'...'")]),
        ("in the log: `Late ...`", [("", "Late ...")]),
        ("OSError: `[Errno 2] Late` (of `start()`)", [("OSError", "[Errno 2] Late")]),
        ("OSError: `Late (...)` (of [a block](a.md), [b](b.md#c))", [("OSError", "Late (...)")]),
    ],
)
def test_messages_are_read_from_a_row(cell: str, found: list[tuple[str, str]]) -> None:
    assert says(f"| {cell} | [Race](race.md) |") == found


def test_a_row_has_its_note_its_releases_and_its_pages() -> None:
    row = "| ValueError: `late` (of start(); as in [b](b.md)) (3.11, 3.12) | [`A`](a.md#x) |"
    (cause,) = read_causes(TABLE.format(row), lambda target: f"/{target}")
    assert cause["note"] == "of start(); as in b"
    assert cause["label"] == "3.11, 3.12"
    assert cause["releases"] == [(1100, 1300)]
    assert cause["pages"] == [["b", "/b.md"], ["A", "/a.md#x"]]
    assert (cause["section"], cause["at"]) == ("Starting", "/#starting")
    assert cause["printed"] and not cause["around"]


@pytest.mark.parametrize(
    "label, releases",
    [
        ("3.13 and later", [(1300, 9999)]),
        ("3.11 to 3.13.0", [(1100, 1301)]),
        ("in 3.13.18, 3.14.10", []),
        ("not in 3.11.2", []),
    ],
)
def test_releases_are_numbers(label: str, releases: list[tuple[int, int]]) -> None:
    row = f"| ValueError: `late` ({label}) | [pool.py](https://example.org/pool.py#L7) |"
    (cause,) = read_causes(UNSEEN.format(row), lambda target: target)
    assert (cause["label"], cause["releases"]) == (label, releases)
    assert not cause["printed"] and cause["pages"] == []


def test_what_stands_in_the_source_is_its_own() -> None:
    rows = "| ValueError: `Pool not running` | [A](a.md) |\n| ValueError: `late` | [A](a.md) |"
    own = [cause["says"][0]["own"] for cause in read_causes(TABLE.format(rows), str)]
    assert own == [True, False]


def test_an_output_is_changed_as_another_program_would_print_it(tmp_path: Path) -> None:
    program = tmp_path / "sell.py"
    program.write_text("class Shop:\n    def __init__(self, price):\n        price = self\n")
    text = "Process-1: 'Shop' of '...sell.py' at ...\nOSError: [Errno 2] price: Shop() Shop\n"
    assert diagnose.changed(text, program) == (
        "Process-4: 'Shop_too' of '/home/someone/work/sell.py' at 0x7f3a5c0d2e60>\n"
        "OSError: [Errno 2] price: Shop_too() Shop\n"
    )
    assert diagnose.changed("late 1", tmp_path / "gone.py") == "late 4"


def test_the_first_builds_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, waits = threading.Event(), threading.Event()

    def build(folder: Path) -> None:
        begun.set()
        assert waits.wait(30)
        folder.mkdir()

    monkeypatch.setattr(search, "build", build)
    monkeypatch.setattr("time.sleep", lambda _: waits.set())
    thread = threading.Thread(target=search.build_once, args=[tmp_path])
    thread.start()
    assert begun.wait(30)
    assert search.build_once(tmp_path) == tmp_path / "site"
    thread.join()


@pytest.mark.parametrize(
    "error, told",
    [(AssertionError("no such page"), "no such page"), (KeyboardInterrupt(), "interrupted")],
)
def test_a_build_that_fails_fails_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, told: str
) -> None:
    def build(folder: Path) -> None:
        raise error

    monkeypatch.setattr(search, "build", build)
    with pytest.raises(type(error)):
        search.build_once(tmp_path)
    with pytest.raises(AssertionError, match=told):
        search.build_once(tmp_path)
