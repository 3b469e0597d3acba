"""Starts a Redis server of its own, for this program alone, and ends it."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from subprocess import DEVNULL, Popen
from tempfile import TemporaryDirectory
from types import FrameType

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NoAnswer
from redis.retry import Retry

OPTIONS = ["--port", "0", "--save", "", "--maxmemory", "400mb"]
MISSING = "there is no redis-server: install it (on Debian and Ubuntu: apt install redis-server)"
Handler = Callable[[int, FrameType | None], None]
LONGEST = 30.0  # seconds for the server to start


@contextmanager
def redis_server(*options: str, folder: str | None = None) -> Iterator[str]:
    """The URL of a server, for `Redis.from_url`. Without options it keeps no data on disk.

    It listens on a socket in the folder, by default a temporary one that only its user can open.
    It is in a process group of its own, so that Ctrl-C reaches the program alone. SIGTERM and
    SIGHUP end the program as Ctrl-C does: with the server. If there is no server, the status is 2.
    """
    with TemporaryDirectory(prefix="redis-") if folder is None else nullcontext(folder) as place:
        socket, log = Path(place).resolve() / "redis.sock", Path(place, f"redis-{os.getpid()}.log")
        line = ["redis-server", *OPTIONS, "--dir", place, "--unixsocket", str(socket)]
        received: list[int] = []
        handler = ends(os.getpid(), received)
        before = {n: signal.signal(n, handler) for n in (signal.SIGTERM, signal.SIGHUP)}
        server = None
        try:
            try:
                server = Popen(
                    [*line, "--logfile", log.name, *options], stdout=DEVNULL, process_group=0
                )
            except FileNotFoundError:
                refuse(MISSING)
            wait(server, f"unix://{socket}", log)
            yield f"unix://{socket}"
        finally:
            if server:
                server.terminate()
                server.wait()
            for number, handled in before.items():
                signal.signal(number, handled)
            for left in socket, log:
                left.unlink(missing_ok=True)
        if received:  # where nothing can be raised, as in a destructor
            raise SystemExit(128 + received[0])


def ends(program: int, received: list[int]) -> Handler:
    """A handler that ends the program by SystemExit, and a forked child at once."""

    def handle(number: int, frame: FrameType | None) -> None:
        if os.getpid() == program:
            received.append(number)
            raise SystemExit(128 + number)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    return handle


def wait(server: Popen[bytes], url: str, log: Path) -> None:
    """Ask the server until it answers; end the program if it does not."""
    deadline = time.monotonic() + LONGEST
    with Redis.from_url(url, retry=Retry(NoBackoff(), 0)) as client:
        while server.poll() is None and time.monotonic() < deadline:
            try:
                client.ping()
            except NoAnswer:  # not yet there, or it still loads its data
                time.sleep(0.01)
            else:
                return
    lines = log.read_text().splitlines() if log.exists() else []
    refuse(f"redis-server has not started: {lines[-1] if lines else 'it has written no log'}")


def refuse(message: str) -> None:
    """End the program with one line, and with the status 2."""
    print(message, file=sys.stderr)
    raise SystemExit(2)
