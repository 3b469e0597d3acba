"""Tests of the set-up: what requirements.txt pins is installed, and nothing else counts."""

import hashlib
import importlib.util
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from uv import find_uv_bin

ROOT = Path(__file__).parents[1]
PYTHON = str(getattr(sys, "_base_executable", sys.executable))
MOMENTS = int(os.environ.get("INTERRUPT_MOMENTS", "0"))
SET_UP = "from tests.harness.run import environments; environments.run_nox('noxfile.py', [])"

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("ensurepip") is None, reason="this Python comes without venv"
)


class Index(SimpleHTTPRequestHandler):
    """Serves the files of a package index; holds those back that have the word `held`."""

    held = ""
    asked = threading.Event()
    free = threading.Event()

    def do_GET(self) -> None:
        """Serve a file, once it is let go."""
        if self.held and self.path.endswith(".whl") and self.held in self.path:
            self.asked.set()
            self.free.wait(60)
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package index: uv, a nox that needs a package with an extra, and two releases of that."""
    index = tmp_path_factory.mktemp("index")
    version = re.findall(r"^uv==(\S+)", (ROOT / "requirements.txt").read_text("utf-8"), re.M)[0]
    needs = "Requires-Dist: needed[extra]>=1"
    wheel(index, "uv", version, {f"uv-{version}.data/scripts/uv": Path(find_uv_bin()).read_bytes()})
    wheel(index, "nox", "1.0", {"nox.py": b"print('nox ran')"}, needs)
    wheel(index, "needed", "1.0", {"needed.py": b""}, "Provides-Extra: extra")
    wheel(index, "needed", "2.0", {"needed.py": b""}, "Provides-Extra: extra")
    return index


def wheel(index: Path, name: str, version: str, files: dict[str, bytes], more: str = "") -> None:
    """Write a wheel into the folder of its project."""
    info = f"{name}-{version}.dist-info"
    head = f"Metadata-Version: 2.1\nName: {name}"
    files = files | {
        f"{info}/METADATA": f"{head}\nVersion: {version}\n{more}".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": b"",
    }
    (index / name).mkdir(exist_ok=True)
    with zipfile.ZipFile(index / name / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path)
            entry.external_attr = 0o100755 << 16  # a program, too, can be started
            archive.writestr(entry, content)


@pytest.fixture
def index(wheels: Path) -> Iterator[str]:
    """The address of the index."""
    Index.held = ""
    Index.asked.clear()
    Index.free.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Index, directory=str(wheels)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    Index.free.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def project(tmp_path: Path, wheels: Path) -> Path:
    """A project that pins the older release of what it needs."""
    folder = tmp_path / "a project"
    (folder / "tests/harness/run").mkdir(parents=True)
    shutil.copy(ROOT / "tests/harness/run/environments.py", folder / "tests/harness/run")
    pins = []
    for path in sorted(wheels.glob("*/*.whl")):
        name, version = path.name.split("-")[:2]
        if version != "2.0":
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            pins.append(f"{name}=={version} \\\n    --hash=sha256:{digest}\n    # via test\n")
    (folder / "requirements.txt").write_text("".join(pins), "utf-8")
    return folder


def variables(project: Path, **more: str) -> dict[str, str]:
    """Those of this process without what directs pip and uv; with folders of their own."""
    env = {n: v for n, v in os.environ.items() if not n.startswith(("PIP_", "UV_", "PYTHON"))}
    own = {"HOME": str(project.parent), "XDG_CONFIG_HOME": str(project.parent / "config")}
    return env | own | {"PIP_CONFIG_FILE": os.devnull, "NO_PROXY": "127.0.0.1"} | more


def hostile(project: Path, index: str, place: str) -> dict[str, str]:
    """Variables and files that would change or break an installation, if they counted.

    The index is told by the setting that counts most, in a place: a file, or a variable.
    """
    (project.parent / "pip.py").write_text("raise SystemExit('not pip')", "utf-8")
    (project.parent / "uv.toml").write_text("offline = true\nno-index = true\n", "utf-8")
    config = project.parent / "pip.conf"
    config.write_text(
        f"[global]\nindex-url = {index}/no\nextra-index-url = {index}/other\nquiet = 3\n"
        "use-feature = one-of-a-newer-pip\nversion = true\ntimeout = 50\n"
        "constraint = /nowhere/constraints.txt\nuser = true\nno-binary = :all:\ndry-run = true\n"
        "[install]\ntarget = /nowhere\nrequire-hashes = false\nno-index = true\n"
        f"index-url = {index}{'' if place == 'file' else '/no'}\n",
        "utf-8",
    )
    pip = {
        "CONFIG_FILE": str(config), "CONSTRAINT": "/nowhere/constraints.txt", "DRY_RUN": "1",
        "EXTRA_INDEX_URL": f"{index}/more", "FIND_LINKS": "/nowhere", "IGNORE_INSTALLED": "1",
        "LOG": "/nowhere/log", "NO_BINARY": ":all:", "NO_DEPS": "0", "NO_INDEX": "1",
        "ONLY_BINARY": ":none:", "PLATFORM": "plan9", "PREFIX": "/nowhere", "PRE": "1",
        "PYTHON": "/nowhere/python", "PYTHON_VERSION": "2.7", "QUIET": "3", "ROOT": "/nowhere",
        "REQUIRE_VIRTUALENV": "1", "REQUIREMENT": "/nowhere/requirements.txt",
        "TARGET": "/nowhere", "UPGRADE": "1", "UPLOADED_PRIOR_TO": "2000-01-01", "USER": "1",
    }  # fmt: skip
    uv = {
        "BREAK_SYSTEM_PACKAGES": "1", "BUILD_CONSTRAINT": "/nowhere", "CONFIG_FILE": "/nowhere",
        "CONSTRAINT": "/nowhere", "EXCLUDE_NEWER": "2000-01-01", "EXTRA_INDEX_URL": "/nowhere",
        "FIND_LINKS": "/nowhere", "INDEX": f"{index}/other", "NO_BINARY": "1", "NO_INDEX": "1",
        "OFFLINE": "1", "OVERRIDE": "/nowhere", "PRERELEASE": "allow", "PYTHON": "2.7",
        "REQUIRE_HASHES": "0", "RESOLUTION": "lowest", "SYSTEM_PYTHON": "1", "VENV_CLEAR": "0",
        "WORKING_DIR": "/nowhere", "PROJECT_ENVIRONMENT": "/nowhere",
    }  # fmt: skip
    return {
        **{f"PIP_{name}": value for name, value in pip.items()},
        **{f"UV_{name}": value for name, value in uv.items()},
        **({"PIP_INDEX_URL": index} if place == "variable" else {}),
        "PYTHONPATH": str(project.parent),
        "XDG_CONFIG_HOME": str(project.parent),
        "VIRTUAL_ENV": "/nowhere",
    }


def command(code: str = SET_UP) -> list[str]:
    """Runs code with the modules of the current folder; by default, the set-up."""
    return [PYTHON, "-c", f"import sys; sys.path.insert(0, '.'); {code}"]


def set_up(project: Path, env: dict[str, str], code: str = SET_UP) -> str:
    """Set up the project, and run its nox; give what was printed."""
    done = subprocess.run(command(code), cwd=project, env=env, text=True, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def installed(project: Path) -> set[str]:
    """What is installed in the environment of the project, without pip itself."""
    found = {path.name.removesuffix(".dist-info") for path in project.glob(".venv/**/*.dist-info")}
    return {name for name in found if not name.startswith(("pip-", "setuptools-", "uv-"))}


@pytest.mark.parametrize("place", ["file", "variable"])
def test_user_settings_change_nothing(project: Path, index: str, place: str) -> None:
    env = variables(project, **hostile(project, index, place))
    told = set_up(project, env)
    assert "Setting up .venv, once, for Python" in told and told.endswith("nox ran\n")
    assert installed(project) == {"nox-1.0", "needed-1.0"}
    assert set_up(project, env) == "nox ran\n"  # and nothing is done again
    pins = project / "requirements.txt"
    parts = re.split(r"(?m)^(?=\w)", pins.read_text("utf-8"))
    pins.write_text("".join(part for part in parts if not part.startswith("needed")), "utf-8")
    assert "venv" not in set_up(project, env).partition("minutes: ")[2]
    assert installed(project) == {"nox-1.0"}


def test_a_group_has_an_environment_of_its_own(project: Path, index: str) -> None:
    pins = project / "requirements.txt"
    parts = re.split(r"(?m)^(?=\w)", pins.read_text("utf-8"))
    pins.write_text("".join(part for part in parts if not part.startswith("needed")), "utf-8")
    more = "".join(part for part in parts if part.startswith(("needed", "nox")))
    (project / "requirements-more.txt").write_text(more, "utf-8")
    env = variables(project, PIP_INDEX_URL=index)
    set_up(project, env)
    assert installed(project) == {"nox-1.0"}
    prepare = "environments.prepare(environments.OTHERS / 'more', group='more')"
    code = f"{SET_UP.partition('; ')[0]}; {prepare}"
    assert "Setting up .nox/more, once" in set_up(project, env, code)
    assert [path.name for path in project.glob(".nox/more/**/needed-*")] == ["needed-1.0.dist-info"]
    assert set_up(project, env, code) == ""  # and nothing is done again


def test_packages_are_compiled_for_many_programs(project: Path, index: str) -> None:
    env = variables(project, PIP_INDEX_URL=index)
    set_up(project, env)
    packages = next(project.glob(".venv/lib*/**/site-packages"))
    compile_packages = SET_UP.partition("; ")[0] + "; environments.compile_packages({})"
    set_up(project, env, compile_packages.format("environments.MAIN"))
    assert list(packages.glob("__pycache__/needed.*.pyc"))
    set_up(project, env, compile_packages.format("environments.ROOT / 'nowhere'"))  # goes on


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="pip 23.0.1 does not run on this Python")
def test_oldest_pip(project: Path, index: str) -> None:
    old = project.parent / "old"
    subprocess.run([PYTHON, "-m", "venv", old], check=True)
    download: list[str | Path] = [
        old / "bin" / "python",
        "-m",
        "pip",
        "download",
        "-q",
        "--no-deps",
        "-d",
        old,
    ]
    if subprocess.run([*download, "pip==23.0.1"], capture_output=True).returncode:
        pytest.skip("pip 23.0.1 cannot be fetched; is there a network?")
    old_pip = next(old.glob("pip-*.whl"))
    code = (
        "import subprocess\n"
        "from tests.harness.run import environments\n"
        "new = environments.bootstrap\n"
        "def bootstrap(folder):\n"
        "    pip = [environments.program(folder), '-m', 'pip', 'install', '--no-index']\n"
        f"    subprocess.run([*pip, '--quiet', {str(old_pip)!r}], check=True)\n"
        "    new(folder)\n"
        "environments.bootstrap = bootstrap; "
    )
    set_up(project, variables(project, PIP_INDEX_URL=index), code + SET_UP.partition("; ")[2])
    assert installed(project) == {"nox-1.0", "needed-1.0"}
    assert list(project.glob(".venv/**/pip-23.0.1.dist-info"))


def no_pip(project: Path) -> None:
    """As where the set-up was interrupted."""
    for path in project.glob(".venv/lib/*/site-packages/pip*"):
        shutil.rmtree(path)
    (project / ".venv" / "installed.txt").unlink()


def no_python(project: Path) -> None:
    """As where the Python that it was made of is gone."""
    for path in (project / ".venv" / "bin").glob("python*"):
        path.unlink()
        path.symlink_to("/nowhere/python3")


def a_file(project: Path) -> None:
    """As after a mistake."""
    (project / ".venv").touch()


@pytest.mark.skipif(sys.platform == "win32", reason="it breaks what is in bin/")
def test_broken_is_set_up_again(project: Path, index: str) -> None:
    env = variables(project, PIP_INDEX_URL=index)
    for break_it in a_file, no_pip, no_python:
        break_it(project)
        assert "done in" in set_up(project, env)
        assert installed(project) == {"nox-1.0", "needed-1.0"}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it reads /proc")
@pytest.mark.parametrize(
    "moment, number",
    [("venv", signal.SIGINT), ("uv-", signal.SIGTERM), ("needed-", signal.SIGINT)],
)
def test_interrupted(project: Path, index: str, moment: str, number: int) -> None:
    Index.held = moment
    temporary = project.parent / "temporary"
    temporary.mkdir()
    env = variables(project, PIP_INDEX_URL=index, TMPDIR=str(temporary))
    with subprocess.Popen(command(), cwd=project, env=env, stdout=subprocess.PIPE) as process:
        assert process.stdout
        told = b""
        while not told.endswith(b"venv ..."):
            told += process.stdout.read(1)
        if moment != "venv":
            assert Index.asked.wait(100)
        process.send_signal(number)
        told += process.stdout.read()
    assert process.returncode == 128 + number
    assert told.endswith(b"Stopped; nothing runs on. The next run starts the set-up again.\n")
    assert not running(project)
    assert not (project / ".venv" / "installed.txt").exists()
    assert list(temporary.iterdir()) == []


@pytest.mark.skipif(not MOMENTS, reason="takes long; see test_harness_interrupts.py")
def test_interrupted_at_any_moment(project: Path, index: str) -> None:
    """What is left behind does not keep the next run from setting up."""
    env = variables(project, PIP_INDEX_URL=index)
    start = time.monotonic()
    set_up(project, env)
    seconds = time.monotonic() - start
    heard = 0
    for moment in range(MOMENTS):
        shutil.rmtree(project / ".venv")
        with subprocess.Popen(
            command(), cwd=project, env=env, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        ) as process:  # fmt: skip
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds * (moment + 0.5) / MOMENTS)
            number = [signal.SIGINT, signal.SIGTERM][moment % 2]
            process.send_signal(number)
            told, _ = process.communicate(timeout=30)
        print(f"{number.name} at {moment}: {told.splitlines()[-1:]}")
        heard += "Stopped; nothing runs on." in told
        assert process.returncode in (0, 128 + number, -number)
        assert not running(project)
        assert "done in" in set_up(project, env) or process.returncode == 0
        assert installed(project) == {"nox-1.0", "needed-1.0"}
    assert heard > MOMENTS / 2, "it had ended before"


def running(project: Path) -> list[bytes]:
    """The command lines of processes that name the project."""
    lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    return [line for line in lines if str(project).encode() in line]


def test_uv_run_leaves_the_checkout(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "program.py").write_text("print('ran')", "utf-8")
    command = [find_uv_bin(), "run", "--offline", "--python", sys.executable, "program.py"]
    done = subprocess.run(command, cwd=tmp_path, env=variables(tmp_path), capture_output=True)
    assert done.stdout.decode().strip() == "ran", done.stderr.decode()
    assert {path.name for path in tmp_path.iterdir()} == {"pyproject.toml", "program.py"}


def test_the_lock_is_complete() -> None:
    check = [find_uv_bin(), "pip", "check", "--python", sys.executable]
    done = subprocess.run(check, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    pins = (ROOT / "requirements.txt").read_text("utf-8")
    of_group = (ROOT / "requirements-ray.txt").read_text("utf-8")
    parts = [re.split(r"(?m)^(?=\w)", text)[1:] for text in (pins, of_group)]
    versions = [{part.split(" ")[0] for part in some} for some in parts]
    names = [{version.split("==")[0] for version in some} for some in versions]
    assert len(versions[0] & versions[1]) == len(names[0] & names[1])  # one version in both
    for pin in [*parts[0], *parts[1]]:
        assert re.match(r"[a-z0-9-]+==\S+( ; .+)? \\\n +--hash=sha256:", pin), pin


def test_a_module_of_the_user_is_not_taken_for_pythons_own(tmp_path: Path) -> None:
    theirs, ours = tmp_path / "theirs", tmp_path / "ours" / "tests" / "harness" / "run"
    theirs.mkdir()
    (theirs / "platform.py").write_text("raise SystemExit('not meant')", "utf-8")
    ours.mkdir(parents=True)
    code = "import platform\ndef run_nox(*_): raise SystemExit(platform.system())\n"
    (ours / "environments.py").write_text(code, "utf-8")
    noxfile = shutil.copy(ROOT / "noxfile.py", tmp_path / "ours")
    env = os.environ | {"PYTHONPATH": str(theirs)}
    told = subprocess.run([sys.executable, noxfile], env=env, capture_output=True, text=True)
    assert told.stderr == f"{platform.system()}\n"
