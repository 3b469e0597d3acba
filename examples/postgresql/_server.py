"""A PostgreSQL server of its own for a program, which can be killed and started again."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

OUTSIDE_PATH = "/usr/lib/postgresql/*/bin"  # where Debian has it
LONGEST = 30.0  # seconds for the server to start
MAKE = ["--auth=trust", "--username=owner", "--encoding=UTF8", "--no-locale", "--no-sync"]
# No network, and shared memory only in files of its own folder, which is removed.
OPTIONS = ["-h", "", "-c", "shared_memory_type=mmap", "-c", "dynamic_shared_memory_type=mmap"]


class Server:
    """One server; its files are in a folder, and its socket, too, which only its user can open.

    It does not run as root: then it is started as `nobody`.
    """

    def __init__(self, folder: str, user: str | None) -> None:
        self.folder, self.user = folder, user
        self.address = f"host={folder} user=owner dbname=postgres"
        self.data, self.log = Path(folder, "data"), Path(folder, "log")
        line = [command("initdb"), *MAKE, "--pgdata", str(self.data)]
        subprocess.run(line, user=user, cwd=folder, stdout=subprocess.DEVNULL, check=True)

    def start(self) -> None:
        """Start it; SystemExit with its log if it does not answer."""
        deadline = time.monotonic() + LONGEST
        while not self._answers():
            if time.monotonic() > deadline:
                raise SystemExit(f"PostgreSQL has not started:\n{self.log.read_text()}")

    def _answers(self) -> bool:
        """Run it until it answers, or ends: after a kill, the old one's children are in its way."""
        line = [command("postgres"), "-D", str(self.data), "-k", self.folder, *OPTIONS]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                line, user=self.user, cwd=self.folder, stdout=log, stderr=log
            )
        while self.process.poll() is None:
            try:
                psycopg.connect(self.address).close()
            except psycopg.OperationalError:
                time.sleep(0.01)
            else:
                return True
        return False

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send it a signal, by default SIGKILL, and wait for its end."""
        self.process.send_signal(number)
        self.process.wait()


@contextmanager
def postgres() -> Iterator[Server]:
    """A server, in a temporary folder, until the block ends, also by Ctrl-C or SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    user, parent = ("nobody", "/tmp") if os.geteuid() == 0 else (None, None)
    with TemporaryDirectory(prefix="pg-", dir=parent) as folder:
        if user:
            shutil.chown(folder, user)
        server = Server(folder, user)
        try:
            server.start()
            yield server
        finally:
            server.kill(signal.SIGQUIT)  # the fastest way to end


def command(name: str) -> str:
    """The path of a command of PostgreSQL, which may not be on PATH."""
    folders = [os.environ.get("PATH", os.defpath), *sorted(glob(OUTSIDE_PATH))]
    if path := shutil.which(name, path=os.pathsep.join(folders)):
        return path
    raise SystemExit(f"PostgreSQL is not installed: there is no {name} in {' or '.join(folders)}")
