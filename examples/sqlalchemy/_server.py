"""Starts a PostgreSQL server of its own, for this program alone, and ends it."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import glob
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

DRIVER = "psycopg"
OUTSIDE_PATH = "/usr/lib/postgresql/*/bin"  # where Debian has it
LONGEST = 30.0  # seconds for the server to start


@contextmanager
def postgres(*options: str) -> Iterator[str]:
    """The URL of a server, for create_engine. Its files are in a temporary folder.

    It listens on a socket in that folder, which only its user can open. It does not run as root:
    then it is started as `nobody`, who needs a folder that can be reached.
    """
    user, parent = ("nobody", "/tmp") if os.geteuid() == 0 else (None, None)
    with TemporaryDirectory(prefix="pg-", dir=parent) as folder:
        if user:
            shutil.chown(folder, user)
        data = Path(folder, "data")
        make = ["--auth=trust", "--username=owner", "--encoding=UTF8", "--no-locale", "--no-sync"]
        line = [command("initdb"), *make, "--pgdata", str(data)]
        subprocess.run(line, user=user, cwd=folder, stdout=subprocess.DEVNULL, check=True)
        # -h: no port; -k: the folder of the socket; -F: no fsync.
        line = [command("postgres"), "-D", str(data), "-h", "", "-k", folder, "-F", *options]
        line += ["-c", "dynamic_shared_memory_type=mmap"]  # in the folder, too
        log = Path(folder, "log")
        with (
            log.open("wb") as told,
            subprocess.Popen(line, user=user, cwd=folder, stderr=told) as server,
        ):
            try:
                wait(server, folder, log)
                yield f"postgresql+{DRIVER}://owner@/postgres?host={folder}"
            finally:
                server.send_signal(signal.SIGQUIT)  # the fastest way to end
                server.wait()
                remove_segment(data)


def command(name: str) -> str:
    """The path of a command of PostgreSQL, which may not be on PATH."""
    folders = [os.environ.get("PATH", os.defpath), *sorted(glob(OUTSIDE_PATH))]
    if path := shutil.which(name, path=os.pathsep.join(folders)):
        return path
    raise SystemExit(f"PostgreSQL is not installed: there is no {name} in {' or '.join(folders)}")


def wait(server: subprocess.Popen[bytes], folder: str, log: Path) -> None:
    """Ask the server until it answers; SystemExit with its log if it does not."""
    deadline = time.monotonic() + LONGEST
    while True:
        try:
            psycopg.connect(host=folder, user="owner", dbname="postgres").close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"PostgreSQL has not started:\n{log.read_text()}") from None
            time.sleep(0.01)
        else:
            return


def remove_segment(data: Path) -> None:
    """Remove the shared memory of a server that was killed; its file names that memory."""
    with suppress(FileNotFoundError, IndexError):
        _, number = (data / "postmaster.pid").read_text().splitlines()[6].split()
        subprocess.run(["ipcrm", "-m", number], check=False)
