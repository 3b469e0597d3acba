"""Makes environments that hold exactly what requirements.txt pins. Needs nothing but Python.

pip installs uv, and uv installs the rest. Neither resolves anything, and of the user's own
settings only those are used that say how an index is reached.
"""

import hashlib
import importlib.util
import json
import os
import platform
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[3]
PINS = ROOT / "requirements.txt"
GROUP_PINS = "requirements-{}.txt"
"""What a group of packages needs that are too large for all environments."""
MAIN = ROOT / ".venv"
"""The environment of the Python that runs noxfile.py."""
OTHERS = ROOT / ".nox"
"""Those of other Pythons, each in a folder that is named by the version."""

# How an index is reached: pip's settings, and uv's variables for the same.
REACH = {
    "index-url": ["UV_DEFAULT_INDEX"],
    "proxy": ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"],
    "cert": ["SSL_CERT_FILE"],
    "client-cert": ["SSL_CLIENT_CERT"],
    "trusted-host": ["UV_INSECURE_HOST"],
    "timeout": ["UV_HTTP_TIMEOUT"],
    "default-timeout": ["UV_HTTP_TIMEOUT"],
    "retries": ["UV_HTTP_RETRIES"],
    "keyring-provider": [],
}
PIP_NAMES = {f"PIP_{name.replace('-', '_').upper()}" for name in REACH} | {"PIP_CONFIG_FILE"}
UV_NAMES = {
    "UV_CACHE_DIR", "UV_DEFAULT_INDEX", "UV_HTTP_RETRIES", "UV_HTTP_TIMEOUT", "UV_INDEX_URL",
    "UV_INSECURE_HOST", "UV_KEYRING_PROVIDER", "UV_NATIVE_TLS", "UV_SYSTEM_CERTS",
}  # fmt: skip

# Lists pip's settings, the later ones count more. `pip config list` has another order, and ends
# at a setting for a newer pip.
LIST_SETTINGS = """\
import json
from pip._internal.cli.parser import ConfigOptionParser
parser = ConfigOptionParser(name="install")
parser.config.load()
print(json.dumps(list(parser._get_ordered_configuration_items())))"""

SIGNALS = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if sys.platform != "win32" else [])]

NO_VENV = f"""\
This Python comes without venv. On Debian and Ubuntu: apt install python3-venv
Or run noxfile.py with another Python; `-s tests --force-python {platform.python_version()}` then
runs the tests on this one."""


class Failed(Exception):
    """A command that failed, and what it printed."""


class Stopped(KeyboardInterrupt):
    """A signal came that is to end this process."""

    def __init__(self, number: int) -> None:
        self.number = number


def prepare(
    folder: Path = MAIN, python: str = "", version: str = "", group: str | None = None
) -> None:
    """Make sure that the environment of a Python, by default this, is there and complete.

    With a group, it has the packages of that group, too.
    Raises Failed, or Stopped, and leaves nothing running; the next call starts again.
    """
    python = python or getattr(sys, "_base_executable", sys.executable)
    if sys.platform != "win32":
        python = os.path.realpath(python)  # by another name, some do not find their library
    made_by = f"{version or platform.python_version()}, {python}"
    files = pins(group)
    pinned = "".join(file.read_text("utf-8") for file in files)
    wanted = f"{made_by}\n{hashlib.sha256(pinned.encode()).hexdigest()}\n"
    stamp = folder / "installed.txt"
    found = stamp.read_text("utf-8") if stamp.is_file() and program(folder).exists() else ""
    if found == wanted:
        return
    start = time.monotonic()
    packages = len(set(re.findall(r"^[\w.-]+", pinned, re.MULTILINE)))
    place = folder.relative_to(ROOT).as_posix()
    print(f"Setting up {place}, once, for Python {made_by}.")
    print("This takes from ten seconds to two minutes: ", end="", flush=True)
    try:
        with deferred_signals():
            if stamp.is_file():
                stamp.unlink()
            if not found.startswith(made_by + "\n"):
                create(folder, python)
            print(f"{packages} packages ... ", end="", flush=True)
            install(folder, files=files)
            stamp.write_text(wanted, "utf-8")
    except BaseException:
        print(flush=True)
        raise
    print(f"done in {time.monotonic() - start:.0f} s.", flush=True)


def run_nox(noxfile: str, arguments: list[str]) -> NoReturn:
    """Set up the main environment, and become its nox."""
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit(NO_VENV)
    try:
        prepare()
    except (Failed, OSError) as error:
        sys.exit(f"{error}\nThe installation failed. When the cause is gone, run this again.")
    except Stopped as stopped:
        print("Stopped; nothing runs on. The next run starts the set-up again.")
        sys.exit(128 + stopped.number)
    command = [str(program(MAIN)), "-I", "-m", "nox", "--noxfile", noxfile, *arguments]
    if sys.platform != "win32":
        # Ctrl-C waits until nox knows what to do with it; the other signals are for nox at once.
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        os.execv(command[0], command)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for nox, which ends by it
    sys.exit(subprocess.run(command).returncode)


