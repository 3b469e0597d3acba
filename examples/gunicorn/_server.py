"""Starts Gunicorn on a free port, as you would in a terminal, and asks it."""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from subprocess import Popen
from urllib.request import urlopen

COMMAND = [
    *[sys.executable, "-m", "gunicorn", "--workers", "2", "--log-level", "critical"],
    *["--no-control-socket", "--pythonpath", os.path.dirname(os.path.abspath(__file__))],
]


@contextmanager
def gunicorn(*options: str) -> Iterator[Callable[[], list[str]]]:
    """A function that asks the server once, and gives the words of its answer.

    Raises URLError or TimeoutError when there is no answer for 30 seconds. The port is open
    before the server starts, so that the first question waits for it.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        fd = listener.fileno()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"

        def ask() -> list[str]:
            with urlopen(address, timeout=30) as answer:
                words: str = answer.read().decode()
            return words.split()

        with Popen([*COMMAND, "--bind", f"fd://{fd}", *options], pass_fds=[fd]) as server:
            try:
                yield ask
            finally:
                server.terminate()
