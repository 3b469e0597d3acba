"""What can be done with this repository; `python noxfile.py --list` lists it.

Run as a script it needs nothing but Python: it sets up nox in `.venv` first.
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    import importlib.util
    import signal
    import subprocess
    import venv

    if sys.version_info < (3, 11):  # noqa: UP036
        sys.exit("This needs Python 3.11 or later.")
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit("This Python comes without venv. On Debian and Ubuntu: apt install python3-venv")
    folder = Path(__file__).parent
    python = folder / ".venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        venv.create(folder / ".venv", with_pip=True)
    pins: list[str | Path] = ["--quiet", "--require-hashes", "-r", folder / "requirements.txt"]
    subprocess.run([python, "-m", "pip", "install", *pins], check=True)
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is for nox, which ends by it
    nox_command: list[str | Path] = [python, "-m", "nox", "--noxfile", __file__, *sys.argv[1:]]
    sys.exit(subprocess.run(nox_command).returncode)

import nox

PYTHONS = ["3.11", "3.12", "3.13", "3.14", "3.15"]
THIS = f"{sys.version_info.major}.{sys.version_info.minor}"
ENVIRONMENT = {
    "UV_COMPILE_BYTECODE": "1",  # as pip does; workers start faster
    "UV_SYSTEM_CERTS": "1",  # as pip does; trust what this machine trusts
    # Two banners about the future of MkDocs, of which this project knows.
    "NO_MKDOCS_2_WARNING": "1",
    "DISABLE_MKDOCS_2_WARNING": "true",
}

nox.options.sessions = [f"tests-{THIS}"]
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False
nox.options.reuse_venv = "yes"


def install(session: nox.Session) -> None:
    """Install what requirements.txt pins, and nothing else."""
    session.env.update(ENVIRONMENT)
    session.install("--quiet", "--require-hashes", "-r", "requirements.txt")


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run every program and snippet of the site, and compare what it prints."""
    install(session)
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site, strictly; with `-- serve`, show it and follow changes."""
    install(session)
    session.run("python", "-m", "mkdocs", *(session.posargs or ["build", "--strict"]))


@nox.session
def lint(session: nox.Session) -> None:
    """Check all but what programs do; with `-- --fix`, mend what can be mended."""
    install(session)
    fix = "--fix" in session.posargs
    places = ["examples/[!_.]*/[!_]*.py", "docs/_template/*/*.py"]
    programs = [str(path) for place in places for path in Path().glob(place)]
    for files in ["."], ["--line-length", "72", *programs]:
        session.run("ruff", "check", *(["--fix"] if fix else []), *files)
        session.run("ruff", "format", *([] if fix else ["--check"]), *files)
    session.run("mypy")
    costs = [str(path) for path in Path("examples/costs").glob("*.py")]
    session.run("mypy", *costs, env={"MYPYPATH": "examples/costs"})
    session.run("typos", *(["--write-changes"] if fix else []))
    session.run("rumdl", "check", *(["--fix"] if fix else []), ".")
    session.run("zizmor", "--offline", "--quiet", ".")
    session.run("python", "-m", "pytest", "-n0", "tests/test_contract.py", "-k", "sources")
    site = str(Path(session.create_tmp(), "site").resolve())
    session.run("python", "-m", "mkdocs", "build", "--strict", "--site-dir", site)
    links = ["--offline", "--include-fragments", "--index-files", "index.html", "--root-dir", site]
    session.run("lychee", *links, "--no-ignore", "--hidden", "--extensions", "html", site)


@nox.session
def new(session: nox.Session) -> None:
    """Make a new page, with programs that work: `-- pitfalls/lost-update`."""
    install(session)
    session.run("python", "-m", "tests.harness.new", *session.posargs)


@nox.session
def watch(session: nox.Session) -> None:
    """On each save, run what it touches, and show the difference to what is recorded."""
    install(session)
    session.run("python", "-m", "tests.harness.watch", *session.posargs)


@nox.session
def update(session: nox.Session) -> None:
    """Record outputs anew, of all pages or of those named: `-- race`, `-- race/fixed`."""
    install(session)
    session.run("python", "-m", "tests.harness.update", *session.posargs)


@nox.session(python=PYTHONS)
def mutate(session: nox.Session) -> None:
    """Change each recorded output by a character, and see that the tests notice."""
    install(session)
    session.run("python", "-m", "tests.harness.mutate", *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Measure which lines and branches of the harness its tests run; all, or it fails."""
    install(session)
    others = ["--ignore=tests/test_programs.py", "--ignore=tests/test_fragments.py"]
    session.run("python", "-m", "pytest", "--cov", "--cov-report=term", *others, *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure what the harness adds to the time of the programs and of the build."""
    install(session)
    session.run("python", "-m", "tests.harness.bench", *session.posargs)


@nox.session
def costs(session: nox.Session) -> None:
    """Measure quickly what sharing costs, and check the relations that the site states."""
    install(session)
    results = Path(session.create_tmp(), "costs.json")
    results.unlink(missing_ok=True)
    session.run("python", "examples/costs", "measure", "--quick", "-o", str(results))
    session.run("python", "examples/costs", "check", str(results))


@nox.session
def lock(session: nox.Session) -> None:
    """Pin the newest versions, with their hashes, in requirements.txt."""
    install(session)
    session.run(
        "uv", "pip", "compile", "--universal", "--python-version", PYTHONS[0], "--upgrade",
        "--generate-hashes", "--group", "dev", "--output-file", "requirements.txt",
        "--no-emit-index-url", "--no-emit-find-links",
        "--custom-compile-command", "nox -s lock", "--quiet", *session.posargs,
    )  # fmt: skip
