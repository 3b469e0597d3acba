"""Reads what a program needs, which it declares as inline script metadata.

The form, `# /// script`, is that of https://packaging.python.org/en/latest/specifications/inline-script-metadata/.
A package is one of `dependencies`; a command that no package brings, such as a server, is one
of `commands` in the table `tool.examples`. `requires-python` is the oldest Python that has what
the program shows.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from glob import glob
from typing import Any

OUTSIDE_PATH = ("/usr/lib/postgresql/*/bin", "/usr/sbin")  # where Debian puts commands, too
PACKAGES = {"postgres": "postgresql", "unshare": "util-linux"}  # of Debian, with another name
TRIALS = {"unshare": ["--user", "--map-root-user", "--mount", "--pid", "--fork", "true"]}
"""Arguments with which a command fails where the system does not permit what it is needed for."""
MODULES = {  # with another name
    "mpich": "mpi4py",  # it has no module: it is the library of this one
    "nats-py": "nats",
    "pyinstaller": "PyInstaller",
    "pyside6-essentials": "PySide6",
    "pytest-xdist": "xdist",
    "pyzmq": "zmq",
}
OLDEST = re.compile(r"(?:>=(?P<version>3\.[1-9][0-9]*))?")
BLOCK = re.compile(r"^# /// script$\n(?P<content>(?:^#(?: .*)?$\n)+?)^# ///$", re.MULTILINE)


def dependencies(source: str) -> list[str]:
    """The names of the packages that a program declares; ValueError if they are ill-formed."""
    declared = _read(source).get("dependencies", [])
    return [re.split(r"[^\w.-]", name, maxsplit=1)[0].lower() for name in declared]


def commands(source: str) -> list[str]:
    """The commands that a program declares; ValueError if they are ill-formed."""
    found: list[str] = _read(source).get("tool", {}).get("examples", {}).get("commands", [])
    return found


def oldest_python(source: str) -> str:
    """The oldest Python that a program declares, as "3.14", or nothing; ValueError for others."""
    declared: str = _read(source).get("requires-python", "")
    if not (found := OLDEST.fullmatch(declared)):
        raise ValueError(f'a `requires-python` that is not of the form ">=3.14", {declared!r}')
    return found["version"] or ""


def needed_python(source: str) -> str:
    """What a program declares of Python and this one is not, such as "Python 3.14 or later"."""
    oldest = oldest_python(source)
    found = not oldest or sys.version_info >= tuple(map(int, oldest.split(".")))
    return "" if found else f"Python {oldest} or later"


def missing(source: str) -> tuple[list[str], list[str]]:
    """The packages, and the commands, that a program declares and this machine does not have."""
    packages = [name for name in dependencies(source) if not _installed(name)]
    return packages, [name for name in commands(source) if not _found(name)]


def _found(command: str) -> bool:
    folders = [folder for pattern in OUTSIDE_PATH for folder in glob(pattern)]
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *folders])
    found = shutil.which(command, path=path)
    return found is not None and (command not in TRIALS or permitted(found, *TRIALS[command]))


@cache
def permitted(*command: str) -> bool:
    """Whether the system lets a command end without an error; tried once, where it is there."""
    try:
        return not subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode
    except OSError:  # it is not there
        return False


def _installed(package: str) -> bool:
    return importlib.util.find_spec(module_of(package)) is not None


def module_of(package: str) -> str:
    """The module that a package is imported as: mostly its name, with `_` for `-` and `.`."""
    return MODULES.get(package, re.sub(r"[.-]", "_", package))


def _read(source: str) -> dict[str, Any]:
    if not (block := BLOCK.search(source)):
        return {}
    content = "".join(line[2:] + "\n" for line in block["content"].splitlines())
    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"a `# /// script` block that is not TOML: {error}") from None
