"""What docs/try/what-the-child-sees.md says; tests/test_try_child.py asks the page itself."""

import csv
import runpy
import sys
from multiprocessing import Process, get_start_method
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.claims import ROOT, no_fact, script

FOLDER = ROOT / "examples" / "what-the-child-sees"


def _command() -> dict[str, Any]:
    """What the command consists of."""
    sys.path.insert(0, str(FOLDER))
    try:
        return runpy.run_path(str(FOLDER / "__main__.py"))
    finally:
        sys.path.remove(str(FOLDER))


def _rows() -> list[dict[str, str]]:
    """What was recorded."""
    with (FOLDER / "_outcomes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def each_row() -> None:
    """Each row was recorded on Linux, from a program that did it, and the tests repeat it under
    each start method.
    """
    from tests.harness.read.versions import THIS, named
    from tests.harness.read.words import RECORDED_ON, SYSTEM

    assert RECORDED_ON == "Linux"
    command, method = _command(), get_start_method()
    here = command["span"](named(THIS))
    if SYSTEM != RECORDED_ON or not here:
        return
    known = {
        (row["thing"], row["way"]): row["outcome"]
        for row in _rows()
        if row["start method"] == method and here in row["pythons"].split()
    }
    found = {
        command["named"](what, how): outcome
        for what, how, _, outcome in command["everything"](sys.executable, [method])
    }
    differ = {case for case in known | found if known.get(case) != found.get(case)}
    told = [f"{case}: {found.get(case)}; recorded: {known.get(case)}" for case in sorted(differ)]
    remedy = "Record it: python examples/what-the-child-sees --record PYTHON ..."
    assert not told, "\n".join([*told, remedy])


def only_what_is_made_for_it() -> None:
    """Choose a thing, how it gets to the child, the start method and the Python.

    A child has the same object as its parent only if the object is made for that, such as a
    `Value`, or belongs to the operating system, such as an open file, and gets there in a way that
    is allowed for it.
    """
    shared = {row["thing"] for row in _rows() if row["outcome"].startswith("the same")}
    made_for_it = {"Value", "Array", "Lock", "Queue", "Dict of a manager", "SharedMemory"}
    of_the_system = {"Open file", "Socket", "Database connection"}
    assert shared == made_for_it | of_the_system


def the_words() -> None:
    """the same | what the child changes, the parent sees, and the other way around

    a copy, as it was at ... | the child sees what it was when the parent made this call, and no
    later change; the parent sees no change by the child

    each sees what the other changes | there are two objects, and both lead to the same file

    its own: neither the old nor the new | the state that a new process has

    without the change, an old value | what the parent had changed before the start is missing

    an error | the exception, as Python prints it, with `...` for an address in memory or a name
    made up by Python, and where it is raised

    at the end | what is printed when the program has ended
    """
    no_fact("what words mean")
    for words in (
        *["the same", "a copy, as it was at", "; each sees what the other changes"],
        *["its own: neither the old nor the new", "without the change", "an old value"],
        *["an error in the ", "; at the end: `"],
    ):
        assert any(words in row["outcome"] for row in _rows()), words


def made_again() -> None:
    """its own, made when it imports the file | the child has run the top of the file once more,
    and has another one

    the fork server's, made when it imports the file | the same, but the fork server has run it,
    and its children start with that
    """
    for words in "its own, made when", "the fork server's, made when":
        assert any(words in row["outcome"] for row in _rows()), words


def lost() -> None:
    """lost | `put()` raises no error, but the item never arrives"""
    rows = [row for row in _rows() if row["outcome"].startswith("lost: put() returns")]
    assert {row["way"] for row in rows} == {"item of a Queue"}


def the_ways() -> None:
    """set at the top of the file | by a line outside every function and outside the main guard;
    of an environment variable and the like, the line that sets it

    set under the main guard | by a line that only the parent runs, before it starts its first
    process

    changed after a first process | made at the top of the file, if it is an object, and changed by
    the parent after it has started another process
    """
    no_fact("what words mean")


def by_their_names() -> None:
    """SQLite warns of a connection that is carried across a fork.

    That something works here does not make it safe.
    """
    no_fact("advice, with a link to its source")


def flushed() -> None:
    """Each line is flushed when it is written to the open file.

    A forked child has a copy of what is still in the buffer: if it flushes, this is written twice.
    """
    assert "file=file, flush=True" in (FOLDER / "_things.py").read_text("utf-8")
    if get_start_method() != "fork":
        return
    for flushed, expected in (False, "appleapple"), (True, "apple"):
        with TemporaryDirectory(dir=".") as folder:
            path = Path(folder, "orders.txt")
            with path.open("w") as file:
                file.write("apple")
                if flushed:
                    file.flush()
                child = Process(target=file.flush)
                child.start()
                child.join()
            assert path.read_text() == expected


def python_3_14_0() -> None:
    """Python 3.14.0 was not tried.

    Its fork server does not import the program, like that of 3.13.7.
    """
    no_fact("what was run; the linked page has the proof")


def the_command() -> None:
    """In a copy of the site's source, one command tries one case on your machine, or all of them:

    The parent makes the thing, changes it, and starts the child, which looks.

    Then the parent changes it, and the child looks again.

    Then the child changes it, and the parent looks.
    """
    path, method = str(FOLDER), get_start_method()
    code = f"""
import subprocess, sys
subprocess.run([sys.executable, {path!r}, "lock", "task", {method!r}], check=True)
"""
    assert "Lock objects should only be shared" in script(code).stdout
