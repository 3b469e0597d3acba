"""The Pythons of this machine, in which outputs are recorded."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.harness.read.site import ROOT
from tests.harness.read.versions import MINORS, Release

NAME = re.compile(r"python3\.\d+(?:\.\d+)?(?:\.exe)?")
IN_FOLDER = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
ASK = (
    "import json, sys, importlib.util as i;"
    "print(json.dumps([sys.version_info[:3], [n for n in sys.argv[1:] if i.find_spec(n)]]))"
)


@dataclass(frozen=True)
class Python:
    """An interpreter, and which packages it can import."""

    path: str
    release: Release
    packages: frozenset[str]


def find_pythons(packages: frozenset[str] = frozenset()) -> dict[Release, Python]:
    """One Python for each supported release: this one, those of the tests, those on PATH.

    Of two of the same release, the first is used, which has the most of `packages`.
    """
    found: dict[Release, Python] = {}
    for path in candidates():
        python = ask(path, packages)
        if python and (*python.release[:2], 0) in MINORS:
            known = found.get(python.release)
            if known is None or len(python.packages) > len(known.packages):
                found[python.release] = python
    return dict(sorted(found.items()))


def candidates() -> Iterator[str]:
    """The paths of interpreters."""
    yield sys.executable
    environments = Path(os.environ.get("NOX_ENVDIR", ROOT / ".nox"))
    yield from map(str, sorted(environments.glob(f"*/{IN_FOLDER}")))
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        if Path(folder).is_dir():
            paths = sorted(Path(folder).glob("python3.*"))
            yield from (str(path) for path in paths if NAME.fullmatch(path.name))


@cache
def ask(path: str, packages: frozenset[str]) -> Python | None:
    """What a Python says of itself; None where it does not run."""
    command = [path, "-I", "-c", ASK, *sorted(packages)]
    try:
        answer = subprocess.run(command, capture_output=True, check=True).stdout
        release, has = json.loads(answer)
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None
    return Python(path, tuple(release), frozenset(has))
