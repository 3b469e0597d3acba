"""Starts Uvicorn on an open port, as you would in a terminal, and asks it."""

import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from subprocess import Popen
from typing import Any
from urllib.request import urlopen

COMMAND = [
    *[sys.executable, "-m", "uvicorn", "--workers", "2", "--log-level", "critical"],
    *["--timeout-worker-healthcheck", "15"],  # a killed worker may be missed until then
    *["--app-dir", os.path.dirname(os.path.abspath(__file__))],
]


@contextmanager
def uvicorn(*options: str) -> Iterator[Callable[[], list[str]]]:
    """A function that asks the server once, and gives the words of its answer.

    Raises URLError or TimeoutError when there is no answer for 30 seconds. The port is open
    before the server starts, so that the first question waits for it. A question whose worker
    is killed meanwhile is asked again.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        fd = listener.fileno()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"

        def ask() -> list[str]:
            while True:
                with suppress(ConnectionError), urlopen(address, timeout=30) as answer:
                    words: str = answer.read().decode()
                    return words.split()

        command = [*COMMAND, "--fd", str(fd), *options]
        with Popen(command, pass_fds=[fd], start_new_session=True) as server:
            try:
                yield ask
            finally:
                server.terminate()
                server.wait()
                with suppress(ProcessLookupError):  # workers of a server that was killed
                    os.killpg(server.pid, signal.SIGTERM)


async def reply(send: Callable[[Any], Awaitable[None]], *words: object) -> None:
    """Answer a request with these words."""
    body = " ".join(map(str, words)).encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})
