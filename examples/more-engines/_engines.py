"""Starts a server for one program alone, in a folder of its own, and ends and removes both."""

import json
import logging
import os
import pwd
import secrets
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import Popen
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any, NamedTuple

LONGEST = 30.0  # seconds for a server to start
BLOCKS = Path("/dev/shm")
logging.getLogger("asyncio").setLevel(logging.ERROR)  # with -X dev, it warns of slow steps


class Server(NamedTuple):
    """A server that answers: where, and its process."""

    address: str
    process: Popen[bytes]


@contextmanager
def own_folder() -> Iterator[str]:
    """A temporary folder that only its user can open; it is removed at the end.

    So is what iceoryx2 left in /dev/shm under its name. SIGTERM and SIGHUP end the program as
    Ctrl-C does.
    """
    program = os.getpid()
    received: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        if os.getpid() == program:
            received.append(number)
            raise SystemExit(128 + number)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        with TemporaryDirectory(prefix="engine-", ignore_cleanup_errors=True) as folder:
            try:
                yield folder
            finally:
                for block in BLOCKS.glob(f"{Path(folder).name}_*"):
                    block.unlink(missing_ok=True)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if received:  # where nothing can be raised, as in a destructor
        raise SystemExit(128 + received[0])


def iceoryx_config(folder: str) -> Any:
    """The settings of iceoryx2 for a private place: files in a folder, blocks under its name."""
    import iceoryx2

    iceoryx2.set_log_level(iceoryx2.LogLevel.Error)
    config = iceoryx2.config.default()
    config.global_cfg.root_path = iceoryx2.Path.new(folder)
    config.global_cfg.prefix = iceoryx2.FileName.new(f"{Path(folder).name}_")
    return config


@contextmanager
def memcached(folder: str) -> Iterator[Server]:
    """A memcached of 64 MB on a socket in a folder."""
    address = os.path.join(folder, "memcached.sock")
    user = pwd.getpwuid(os.getuid()).pw_name  # which it asks for if this is root
    command = ["memcached", "-s", address, "-m", "64", "-u", user]
    with _running(command, folder, lambda: _answers(address)) as server:
        yield server


@contextmanager
def redis_server(folder: str) -> Iterator[Server]:
    """A Redis of 64 MB on a socket in a folder, in memory alone."""
    address = os.path.join(folder, "redis.sock")
    command = ["redis-server", "--port", "0", "--unixsocket", address, "--save", ""]
    command += ["--maxmemory", "64mb", "--dir", folder]
    with _running(command, folder, lambda: _answers(address)) as server:
        yield server


@contextmanager
def nats_server(folder: str) -> Iterator[Server]:
    """A NATS server with JetStream, which keeps at most 64 MB in a folder.

    It listens on a free port of this machine, and asks for a token.
    """
    token, config = f"token-{secrets.token_hex(16)}", Path(folder, "nats.conf")
    config.touch(0o600)
    config.write_text(
        f'listen: "127.0.0.1:-1"\nports_file_dir: "{folder}"\n'
        f'authorization {{ token: "{token}" }}\n'
        f'jetstream {{ store_dir: "{folder}", max_memory_store: 64MB, max_file_store: 64MB }}\n'
    )

    def listening() -> str:
        for file in Path(folder).glob("*.ports"):
            with suppress(ValueError):  # it is being written
                if (url := json.loads(file.read_text())["nats"][0]) and file.unlink() is None:
                    return str(url).replace("nats://", f"nats://{token}@")
        return ""

    with _running(["nats-server", "-c", str(config)], folder, listening) as server:
        yield server


@contextmanager
def _running(command: list[str], folder: str, address: Callable[[], str]) -> Iterator[Server]:
    """A server, once it has an address. If there is none, the program ends with the status 2.

    It is in a process group of its own, so that Ctrl-C reaches the program alone.
    """
    name = command[0]
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])
    if not (found := shutil.which(name, path=path)):
        refuse(f"there is no {name}: install it (on Debian and Ubuntu: apt install {name})")
    log = Path(folder, f"{name}.log")
    with log.open("wb") as file:
        process = Popen([found, *command[1:]], stdout=file, stderr=file, process_group=0)
    try:
        deadline = time.monotonic() + LONGEST
        while not (here := address()):
            if process.poll() is not None or time.monotonic() > deadline:
                lines = log.read_text(errors="replace").splitlines()
                refuse(f"{name} has not started: {lines[-1] if lines else 'it says nothing'}")
            time.sleep(0.01)
        yield Server(here, process)
    finally:
        process.terminate()
        process.wait()


def _answers(path: str) -> str:
    """The path of a socket, if a server accepts connections there."""
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(path)
        except OSError:
            return ""
    return path


def refuse(message: str) -> None:
    """End the program with one line, and with the status 2."""
    print(message, file=sys.stderr)
    raise SystemExit(2)
