"""A PostgreSQL server of its own for a program, which can be killed and started again."""

import os
import pwd
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

    def __init__(self, folder: str) -> None:
        self.folder, self.who = folder, {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            self.who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self.address = f"host={folder} user=owner dbname=postgres"
        self.data, self.log = Path(folder, "data"), Path(folder, "log")
        line = [command("initdb"), *MAKE, "--pgdata", str(self.data)]
        with subprocess.Popen(line, **self.who, cwd=folder, stdout=subprocess.DEVNULL) as making:
            try:
                status = making.wait()
            except BaseException:
                making.terminate()  # it then removes what it has made, also in /dev/shm
                raise
        if status:
            raise SystemExit(f"PostgreSQL's initdb has failed, with exit status {status}")

    def start(self) -> None:
        """Start it; SystemExit with its log if it does not answer."""
        line = [command("postgres"), "-D", str(self.data), "-k", self.folder, *OPTIONS]
        with self.log.open("wb") as log:  # it writes nothing to the pipe: see kill()
            pipe = subprocess.PIPE
            self.process = subprocess.Popen(
                line, **self.who, cwd=self.folder, stdout=pipe, stderr=log
            )
        deadline = time.monotonic() + LONGEST
        while True:
            try:
                psycopg.connect(self.address).close()
            except psycopg.OperationalError as error:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    told = f"PostgreSQL has not started: {error}\n{self.log.read_text()}"
                    raise SystemExit(told) from None
                time.sleep(0.01)
            else:
                return

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send it a signal, by default SIGKILL, and wait for the end of all its processes."""
        if self.process.stdout.closed:  # it was killed before
            return
        with self.process as process:
            process.send_signal(number)
            process.stdout.read()  # until the last process that has the pipe has ended


@contextmanager
def postgres() -> Iterator[Server]:
    """A server, in a temporary folder, until the block ends, also by Ctrl-C, SIGTERM or SIGHUP."""
    for number in signal.SIGTERM, signal.SIGHUP:
        signal.signal(number, lambda *_: sys.exit("terminated"))
    # Another folder for temporary files may have a path that is too long for a socket.
    with TemporaryDirectory(prefix="pg-", dir="/tmp") as folder:
        server = Server(folder)
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
