"""`python -m examples` lists and runs the programs of the site."""

import errno
import functools
import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from examples import _command as command
from examples import _inline, _interrupts, _pipe
from tests.test_harness_site import PAGE, RACE, TABS, make, make_with_harness

METHOD = "from multiprocessing import get_start_method\nprint(get_start_method())\n"
NEEDS = '# dependencies = ["lost >= 2", "sys"]\n# [tool.examples]\n# commands = ["gone"]'
HANGS = PAGE.replace("fixed", "hangs").replace('"Output"', '"Output, still running after 1 s"')
SOME = TABS.replace("fixed", "some").replace('"Output"', '"Output, still running after 2 s"', 1)
FILES = {
    RACE: PAGE + HANGS + PAGE.partition("```text")[0].replace("fixed", "some") + SOME,
    "examples/race/fixed.py": f'"""Add with a lock."""\n\n{METHOD}',
    "examples/race/hangs.py": '"""Wait for ever."""\n\nprint(4)\nwhile True: pass\n',
    "examples/race/some.py": '"""Wait under one start method."""\n',
    "examples/race/prints.py": '"""Print for ever."""\n\nwhile True: print(4)\n',
    "examples/race/fails.py": '"""Fail."""\n\nraise SystemExit(3)\n',
    "examples/race/needs.py": f'# /// script\n{NEEDS}\n# ///\n"""Need."""\n',
    "examples/race/leaves.py": '"""Leave a file."""\n\nopen("left", "w").close()\n',
}
posix = pytest.mark.skipif(sys.platform == "win32", reason="about pipes and signals of POSIX")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs in place of the real ones."""
    page = FILES[RACE].format("fork", "forkserver and spawn")
    monkeypatch.setattr(command, "FOLDER", make(tmp_path, FILES | {RACE: page}) / "examples")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["examples", *arguments])
    return command.main()


def test_it_lists_what_cannot_be_parsed(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (command.FOLDER / "race" / "broken.py").write_text("print(4", "utf-8")
    assert run(monkeypatch) == 0
    assert "race/broken  (a syntax error in line 1)" in capfd.readouterr().out


@pytest.mark.parametrize(
    "words, names",
    [
        ([], ["fails", "fixed", "hangs", "leaves", "needs", "prints", "some"]),
        (["list"], ["fails", "fixed", "hangs", "leaves", "needs", "prints", "some"]),
        (["list", "ever"], ["hangs", "prints"]),
        (["list", "WAIT", "for"], ["hangs"]),
        (["list", "race/f"], ["fails", "fixed"]),
        (["list", "lost"], []),
    ],
)
def test_it_lists_those_with_the_words(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    words: list[str],
    names: list[str],
) -> None:
    assert run(monkeypatch, *words) == (0 if names else 1)
    told = capfd.readouterr()
    assert [line.split()[0] for line in told.out.splitlines()] == [f"race/{n}" for n in names]
    assert ("No program has lost in its name or description" in told.err) == (not names)


def test_it_lists_descriptions(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch) == 0
    assert capfd.readouterr().out.splitlines()[1:3] == [
        "race/fixed   Add with a lock.",
        "race/hangs   Wait for ever.",
    ]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("race/fixed", id="name"),
        pytest.param("race/fixed.py", id="file"),
        pytest.param("examples/race/fixed.py", id="path"),
    ],
)
@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_it_runs_one(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], name: str, method: str
) -> None:
    assert run(monkeypatch, name, "--start-method", method) == 0
    assert capfd.readouterr() == (f"{method}\n", "")


@pytest.mark.parametrize(
    "arguments, status, told",
    [
        pytest.param(
            ["race/fixd"], 2, "No program 'race/fixd'. Did you mean race/fixed", id="near"
        ),
        pytest.param(
            ["ever"], 2, "'ever'. `python -m examples list ever` lists 2 with this word.", id="word"
        ),
        pytest.param(
            ["zzz"], 2, "No program 'zzz'. `python -m examples` lists them all.", id="unknown"
        ),
        pytest.param(
            ["race/needs"], 2, "race/needs needs lost: install with `python", id="dependency"
        ),
        pytest.param(["race/needs"], 2, "race/needs needs gone: install with the", id="command"),
        pytest.param(["race/fails"], 3, "[race/fails: exit status 3]", id="fails"),
        pytest.param(["race/leaves"], 0, "[race/leaves left a file behind: left]", id="leaves"),
        pytest.param(
            ["race/prints", "--time-limit", "0.5"],
            1,
            "[race/prints: still running after 0.5 s]",
            id="does not end",
        ),
        pytest.param(
            ["race/hangs"],
            1,
            "[race/hangs hangs by design: it is watched for 1 s, then stopped]\n"
            "[race/hangs: still running after 1 s]\n",
            id="hangs by design",
        ),
        pytest.param(
            ["race/hangs", "--time-limit", "0.5"],
            1,
            "[race/hangs hangs by design: it is watched for 0.5 s, then stopped]\n"
            "[race/hangs: still running after 0.5 s]\n",
            id="hangs by design, for less long",
        ),
    ],
)
def test_it_tells_what_went_wrong(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    told: str,
) -> None:
    assert run(monkeypatch, *arguments) == status
    assert told in capfd.readouterr().err


@posix
def test_a_command_may_be_outside_of_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """As PostgreSQL's commands are on Debian, in a folder by version, which is not on PATH."""
    needs = command.FOLDER / "race" / "needs.py"
    needs.write_text('# /// script\n# [tool.examples]\n# commands = ["postgres"]\n# ///\n')
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(_inline, "OUTSIDE_PATH", (str(tmp_path / "lib" / "*" / "bin"),))
    assert run(monkeypatch, "race/needs") == 2
    told = capfd.readouterr().err
    assert "race/needs needs postgres: install" in told
    assert "`apt install postgresql`" in told
    found = tmp_path / "lib" / "17" / "bin" / "postgres"
    found.parent.mkdir(parents=True)
    found.touch(mode=0o755)
    assert run(monkeypatch, "race/needs") == 0


