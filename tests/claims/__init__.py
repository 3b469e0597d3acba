"""What the pages say, and what proves it: a file a page, a function a statement.

The docstring of a function quotes the page; its body proves what is said there, under
the start method that is the default while it runs. `nox -s tests -- -k claims` runs
them all; `python tests/harness/run/claims.py queue` those of one page.

Each child that a check starts imports this module, so it imports little itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_all_start_methods
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from examples._runner import Outcome

ROOT = Path(__file__).parents[2]
TIME_LIMIT = 30.0  # seconds
SURE = 0.5  # seconds after which what has not gone on hangs
PAUSE = 0.01  # seconds between two looks at what goes on
# This Python's default start method: what does not depend on the method is looked at under it.
ONCE, *_ = get_all_start_methods()
# Where the fork server imports the main module, as set_forkserver_preload promises: gh-126631.
PRELOADED = "Python 3.13.8 and later and 3.14.1 and later"


def shown(place: str, *texts: str) -> None:
    """Each text stands in what a page shows.

    `queue/smallest` is a program, with its outputs and the words over them; `queue`
    stands for the fragments of that page.
    """
    from tests.claims._proofs import exhibit

    found = exhibit(place)
    for text in texts:
        assert text in found, f"{place} does not show {text!r}"


def changed(program: str, *changes: tuple[str, str]) -> str:
    """The code of a program, `queue/smallest`, with other text in some places."""
    from tests.claims import _proofs

    return _proofs.changed(program, *changes)


def replaced(code: str, *changes: tuple[str, str]) -> str:
    """A program with other text in some places. Raises AssertionError if one is not there."""
    for old, new in changes:
        assert old in code, f"{code[:80]!r} ... has no {old!r}"
        code = code.replace(old, new)
    return code


def no_fact(reason: str) -> None:
    """What is quoted cannot be true or false: it is advice, a definition, an introduction."""
    assert reason


def on(label: str) -> bool:
    """Whether this Python is one of a label as tabs have it: `Python 3.13.8 and later`."""
    from tests.harness.read.versions import THIS, read_versions

    return THIS in read_versions(label.removeprefix("Python "))


@contextmanager
def raises(*errors: type[BaseException], text: str = "") -> Iterator[None]:
    """What is in the block raises one of the errors, with the text in its message."""
    try:
        yield
    except errors as error:
        from traceback import clear_frames

        # Before 3.12.2, Python 3.12 may crash when it collects what the frames of `send()` hold.
        clear_frames(error.__traceback__)
        assert text in str(error), f"{error!r} does not say {text!r}"
    else:
        raise AssertionError(f"nothing raises {' or '.join(e.__name__ for e in errors)}")


def script(code: str, *options: str, module: bool = False, hangs_after: str = "") -> Outcome:
    """Run a program, in a file of its own, under the same start method.

    With `module` it is run as `python -m`. `hangs_after` is what it prints before it hangs:
    half a second later it is killed, with status None, as is all that a program has left running.
    """
    from tests.claims import _proofs

    return _proofs.run(code, *options, module=module, hangs_after=hangs_after)
