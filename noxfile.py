"""What can be done with this repository; `python noxfile.py --list` lists it.

Run as a script it needs nothing but Python: it sets up nox in `.venv` first.
"""

import os
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

if __name__ == "__main__":
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while the rest is read
    # A module of the user's that has the name of one of Python's own is not meant here.
    theirs = [os.path.abspath(p) for p in os.environ.get("PYTHONPATH", "").split(os.pathsep) if p]
    sys.path = [path for path in sys.path if path not in theirs]
    if sys.version_info < (3, 11):  # noqa: UP036
        sys.exit("This needs Python 3.11 or later.")
    from tests.harness.run.environments import run_nox

    run_nox(__file__, sys.argv[1:])

import json
import platform
import shutil
import tempfile
from pathlib import Path
from typing import Any

import nox

from tests.harness.run import environments

PYPROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PYPROJECT)
LARGE = ["ray"]  # groups of packages that have an environment of their own
THIS = f"{sys.version_info.major}.{sys.version_info.minor}"
VARIABLES = {
    **{name: None for name in os.environ if name.startswith("PYTHON")},  # the user's
    "PYTHONUTF8": "1",  # a path that the locale cannot write is one, too
    # Two banners about the future of MkDocs, of which this project knows.
    "NO_MKDOCS_2_WARNING": "1",
    "DISABLE_MKDOCS_2_WARNING": "true",
}


class Pinned(nox.virtualenv.ProcessEnv):
    """The environment of a session: one for each Python, with what requirements.txt pins."""

    def __init__(self, *, interpreter: str | None = None, **_: object) -> None:
        super().__init__(env=VARIABLES)
        self.interpreter = interpreter
        self.location = str(environments.MAIN)

    @property
    def venv_backend(self) -> str:
        """Its name, for nox."""
        return "pinned"

    def create(self) -> bool:
        """Set it up, if need be. Raises InterpreterNotFound, CommandFailed."""
        if self.interpreter is None or is_this(self.interpreter):
            folder = environments.MAIN
            prepare(folder)
        else:
            go_on()
            folder = environments.OTHERS / self.interpreter
            if not (found := environments.find(self.interpreter)):
                raise nox.virtualenv.InterpreterNotFound(self.interpreter)
            prepare(folder, *found)
        self.location = self.env["VIRTUAL_ENV"] = str(folder)
        self._bin_paths = [str(environments.program(folder).parent)]
        return True


def is_this(version: str) -> bool:
    """Whether the Python that runs nox is of a version such as 3.13 or 3.13.5."""
    return f"{platform.python_version()}.".startswith(f"{version}.")


nox.virtualenv.ALL_VENVS["pinned"] = lambda _, **options: Pinned(**options)
nox.options.default_venv_backend = "pinned"
nox.options.sessions = [f"tests-{THIS}"]
nox.options.error_on_missing_interpreters = False


interrupted = False


def interrupt(*_: object) -> None:
    """Have nox end what it runs, on Ctrl-C or SIGTERM; a second one would keep it from waiting."""
    global interrupted
    interrupted = True
    for number in signal.SIGINT, signal.SIGTERM:
        signal.signal(number, lambda *_: None)
    raise KeyboardInterrupt


for number in signal.SIGINT, signal.SIGTERM:
    signal.signal(number, interrupt)
if sys.platform != "win32":
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])  # `run_nox` had it wait until here


def go_on() -> None:
    """Raise KeyboardInterrupt if there was one: nox goes on if the command then ended well."""
    if interrupted:
        raise KeyboardInterrupt


def prepare(folder: Path, python: str = "", version: str = "", group: str | None = None) -> None:
    """Set up an environment, if need be. Raises CommandFailed, after it has told why."""
    go_on()
    try:
        environments.prepare(folder, python, version, group)
    except environments.Failed as error:
        print(error)
        raise nox.command.CommandFailed from error


def run(session: nox.Session, *command: str, **options: Any) -> None:
    """Run a command; Ctrl-C leaves it the time to end what it has started (in seconds)."""
    go_on()
    session.run(*command, interrupt_timeout=3, terminate_timeout=30, **options)


def run_programs(session: nox.Session, command: str, *, many: bool = True) -> None:
    """Run a command of the harness; if it runs many programs, compile first what they import."""
    if many:
        go_on()
        environments.compile_packages(Path(session.virtualenv.location))
    run(session, "python", "-m", "tests.harness", command, *session.posargs)


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run every program and snippet of the site, and compare what it prints."""
    run_programs(session, "tests", many=not any(a.startswith("-k") for a in session.posargs))


@nox.session
def large(session: nox.Session) -> None:
    """Run a page whose package is too large for the other environments: `-- ray`."""
    group, *options = session.posargs or [""]
    if group not in LARGE:
        session.error(f"Name one of these, as in `nox -s large -- {LARGE[0]}`: {', '.join(LARGE)}")
    folder = environments.OTHERS / group
    prepare(folder, group=group)
    line = [str(environments.program(folder)), "-m", "tests.harness", "tests", "-k", f"[{group}"]
    run(session, *line, *options, external=True)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site, strictly; with `-- serve`, show it and follow changes."""
    run(session, "python", "-m", "mkdocs", *(session.posargs or ["build", "--strict"]))