@pytest.mark.parametrize(("version", "status"), [("3.11", 0), ("3.99", 2)])
def test_a_program_may_need_a_newer_python(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], version: str, status: int
) -> None:
    needs = command.FOLDER / "race" / "needs.py"
    needs.write_text(f'# /// script\n# requires-python = ">={version}"\n# ///\n')
    assert run(monkeypatch, "race/needs") == status
    told = "race/needs needs Python 3.99 or later: run it with that, or let uv find one"
    assert (told in capfd.readouterr().err) == bool(status)


@posix
@pytest.mark.parametrize("status", [0, 1])
def test_a_command_may_not_be_permitted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """As `unshare` is not in many containers, where it fails."""
    unshare = tmp_path / "unshare"
    unshare.write_text(f"#!/bin/sh\nexit {status}\n")
    unshare.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    source = '# /// script\n# [tool.examples]\n# commands = ["unshare"]\n# ///\n'
    assert _inline.missing(source) == ([], ["unshare"] * status)
    assert not _inline.permitted(str(tmp_path / "not there"))


@pytest.mark.parametrize("limit", ["0", "-1", "nan", "inf", "-inf", "1e999", "soon", ""])
def test_a_time_limit_is_a_number_above_0(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], limit: str
) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(monkeypatch, "race/fixed", f"--time-limit={limit}")
    told = capfd.readouterr().err
    assert f"argument --time-limit: {limit!r} is not a number of seconds above 0" in told


