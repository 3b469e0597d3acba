"""How the checks of several pages start a child."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import Process, get_start_method, set_start_method

# Stands in the place of `def main():`, and sends SIGTERM when the first worker has been forked.
SIGTERM_AT_A_FORK = """def send(sent=[]):
    import os
    import signal

    sent or sent.append(os.kill(os.getpid(), signal.SIGTERM))


def main():
    import os

    os.register_at_fork(after_in_parent=send)
"""


def in_a_child(target: Callable[..., object], *args: object) -> int | None:
    """Call it in a child; give the child's exit code."""
    child = Process(target=target, args=args)
    child.start()
    child.join()
    return child.exitcode


@contextmanager
def default_not_set() -> Iterator[None]:
    """The default start method is not set in the block, and after it is as before."""
    method = get_start_method()
    set_start_method(None, force=True)
    try:
        yield
    finally:
        set_start_method(method, force=True)
