"""What a fragment may look like, and for how long it may run.

pytest-examples compares prints by a `print` of its own, which knows no `end` and
no `file`, sorts sets and rewrites addresses. What it would hide is refused, so that
each `#>` is the output of a print.
"""

import ast
import faulthandler
import io
import signal
import sys
import tokenize
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

GRACE = 10.0  # seconds between the attempt to interrupt a fragment, and the end of the process


class TimedOut(BaseException):
    """A fragment still ran at its limit."""


@contextmanager
def limited(seconds: float, stderr: int, grace: float = GRACE) -> Iterator[None]:
    """Raise TimedOut in what still runs after `seconds`, and each second while it catches that.

    What cannot be interrupted, which is anything on Windows, ends the whole process
    `grace` seconds later, with a stack on the file descriptor `stderr`.
    """

    faulthandler.dump_traceback_later(seconds + grace, exit=True, file=stderr)
    try:
        if sys.platform == "win32":
            yield
        else:
            with _interrupted(seconds):
                yield
    finally:
        faulthandler.cancel_dump_traceback_later()


@contextmanager
def _interrupted(seconds: float) -> Iterator[None]:
    """Raise TimedOut after `seconds`, and then each second."""

    def stop(number: int, frame: object) -> None:
        raise TimedOut(f"still running after {seconds:g} s")

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def syntax_error(source: str) -> tuple[int, int, str] | None:
    """Line and column, from 1, of what is not Python, and what is wrong there."""
    try:
        compile(source, "<fragment>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return error.lineno or 1, error.offset or 1, error.msg
    return None


def faults(source: str) -> Iterator[tuple[int, str]]:
    """The lines, from 1, that pytest-examples would not really compare, and why."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        alone = token.line.lstrip().startswith("#>")
        if token.type == tokenize.COMMENT and "#>" in token.string and not alone:
            yield token.start[0], "a #> behind code; put it on the line under the print"
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.lineno, "a text that stands alone; print one line at a time"
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print" and node.keywords:
            yield node.lineno, "a print with end, file or sep; print whole lines only"


def fault_of_arguments(arguments: Sequence[object]) -> str:
    """Why what is printed cannot be compared; nothing if it can."""
    for argument in arguments:
        if isinstance(argument, set | frozenset):
            return "prints a set, whose order is not certain; print it sorted"
        if " at 0x" in str(argument):
            return "prints an address, which differs each time"
        if "\n" in str(argument):
            return "prints more than one line at a time"
    return ""