@nox.session
def lint(session: nox.Session) -> None:
    """Check all but what programs do; with `-- --fix`, fix what can be fixed."""
    fix = "--fix" in session.posargs
    places = ["examples/[!_.]*/[!_]*.py", "docs/_template/*/*.py"]
    programs = [str(path) for place in places for path in Path().glob(place)]
    for files in ["."], ["--line-length", "72", *programs]:
        run(session, "ruff", "check", *(["--fix"] if fix else []), *files)
        run(session, "ruff", "format", *([] if fix else ["--check"]), *files)
    run(session, "mypy")
    costs = [str(path) for path in Path("examples/costs").glob("_*.py")]
    run(session, "mypy", "--follow-imports=silent", *costs, env={"MYPYPATH": "examples/costs"})
    run(session, "typos", *(["--write-changes"] if fix else []))
    run(session, "rumdl", "check", *(["--fix"] if fix else []), ".")
    run(session, "zizmor", "--offline", "--quiet", ".")
    run(session, "python", "-m", "pytest", "-n0", "tests/test_contract.py", "-k", "sources")
    with tempfile.TemporaryDirectory() as site:
        run(session, "python", "-m", "mkdocs", "build", "--strict", "--site-dir", site)
        links = ["--offline", "--include-fragments", "--index-files", "index.html"]
        links += ["--root-dir", site, "--no-ignore", "--hidden", "--extensions", "html"]
        run(session, "lychee", *links, site)


@nox.session
def new(session: nox.Session) -> None:
    """Make a new page, with programs that work: `-- pitfalls/lost-update`."""
    run(session, "python", "-m", "tests.harness", "new", *session.posargs)


@nox.session
def watch(session: nox.Session) -> None:
    """On each save, run what it touches, and show the difference to what is recorded."""
    run(session, "python", "-m", "tests.harness", "watch", *session.posargs)


@nox.session
def update(session: nox.Session) -> None:
    """Record outputs anew, of all pages or of those named: `-- race`, `-- race/fixed`."""
    run_programs(session, "update", many=not session.posargs)


@nox.session(python=PYTHONS)
def mutate(session: nox.Session) -> None:
    """Change each recorded output by a character, and see that the tests notice."""
    run_programs(session, "mutate", many=not session.posargs)


@nox.session(python=PYTHONS)
def faults(session: nox.Session) -> None:
    """Put one fault at a time into programs, all or those named, and tell what they do."""
    run_programs(session, "faults", many=not session.posargs)


@nox.session
def programs(session: nox.Session) -> None:
    """Run programs on any Python, such as a free-threaded one: `-- python3.13t queue`."""
    run_programs(session, "programs")


@nox.session(python=PYTHONS)
def soak(session: nox.Session) -> None:
    """Run the tests again and again on a busy machine in changing surroundings: `-- 10`."""
    run_programs(session, "soak")


@nox.session
def coverage(session: nox.Session) -> None:
    """Measure which lines and branches of the harness its tests run; all, or it fails."""
    runs = "claims", "faults", "fragments", "programs"
    others = [f"--ignore=tests/test_{name}.py" for name in runs]
    run(session, "python", "-m", "pytest", "--cov", "--cov-report=term", *others, *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure what the harness adds to the time of the programs and of the build."""
    run_programs(session, "bench")


@nox.session
def costs(session: nox.Session) -> None:
    """Measure quickly what sharing costs, and check the relations that the site states."""
    with tempfile.TemporaryDirectory() as folder:
        results = str(Path(folder, "costs.json"))
        run(session, "python", "examples/costs", "measure", "--quick", "-o", results)
        run(session, "python", "examples/costs", "check", results)


@nox.session
def light(session: nox.Session) -> None:
    """Tell what the pages weigh, what axe-core finds, how Lighthouse scores: `-- syntax/queue`."""
    folder = environments.OTHERS / "light"
    folder.mkdir(parents=True, exist_ok=True)
    for name in "package.json", "package-lock.json":
        shutil.copy(Path(".ci/light", name), folder)
    run(session, "npm", "ci", "--ignore-scripts", "--prefix", str(folder), external=True)
    run(session, "python", ".ci/light/measure.py", str(folder), *session.posargs)


@nox.session
def lock(session: nox.Session) -> None:
    """Pin the newest versions, with their hashes, in requirements.txt and those of the groups."""
    options = ["--universal", "--python-version", PYTHONS[0], "--upgrade", "--generate-hashes"]
    options += ["--no-emit-index-url", "--no-emit-find-links", "--quiet", "--no-config"]
    options += ["--custom-compile-command", "nox -s lock"]
    env = {**dict.fromkeys(os.environ), **environments.uv_environment()}
    with tempfile.TemporaryDirectory() as folder, session.chdir(folder):
        # uv leaves alone what pyproject.toml says, see there, except for this part of it
        groups = {name: nox.project.dependency_groups(PYPROJECT, name) for name in ["dev", *LARGE]}
        listed = [f"{name} = {json.dumps(group)}\n" for name, group in groups.items()]
        Path("pyproject.toml").write_text("".join(["[dependency-groups]\n", *listed]), "utf-8")
        for name in groups:
            pins = environments.pins(name if name in LARGE else None)[-1]
            into = ["--group", name, "--output-file", str(pins)]
            if name in LARGE:  # what both pin has one version
                shutil.copy(environments.PINS, folder)
                into += ["--constraints", environments.PINS.name]
            run(session, "uv", "pip", "compile", *options, *into, *session.posargs, env=env)