def create(folder: Path, python: str) -> None:
    """Make an empty environment, whatever is there; the main one has pip and uv."""
    if folder.is_file():
        folder.unlink()
    if folder == MAIN:
        print("venv ... ", end="", flush=True)
        call(python, "-I", "-m", "venv", "--clear", folder, env=environment())
        print("uv ... ", end="", flush=True)
        bootstrap(folder)
    else:
        uv("venv", "--clear", "--force", "--python", python, folder)


def bootstrap(folder: Path) -> None:
    """Install the uv that is pinned, with whatever pip the environment has."""
    pin = re.search(r"^uv==(.*\\\n)+.*\n", PINS.read_text("utf-8"), re.MULTILINE)
    assert pin, "requirements.txt pins uv"
    file = folder / "uv.txt"
    file.write_text(pin[0], "utf-8")
    settings = {f"PIP_{name.replace('-', '_').upper()}": v for name, v in reach().items()}
    env = environment() | settings | {"PIP_CONFIG_FILE": os.devnull}
    options = ["--no-deps", "--require-hashes", "--disable-pip-version-check", "--no-input"]
    call(program(folder), "-I", "-m", "pip", "install", "--quiet", *options, "-r", file, env=env)


def pins(group: str | None = None) -> list[Path]:
    """The files that pin what an environment has, by default without a group."""
    return [PINS, *([ROOT / GROUP_PINS.format(group)] if group else [])]


def install(folder: Path, *options: str, files: list[Path] | None = None) -> None:
    """Install what is pinned, and remove what is not."""
    files = files or pins()
    uv("pip", "sync", "--require-hashes", *options, "--python", program(folder), *files)


def compile_packages(folder: Path) -> None:
    """Compile what is installed, where that can be written. Raises Stopped.

    Programs leave no bytecode, so that a package is compiled each time that one imports it. For a
    few of them that takes less time than to compile everything.
    """
    with deferred_signals(), suppress(Failed):
        install(folder, "--compile-bytecode")


def uv(*arguments: str | Path) -> str:
    """Run uv, of the main environment; give what it prints."""
    return call(program(MAIN, "uv"), "--no-config", *arguments, env=uv_environment())


def uv_environment() -> dict[str, str]:
    """Variables for uv: how the index is reached, as it and pip are told, and no other settings."""
    env = {"UV_SYSTEM_CERTS": "1"}  # trust what this machine trusts, as pip does
    for name, value in reach().items():
        env |= dict.fromkeys(REACH[name], value)
    env |= {name: os.environ[name] for name in UV_NAMES if name in os.environ}
    return environment() | env


def environment() -> dict[str, str]:
    """The variables of this process without those that direct pip, uv and Python."""
    directing = ("PIP_", "UV_", "PYTHON", "VIRTUAL_ENV", "CONDA_")
    return {name: v for name, v in os.environ.items() if not name.startswith(directing)}


@cache
def reach() -> dict[str, str]:
    """What pip is told, by files and variables, about how an index is reached."""
    env = environment() | {name: os.environ[name] for name in PIP_NAMES if name in os.environ}
    settings = json.loads(call(program(MAIN), "-I", "-c", LIST_SETTINGS, env=env).splitlines()[-1])
    return {name: " ".join(value.split()) for name, value in settings if name in REACH}


def find(version: str) -> tuple[str, str] | None:
    """The interpreter and the full version of a Python such as 3.13 or 3.13.5, if it is there."""
    code = "import platform, sys; print(sys.executable, platform.python_version(), sep='\\n')"
    try:
        path = uv("python", "find", "--no-python-downloads", "--no-project", "--system", version)
        lines = call(path.splitlines()[-1], "-I", "-c", code, env=environment()).splitlines()
    except Failed:
        return None
    return lines[0], lines[1]


def program(folder: Path, name: str = "python") -> Path:
    """A program of an environment."""
    return folder / (f"Scripts/{name}.exe" if sys.platform == "win32" else f"bin/{name}")


pending: list[int] = []
"""The signals that came while they were deferred."""


@contextmanager
def deferred_signals() -> Iterator[None]:
    """Let `call` notice the signals that are to end this process, between two steps of its own."""
    here = threading.current_thread() is threading.main_thread()
    before = {
        s: signal.signal(s, lambda number, _: pending.append(number)) for s in SIGNALS if here
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        pending.clear()


def call(*command: str | Path, env: dict[str, str]) -> str:
    """Run a command; give what it prints. Raises Failed, or Stopped once nothing of it is left."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as own:
        return call_in(own, *command, env=env)


def call_in(temporary: str, *command: str | Path, env: dict[str, str]) -> str:
    """The same, with a folder for temporary files."""
    env = env | dict.fromkeys(["TMPDIR", "TEMP", "TMP"], temporary)
    try:
        process = subprocess.Popen(
            command, env=env, text=True, encoding="utf-8", errors="replace", start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    except OSError as error:
        raise Failed(str(error)) from error
    output = None
    try:
        while output is None and not pending:
            with suppress(subprocess.TimeoutExpired):
                output, _ = process.communicate(timeout=0.1)
        if output is None or pending:
            raise Stopped(pending[0])
    except BaseException:
        end(process)
        raise
    if process.returncode:
        line = " ".join(map(str, command))
        raise Failed(f"{line}\nended with exit status {process.returncode}:\n{output}")
    return output


def end(process: subprocess.Popen[str]) -> None:
    """End a process and all that it has started."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