def test_it_runs_one_program_at_a_time(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(monkeypatch, "race/fixed", "race/fails")
    assert "name one program; or write `list`" in capfd.readouterr().err


@pytest.mark.parametrize(
    "name, method, limit",
    [
        ("race/hangs", "spawn", 1),
        ("race/fixed", "spawn", None),
        ("race/some", "fork", 2),
        ("race/some", "spawn", None),
        ("lost/some", "spawn", None),
    ],
)
def test_the_limit_is_that_of_the_page(name: str, method: str, limit: int | None) -> None:
    assert command.limit_on_page(name, method) == limit


def test_words_that_are_not_understood_are_no_limit(tmp_path: Path) -> None:
    make(tmp_path, {RACE: HANGS.replace("still", "perhaps still")})
    assert command.limit_on_page("race/hangs", "spawn") is None


@contextmanager
def piped() -> Iterator[int]:
    """A pipe in place of standard output and standard error; the end to read from."""
    source, sink = os.pipe()
    real = {stream: os.dup(stream) for stream in (1, 2)}
    for stream in real:
        os.dup2(sink, stream)
    os.close(sink)
    try:
        yield source
    finally:
        for stream, was in real.items():
            os.dup2(was, stream)
            os.close(was)


@posix
def test_what_is_printed_into_a_pipe_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with piped() as source:
        assert run(monkeypatch, "race/fixed", "--start-method", "spawn") == 0
    assert os.read(source, 100) == b"spawn\n"


@posix
def test_a_program_ends_with_the_reader_of_its_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with piped() as source:
            os.close(source)
            with pytest.raises(_pipe.ReaderLeft):
                run(monkeypatch, "race/prints", "--time-limit", "20")
    finally:
        signal.signal(signal.SIGTERM, before)


@posix
def test_an_interrupt_while_a_pipe_is_read_is_one() -> None:
    with piped(), pytest.raises(KeyboardInterrupt), _pipe.passed_on():
        raise KeyboardInterrupt


@posix
def test_nothing_more_is_written_after_the_reader_has_left() -> None:
    with piped() as source:
        os.close(source)
        _pipe.close_quietly()
        assert os.write(1, b"4") == os.write(2, b"4") == 1


def test_to_import_the_command_runs_nothing() -> None:
    before = signal.getsignal(signal.SIGINT)
    runpy.run_module("examples.__main__", run_name="other")
    assert signal.getsignal(signal.SIGINT) is before


@pytest.fixture
def handlers() -> Iterator[None]:
    """Handlers of signals that a test may change, as before it."""
    before = {number: signal.getsignal(number) for number in signal.valid_signals()}
    yield
    _interrupts.received = 0
    for number, handler in before.items():
        if signal.getsignal(number) is not handler:
            signal.signal(number, handler)


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("ignored", [False, True])
def test_ctrl_c_works_at_the_end_unless_it_was_ignored(
    monkeypatch: pytest.MonkeyPatch, ignored: bool
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN if ignored else signal.default_int_handler)
    monkeypatch.setattr(command, "main", lambda: 0)
    with pytest.raises(SystemExit, match="0"):
        command.command()
    assert (signal.getsignal(signal.SIGINT) == signal.SIG_DFL) != ignored


@pytest.mark.usefixtures("handlers")
def test_an_interrupt_while_handlers_are_set_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    interrupt = functools.partial(signal.raise_signal, signal.SIGINT)
    monkeypatch.setattr(_interrupts, "pass_on_no_ignored_signal", interrupt)
    assert _interrupts.command(lambda: 0) == 130


@pytest.mark.parametrize(
    "error, status",
    [
        (None, 3),
        (_interrupts.Interrupted, 130),
        (BrokenPipeError, 141),
        (_pipe.ReaderLeft, 141),
        (OSError(errno.ENOSPC, "No space left on device"), 1),
    ],
)
def test_how_it_ends(
    monkeypatch: pytest.MonkeyPatch, error: BaseException | type[BaseException] | None, status: int
) -> None:
    def ended() -> int:
        if error:
            _interrupts.received = signal.SIGINT
            raise error
        return 3

    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(_interrupts, "received", 0)
    monkeypatch.setattr(command, "close_quietly", lambda: None)
    monkeypatch.setattr(command, "main", ended)
    with pytest.raises(SystemExit, match=str(status)):
        command.command()


def test_another_error_is_raised_and_a_closed_stream_goes_nowhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails() -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(command, "main", fails)
    monkeypatch.setattr(_interrupts, "install", lambda: None)
    with pytest.raises(PermissionError):
        command.command()
    assert sys.stdout.name == os.devnull
    sys.stdout.close()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The command as readers run it, with programs that print more than a pipe holds."""
    many = {f"examples/race/long_{n}.py": f'"""{"Long " * 500}"""\n' for n in range(100)}
    return make_with_harness(tmp_path / "copy", FILES | many | {RACE: PAGE + HANGS})


@posix
@pytest.mark.parametrize("arguments", [[], ["race/prints"]])
@pytest.mark.parametrize("stderr", [subprocess.PIPE, subprocess.STDOUT], ids=["apart", "together"])
def test_a_reader_that_leaves_early_ends_it_silently(
    copy: Path, arguments: list[str], stderr: int
) -> None:
    # -S: without what is installed, as it needs nothing but Python.
    line = [sys.executable, "-S", "-m", "examples", *arguments]
    with subprocess.Popen(line, cwd=copy, stdout=subprocess.PIPE, stderr=stderr) as process:
        assert process.stdout
        assert process.stdout.readline()
        process.stdout.close()
        assert process.wait(30) == 141
        assert process.stderr is None or process.stderr.read() == b""


@posix
@pytest.mark.parametrize(
    "line, told",
    [
        ("list >/dev/full", "Not all could be written: No space left on device\n"),
        ("list >&-", ""),
        ("race/fixed >&-", ""),
        ("race/fixed >&- 2>&-", ""),
    ],
)
def test_an_output_that_cannot_be_written_is_no_traceback(copy: Path, line: str, told: str) -> None:
    if "/dev/full" in line and not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    line = f'"{sys.executable}" -S -m examples {line}'
    ran = subprocess.run(line, shell=True, cwd=copy, capture_output=True, text=True, timeout=60)
    assert (ran.stdout, ran.stderr) == ("", told)


@posix
def test_an_interrupt_at_any_moment_leaves_no_traceback(copy: Path) -> None:
    """Also while modules are imported, which `-v` shows."""
    hangs = ["race/hangs", "--time-limit", "60"]
    line = [sys.executable, "-S", "-v", "-m", "examples", *hangs]
    ours = ["examples._command", "tests.harness.read.words"]
    for last in [*ours, "argparse", "multiprocessing.context"]:
        with subprocess.Popen(line, cwd=copy, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr
            while f"import '{last}'" not in process.stderr.readline():
                assert process.poll() is None, f"{last} was never imported"
            process.send_signal(signal.SIGINT)
            told = process.stderr.read()
            assert "KeyboardInterrupt" not in told
            assert process.wait(30) in (-signal.SIGINT, 130), told[-1000:]
