"""What docs/beyond/mpi.md says."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from multiprocessing import get_start_method
from pathlib import Path
from types import TracebackType

from tests.claims import ONCE, PAUSE, ROOT, TIME_LIMIT, no_fact, shown
from tests.claims._hosts import Host, hosts, possible
from tests.claims._until import ended

PAGE = ROOT / "docs" / "beyond" / "mpi.md"
PROGRAMS = ROOT / "examples" / "mpi"
MPIEXEC = Path(sys.executable).with_name("mpiexec")
RUNS_HERE = sys.platform == "linux" and MPIEXEC.exists() and find_spec("mpi4py") is not None
SAFELY = ["-m", "mpi4py"]
NO_FILE = "/dev/null"  # instead of one in /tmp, which may be left
MOUNTS = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-ec"]
HANGS = 0.5  # seconds after which a job has not ended that has come to its last call

RANKS = """
import os, signal, sys, time
from mpi4py import MPI

comm = MPI.COMM_WORLD
with open("/proc/self/maps") as maps:
    files = {line.split()[-1] for line in maps if "/dev/shm/mpich_shm_" in line}
with open(f"rank{comm.rank}", "w") as file:
    print(os.getpid(), *files, file=file)
"""
TOGETHER = "comm.Barrier()  # all have noted that\n"


def _looks() -> bool:
    return RUNS_HERE and get_start_method() == ONCE


class Job:
    """Ranks that run some code in a folder of their own; what they leave in memory is removed."""

    def __init__(
        self,
        code: str,
        *options: str,
        ranks: int = 2,
        before: list[str] | None = None,
        together: bool = True,
    ):
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.program = Path(self.folder.name, "program.py")
        self.program.write_text(RANKS + TOGETHER * together + code, "utf-8")
        self.output = Path(self.folder.name, "output")
        line = [*(before or []), str(MPIEXEC), "-hosts", "localhost", "-n", str(ranks)]
        with self.output.open("w") as file:
            self.process = subprocess.Popen(
                [*line, sys.executable, *options, str(self.program)],
                env=os.environ
                | {"PYTHONUNBUFFERED": "1", "TMPDIR": self.folder.name, "HWLOC_XMLFILE": NO_FILE},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd=self.folder.name,
                process_group=0,
            )

    def __enter__(self) -> "Job":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()  # which ends the ranks, too
            self.process.wait()
        self.until(lambda: not self.running())
        for file in self.files():
            file.unlink(missing_ok=True)
        self.folder.cleanup()

    def text(self) -> str:
        """What it has written."""
        return self.output.read_text("utf-8", "replace")

    def status(self) -> int:
        """How mpiexec ends."""
        self.until(lambda: self.process.poll() is not None)
        return self.process.returncode

    def hangs(self, *texts: str) -> bool:
        """Whether it goes on for long after it has written these texts."""
        self.has_written(*texts)
        time.sleep(HANGS)
        return self.process.poll() is None

    def has_written(self, *texts: str) -> None:
        """Wait for these texts."""
        self.until(lambda: all(text in self.text() for text in texts))

    def begins(self, ranks: int = 2) -> None:
        """Wait until the ranks have written that they begin."""
        self.until(lambda: self.text().count("begins") == ranks)

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds; AssertionError if it does not within a minute."""
        deadline = time.monotonic() + 2 * TIME_LIMIT
        while not holds():
            assert time.monotonic() < deadline, self.text()
            time.sleep(PAUSE)

    def ranks(self) -> dict[int, list[str]]:
        """What each rank has noted that has begun: its process, and its files in memory."""
        found = Path(self.folder.name).glob("rank*")
        return {int(one.name[4:]): one.read_text("utf-8").split() for one in found}

    def forget(self) -> None:
        """Remove what the ranks have noted that have ended."""
        for old in Path(self.folder.name).glob("rank*"):
            old.unlink()

    def running(self) -> list[int]:
        """The ranks whose processes go on."""
        return [rank for rank, words in self.ranks().items() if words and not ended(int(words[0]))]

    def files(self) -> set[Path]:
        """The files with a name that MPICH has made in memory."""
        return {Path(file) for words in self.ranks().values() for file in words[1:]}


def _ends(code: str, *options: str, ranks: int = 2) -> tuple[int, str]:
    """The status of a job that ends, and what it has written."""
    with Job(code, *options, ranks=ranks) as job:
        return job.status(), job.text()


def what_it_is_for() -> None:
    """MPI starts several copies of one program, the ranks, and gives them calls to exchange arrays.
    Use it for numerical work in which all ranks take part until the end, on one machine or on a
    cluster. If your workers only take jobs, or one of them may die while the others go on, use a
    pool on one machine, or Redis on several: in MPI, one dead rank ends all.

    This is how to start one:

    Divided among the ranks:

    Or shared by the ranks of one host:

    In a program of your own, write `main()` in its place.
    """
    no_fact("definitions, advice and introductions; the end of all is below")


def what_they_need() -> None:
    """The programs need `pip install mpi4py mpich numpy`, which brings `mpiexec` on Linux and
    macOS. Without `mpich` or another MPI, `mpi4py` raises `RuntimeError: cannot load MPI library`.
    If you run `python counter.py` instead, `mpiexec`, a function in a file beside the
    programs, runs that command.
    """
    for program in PROGRAMS.glob("[a-z]*.py"):
        text = program.read_text("utf-8")
        assert '# dependencies = ["mpi4py", "mpich"' in text
        assert "from _mpiexec import" in text
    shown("mpi/counter", "    mpiexec(main)")
    text = (PROGRAMS / "_mpiexec.py").read_text("utf-8")
    assert 'SAFELY = ["-m", "mpi4py"]' in text
    assert 'raise SystemExit(run([*SAFELY, main.__globals__["__file__"]]))' in text
    if RUNS_HERE:
        from importlib.metadata import files

        assert any(file.name == "mpiexec" for file in files("mpich") or [])
        ran = subprocess.run(
            [sys.executable, "-c", "from mpi4py import MPI"],
            env=os.environ | {"MPI4PY_LIBMPI": "/nowhere/libmpi.so"},
            capture_output=True,
            text=True,
        )
        assert "RuntimeError: cannot load MPI library" in ran.stderr


def all_must_call_it() -> None:
    """`Allreduce` adds what each rank has, and each gets the sum. All ranks must call it."""
    shown("mpi/counter", "comm.Allreduce(mine, total, op=MPI.SUM)", "Allreduce: 6000")
    if _looks():
        assert _ends("assert comm.allreduce(comm.rank + 1) == 3")[0] == 0
        code = """
if comm.rank == 0:
    print("calls", flush=True)
    comm.allreduce(1)
else:
    comm.recv(source=0)
"""
        with Job(code) as job:
            assert job.hangs("calls")


def in_the_memory_of_another() -> None:
    """With `Fetch_and_op`, a rank adds in the memory of another one, and no update is lost,
    although all hold `LOCK_SHARED`. That one needs no matching call, but with MPICH 5.0.2 the
    others wait until it is in some call of MPI, such as `Barrier`: while it computes, they do not
    go on.
    """
    shown("mpi/counter", "window.Lock(0, MPI.LOCK_SHARED)", "Fetch_and_op: 3000")
    if _looks():
        code = """
import numpy as np
window = MPI.Win.Allocate(8 if comm.rank == 0 else 0, 8, comm=comm)
if comm.rank == 1:
    one, before = np.array([1]), np.array([0])
    print("adds", flush=True)
    window.Lock(0, MPI.LOCK_SHARED)
    window.Fetch_and_op(one, before, 0)
    window.Unlock(0)
    print("has added", flush=True)
else:
    while not os.path.exists("computed"):
        time.sleep(0.01)
comm.Barrier()
window.Free()
"""
        with Job(code, *SAFELY) as job:
            assert job.hangs("adds")
            assert "has added" not in job.text()
            Path(job.folder.name, "computed").touch()
            assert job.status() == 0
            assert "has added" in job.text()


def a_copy_each() -> None:
    """Nobody owns the dictionary: each rank has a copy, made with `pickle`, and a change is seen in
    that rank only.

    `send`, `bcast`, `allgather`, all in lower case | a copy, made with `pickle`
    """
    shown("mpi/dictionary", "unit in each rank: ['m', 'km', 'm']")
    if _looks():
        code = """
class Noted:
    def __reduce__(self):
        return print, ("unpickled in a rank",)
if comm.rank == 0:
    comm.send(Noted(), dest=1)
else:
    comm.recv(source=0)
comm.bcast(Noted() if comm.rank == 0 else None)
comm.allgather(Noted() if comm.rank == 0 else None)
"""
        status, text = _ends(code, *SAFELY)
        assert status == 0, text
        assert text.count("unpickled in a rank") >= 4, text


def advice() -> None:
    """Let one rank change it, and call `bcast` again.

    `Scatter` is for parts of equal size.

    Set one for the whole job, as with `timeout -k 9 600 mpiexec ...`, which ends it with status
    124.

    When no MPI job is running, remove them with `rm -f /dev/shm/mpich_shm_*
    /tmp/hydra_hwloc_xmlfile_*`.

    Import it in `main()`.

    Make the pool of all cores in one rank for each host, or use one rank for each core and no pool.

    Use the `mpiexec` beside the environment's `python`.

    Start no more ranks than there are cores.

    So run MPI only in a network where you trust every host and user.
    """
    no_fact("advice; the status of timeout is looked at below")


def tags() -> None:
    """Here rank 0 hands out jobs. The tag says what a message is, and a result is the
    acknowledgement:
    """
    shown("mpi/work_queue", "tag=DONE", "if status.tag == DONE:", "[(2, 30), (3, 20), (5, 12)]")
    shown("mpi/work_queue", "failed: {0: 'no division'}")


POOL = """

from mpi4py.futures import MPIPoolExecutor

def task(number):
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return 1 // number

def main():
    with MPIPoolExecutor() as executor:
        try:
            executor.submit(task, 0).result()
        except ZeroDivisionError:
            print("raised", flush=True)
        executor.submit(task, 2).result()
        print("went on", flush=True)

if __name__ == "__main__":
    main()
"""


def no_help_against_death() -> None:
    """An acknowledgement does not help against the death of a rank. `MPIPoolExecutor`,
    for `mpiexec -n 3 python -m mpi4py.futures program.py`, has the methods of an executor:
    `result()` raises the exception of a task, but if a worker is killed, the whole program ends,
    too.
    """
    if _looks():
        with Job(POOL, "-m", "mpi4py.futures", ranks=3, together=False) as job:
            assert job.status() == signal.SIGKILL, job.text()
            assert "raised" in job.text()
            assert "went on" not in job.text()


def without_pickle() -> None:
    """`Scatterv` copies each part out of the memory of rank 0, without `pickle`."""
    shown("mpi/big_array", "comm.Scatterv([array, sizes], part, root=0)", "MB: 80")
    if _looks():
        code = """
import numpy as np
import pickle
MPI.pickle.__init__(dumps=None, loads=None)
array = np.arange(5.0) if comm.rank == 0 else None
part = np.empty(2 + comm.rank)
comm.Scatterv([array, [2, 3]], part, root=0)
assert part.tolist() == [[0, 1], [2, 3, 4]][comm.rank]
part[:] = 9
comm.Barrier()
assert comm.rank or array.tolist() == [0, 1, 2, 3, 4]
"""
        status, text = _ends(code, *SAFELY)
        assert status == 0, text


def in_a_buffer() -> None:
    """
    `Send`, `Bcast`, `Allreduce`, all with a capital | a copy in a buffer that you made before

    `Win.Allocate`, with `Put`, `Get` and `Fetch_and_op` | access to your memory, by calls

    `Win.Allocate_shared` | the same memory, on the same host only
    """
    shown("mpi/wrong_buffer", "comm.Recv(buffer,", "float64, 3: [1. 2. 3.]")
    shown("mpi/counter", "window.Fetch_and_op(")
    shown("mpi/shared_window", "ranks on this host: 3", "first: [0. 1. 2. 0. 1. 2.]")


def _mounts() -> bool:
    try:
        ran = subprocess.run([*MOUNTS, "true"], check=False, capture_output=True)
        fails = ran.returncode
    except OSError:
        fails = True
    if fails:
        print("this system does not let us make namespaces")
    return not fails


def a_small_shm() -> None:
    """A shared window takes room in `/dev/shm`, of which a container of Docker has 64 MB. If that
    is full, a rank ends with `Bus error`, status 7.
    """
    if _looks():
        setup = 'mount -t tmpfs -o size={} shm /dev/shm; exec "$@"'
        if not _mounts():
            return
        code = """
import numpy as np
window = MPI.Win.Allocate_shared(80_000_000 if comm.rank == 0 else 0, 8, comm=comm)
if comm.rank == 0:
    np.frombuffer(window.Shared_query(0)[0], "f8")[:] = 1
window.Free()
"""
        for size, status in ("64m", signal.SIGBUS), ("128m", 0):
            before = [*MOUNTS, setup.format(size), "sh"]
            with Job(code, *SAFELY, before=before, together=False) as job:
                assert job.status() == status, job.text()
                assert ("Bus error" in job.text()) == bool(status)


def same_element() -> None:
    """`Fence()` is for phases: what was written before it is seen after it, by all. All ranks of
    the window must call it.

    Two ranks that change the same element at the same time lose updates, as everywhere.
    """
    shown("mpi/shared_window", "window.Fence()", "sum in each rank: [9999999, 9999999, 9999999]")
    if _looks():
        code = """
import numpy as np
window = MPI.Win.Allocate_shared(8 if comm.rank == 0 else 0, 8, comm=comm)
array = np.frombuffer(window.Shared_query(0)[0], "i8")
window.Fence()
array[0] = 0
window.Fence()
value = array[0]
comm.Barrier()
array[0] = value + 1
window.Fence()
if comm.rank == 0:
    print("counted", array[0], flush=True)
    window.Fence()
else:
    time.sleep(60)
"""
        with Job(code) as job:
            assert job.hangs("counted 1")


FAILS = """
if comm.rank == 1:
    print("fails", flush=True)
    {}
print("waits", flush=True)
comm.Barrier()
"""


def the_others_wait() -> None:
    """
    an exception, or `sys.exit(3)` | the others wait forever | all end, status 1, or 3

    At its end, a rank waits until all others are at theirs, too, and `-m mpi4py` calls `MPI_Abort`
    instead.

    MPI has no time limit: a `recv` or a `Barrier` waits forever.
    """
    shown("mpi/raises", "python: still running after 2 s", "python -m mpi4py: exit status 3")
    if _looks():
        code = FAILS.format("raise ValueError('no data')")
        with Job(code) as job:
            assert job.hangs("fails", "waits", "ValueError")
            assert len(job.running()) == 2  # the one that failed, too
        status, text = _ends(code, *SAFELY)
        assert status == 1, text
        with Job(code, before=["timeout", "-k", "9", "1"]) as job:
            assert job.status() == 124


def what_was_printed() -> None:
    """What a rank has printed and not flushed is lost when the job is ended: start the ranks with
    `python -u`.
    """
    if _looks():
        code = """
print("told")
while not os.path.exists("seen"):
    time.sleep(0.01)
os.kill(os.getpid(), signal.SIGKILL)
"""
        before = ["env", "-u", "PYTHONUNBUFFERED", "-u", "PYTHONPATH"]  # which flush each line
        for option in [], ["-u"]:
            with Job(code, *option, *SAFELY, before=before) as job:
                if option:
                    job.has_written("told\ntold\n")
                Path(job.folder.name, "seen").touch()
                assert job.status() == signal.SIGKILL
                assert job.text().count("told\n") == (2 if option else 0), job.text()


def too_early() -> None:
    """
    it ends with status 0 too early | the others wait forever | the same
    """
    if _looks():
        for options in [], SAFELY:
            with Job(FAILS.format("sys.exit(0)"), *options) as job:
                assert job.hangs("fails", "waits")


def all_end() -> None:
    """
    SIGKILL, or a crash | all end, status 9, or the signal's | the same

    `os._exit(3)` | all end, not with status 0 | the same

    `comm.Abort(3)` | all end, status 3 | the same

    After a job that did not come to its end, for whatever reason, a file stays in `/dev/shm`, with
    1 MB for each rank, and sometimes a small one in `/tmp`.
    """
    if not _looks():
        return
    ways = {
        "os.kill(os.getpid(), signal.SIGKILL)": signal.SIGKILL,
        "os.kill(os.getpid(), signal.SIGSEGV)": signal.SIGSEGV,
        "os._exit(3)": None,
        "comm.Abort(3)": 3,
    }
    for way, wanted in ways.items():
        for options in [], SAFELY:
            with Job(FAILS.format(way), *options, ranks=3) as job:
                status = job.status()
                assert status == wanted if wanted else status, (way, job.text())
                job.until(lambda job=job: not job.running())  # type: ignore[misc]
                (file,) = job.files()
                assert 3_000_000 < file.stat().st_size < 3_500_000
    if _mounts() and not MPIEXEC.is_relative_to("/tmp"):
        own = 'for folder in /tmp /dev/shm; do mount -t tmpfs own $folder; done; "$@" || ls /tmp'
        code = "from mpi4py import MPI; MPI.COMM_WORLD.Barrier(); raise ValueError"
        line = [str(MPIEXEC), "-hosts", "localhost", "-n", "2", sys.executable, *SAFELY, "-c", code]
        for option, left in ("-uHWLOC_XMLFILE", True), (f"HWLOC_XMLFILE={NO_FILE}", False):
            ran = subprocess.run(
                [*MOUNTS, own, "sh", "env", option, *line],
                cwd="/",
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=2 * TIME_LIMIT,
            )
            assert ran.returncode == 0, ran
            assert ("hydra_hwloc_xmlfile_" in ran.stdout) == left, ran


def a_window_has_no_name() -> None:
    """A shared window leaves nothing: its file has no name anymore."""
    if _looks():
        code = """
window = MPI.Win.Allocate_shared(800_000 if comm.rank == 0 else 0, 8, comm=comm)
with open("/proc/self/maps") as maps:
    found = {line.strip().split(maxsplit=5)[-1] for line in maps if "/mpich_shar_" in line}
assert found and all(file.endswith(" (deleted)") for file in found), found
comm.Barrier()
os.kill(os.getpid(), signal.SIGKILL)
"""
        status, text = _ends(code)
        assert status == signal.SIGKILL, text


def done_again() -> None:
    """There is no server, and what was in memory is gone, in all ranks. A second run has what you
    wrote to disk. A job that was done and not told is done again, so write jobs so that a second
    run does no harm. A job that kills its worker ends each run.
    """
    shown("mpi/killed", "exit status 9\ntold: ['a']\n")
    shown("mpi/killed", "exit status 0\ntold: ['a', 'b', 'c']\ndone: ['a', 'b', 'b', 'c']")


def through_mpiexec() -> None:
    """If `mpiexec` itself gets SIGTERM or SIGHUP, or is killed, it takes all ranks with it, without
    `finally`. Ctrl-C is passed on to the ranks, but one that waits in MPI does not react. If all
    wait, press it again.
    """
    if not _looks():
        return
    code = """
try:
    print("begins", flush=True)
    {}
finally:
    print("finally", flush=True)
"""
    sleeps, waits = code.format("time.sleep(60)"), code.format("comm.recv()")
    for number in signal.SIGTERM, signal.SIGHUP, signal.SIGKILL:
        with Job(sleeps) as job:
            job.begins()
            job.process.send_signal(number)
            assert job.status() != 0
            job.until(lambda job=job: not job.running())  # type: ignore[misc]
            assert "finally" not in job.text()
            (file,) = job.files()
            assert 2_000_000 < file.stat().st_size < 2_500_000
    with Job(sleeps) as job:
        job.begins()
        job.process.send_signal(signal.SIGINT)
        assert job.status() != 0
        assert "KeyboardInterrupt" in job.text()
        assert "finally" in job.text()
    with Job(waits) as job:
        job.begins()
        job.process.send_signal(signal.SIGINT)
        assert job.hangs("Press Ctrl-C again to force abort")
        assert "finally" not in job.text()
        job.process.send_signal(signal.SIGINT)
        assert job.status() != 0
        job.until(lambda: not job.running())
        (file,) = job.files()
        assert file.exists()


def too_small() -> None:
    """A buffer that is too small raises `MPI.Exception`, with the class `MPI_ERR_TRUNCATE`. One
    that is too big is filled in part: ask the `Status` how much has come. The type is not checked.
    The bytes of another type become wrong numbers, and no error is reported.
    """
    shown("mpi/wrong_buffer", "except MPI.Exception as error", "float64, 2: Message truncated")
    if _looks():
        code = """
import numpy as np
if comm.rank == 0:
    comm.Send(np.zeros(3), dest=1)
else:
    try:
        comm.Recv(np.zeros(2), source=0)
    except MPI.Exception as error:
        sys.exit(error.Get_error_class() != MPI.ERR_TRUNCATE)
    sys.exit("received")
"""
        status, text = _ends(code, *SAFELY)
        assert status == 0, text
    shown("mpi/wrong_buffer", "float64, 4: [1. 2. 3. 0.], bytes received: 24")
    shown("mpi/wrong_buffer", "int64, 3: [4607182418800017408", "float32, 6: [0.    1.875")
    shown("mpi/wrong_buffer", "status.Get_count(MPI.BYTE)")


def mixed() -> None:
    """A `Send` needs a `Recv`, and a `send` a `recv`. If you mix them, you get `UnpicklingError`,
    wrong numbers, or a crash.

    `irecv()` has room for 32 kB unless you pass a buffer: a longer pickle raises
    `MPI_ERR_TRUNCATE`, too.

    `send` fails with what `pickle` refuses, such as a `lambda`, and `Send` with an array of
    objects: `KeyError: cannot map 'O' to MPI datatype`.
    """
    if not _looks():
        return
    code = """
import numpy as np, pickle
if comm.rank == 0:
    comm.Send(np.arange(3.0), dest=1)
    comm.send(bytes(30_000), dest=1)
    comm.send(bytes(40_000), dest=1)
    comm.send(bytes(40_000), dest=1)
    for call, refused in (comm.send, lambda: 1), (comm.Send, np.array([object()])):
        try:
            call(refused, dest=1)
        except (pickle.PicklingError, AttributeError, KeyError) as error:
            print(type(error).__name__, error, flush=True)
        else:
            sys.exit("sent")
else:
    try:
        comm.recv(source=0)
    except pickle.UnpicklingError:
        print("UnpicklingError", flush=True)
    assert len(comm.irecv(source=0).wait()) == 30_000
    try:
        comm.irecv(source=0).wait()
    except MPI.Exception as error:
        assert error.Get_error_class() == MPI.ERR_TRUNCATE
        print("truncated", flush=True)
    assert len(comm.irecv(bytearray(50_000), source=0).wait()) == 40_000
"""
    status, text = _ends(code, *SAFELY)
    assert status == 0, text
    for told in "UnpicklingError", "truncated", "lambda", "KeyError", "cannot map 'O' to MPI":
        assert told in text, text
    code = """
import numpy as np, pickle
array = np.zeros(8)
length = len(pickle.dumps({0}, pickle.HIGHEST_PROTOCOL))
if comm.rank == 0:
    comm.send({0}, dest=1)
else:
    comm.Recv(array, source=0)
    print("length", length % 8, "numbers", any(array), flush=True)
comm.Barrier()
"""
    status, text = _ends(code.format("bytes(9)"), *SAFELY)
    assert (status, text) == (0, "length 0 numbers True\n")
    status, text = _ends(code.format("bytes(10)"), *SAFELY)
    assert status != 0
    assert "Assertion failed" in text


SENDS = """
{}(bytes({}), dest=1 - comm.rank)
print("sent", flush=True)
comm.recv(source=1 - comm.rank)
"""


def eager() -> None:
    """A short message is sent at once, and waits at the receiver (eager). A long one waits until
    there is a `recv` (rendezvous): with MPICH 5.0.2 on one host, 8,000 bytes go out, and 100,000 do
    not. So two ranks that both call `send` first work in a test and hang with real data. Use
    `sendrecv`, or `isend` and then `wait()`.
    """
    if not _looks():
        return
    assert _ends(SENDS.format("comm.send", 8000))[0] == 0
    with Job('print("calls", flush=True)' + SENDS.format("comm.send", 100_000)) as job:
        assert job.hangs("calls")
        assert "sent" not in job.text()
    assert _ends(SENDS.format("request = comm.isend", 100_000) + "request.wait()\n")[0] == 0
    assert _ends("comm.sendrecv(bytes(100_000), dest=1 - comm.rank)\n")[0] == 0


IN_RANK = """
from multiprocessing import Process, set_start_method

def main():
    set_start_method({!r})
    worker = Process(target=print, args=["worked"])
    worker.start()
    worker.join()
    print("exit code", worker.exitcode, flush=True)

if __name__ == "__main__":
    main()
"""


def a_pool_in_a_rank() -> None:
    """Under `spawn` and `forkserver`, each worker imports your script. If that imports `MPI` at the
    top, the worker takes itself for the rank, and the job ends with `PMI_Init returned -1`, or
    hangs. Under `fork`, the import at the top does no harm with MPICH 5.0.2, as long as no worker
    calls MPI; Open MPI warns of it.
    """
    shown("mpi/pool_in_rank", "from mpi4py import MPI  # here", "[[0, 9, 36], [1, 16, 49]")
    if RUNS_HERE:
        method = get_start_method()
        code = IN_RANK.format(method)
        with Job(code, ranks=1) as job:
            if method == "fork":
                assert job.status() == 0
                assert job.text() == "worked\nexit code 0\n"
            else:
                job.has_written("PMI_Init returned -1")
                assert "worked" not in job.text()


def which_library() -> None:
    """Then `mpiexec` belongs to another MPI than `mpi4py` uses, or you have started the program
    without it. `MPI.Get_library_version()` names the one of `mpi4py`.
    """
    if _looks():
        code = "from mpi4py import MPI; c = MPI.COMM_WORLD; print(c.rank, c.size)"
        code += "; print(MPI.Get_library_version())"
        line = [sys.executable, "-c", code]
        text = subprocess.run(line, check=True, capture_output=True, text=True).stdout
        assert text.startswith("0 1\nMPICH Version:")


def busy() -> None:
    """MPICH asks again and again instead of sleeping. If the wait is long, ask less often: `while
    not comm.iprobe(): time.sleep(0.01)`, and then `recv`.
    """
    if _looks():
        code = """
used = {}
for way in "recv", "iprobe":
    comm.Barrier()
    start = time.process_time()
    if comm.rank:
        time.sleep(0.5)
        comm.send(1, dest=0)
    else:
        while way == "iprobe" and not comm.iprobe():
            time.sleep(0.01)
        comm.recv()
    used[way] = time.process_time() - start
assert comm.rank or used["recv"] > 3 * used["iprobe"], used
"""
        status, text = _ends(code, *SAFELY)
        assert status == 0, text


def no_password() -> None:
    """`mpiexec` has no option for a password or for encryption, and lower-case methods unpickle
    what arrives, which runs code. `ssh` protects the start alone.
    """
    a_copy_each()
    if _looks():
        line = [str(MPIEXEC), "-help"]
        text = subprocess.run(line, check=False, capture_output=True, text=True).stdout.lower()
        assert "-launcher " in text
        for word in "passw", "auth", "encrypt", "tls", "secret":
            assert word not in text


def _remote_shell(folder: str, *made: Host) -> str:
    """A command in the place of ssh, which runs a line on a host."""
    path = Path(folder, "remote")
    cases = "".join(
        f"10.0.0.{number}) process={host.process};; " for number, host in enumerate(made, 1)
    )
    path.write_text(
        "#!/bin/sh\n"
        'while case "$1" in -*) true;; *) false;; esac; do shift; done\n'
        f'case "$1" in {cases}esac; shift\n'
        'exec nsenter --net=/proc/$process/ns/net sh -c "$*"\n',
        "utf-8",
    )
    path.chmod(0o700)
    return str(path)


def _namespaces() -> bool:
    if not possible():
        print("this system does not let us make network namespaces, so there are no several hosts")
    return possible()


def a_host_is_cut_off() -> None:
    """
    its host is cut off | the others wait forever | the same

    If a host is cut off, SIGTERM does not end `mpiexec`: after 9 seconds more, it is killed, and
    the status is 137. At first, the ranks on that host go on.
    """
    if not _looks() or not _namespaces():
        return
    code = f"""{RANKS}{TOGETHER}
print("begins", flush=True)
if comm.rank == 0:
    comm.recv(source=1)
time.sleep(600)
"""
    line = [str(MPIEXEC), "-localhost", "10.0.0.1", "-hosts", "10.0.0.1,10.0.0.2", "-n", "2"]
    with (
        Job("", ranks=1) as job,  # for its folder, and to clean up
        hosts("10.0.0.1", "10.0.0.2") as (first, second),
        job.output.open("w") as file,
    ):
        job.status()
        job.forget()
        job.program.write_text(code, "utf-8")
        shell = _remote_shell(job.folder.name, first, second)
        process = subprocess.Popen(
            ["timeout", "-k", "2", "600", *first.line(*line, sys.executable, str(job.program))],
            env=os.environ | {"HYDRA_LAUNCHER_EXEC": shell, "HWLOC_XMLFILE": NO_FILE},
            cwd=job.folder.name,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
        try:
            job.begins()
            second.set_cable("down")
            time.sleep(HANGS)
            assert process.poll() is None
            process.terminate()  # as after 600 seconds
            assert process.wait(2 * TIME_LIMIT) == -signal.SIGKILL
            assert 1 in job.running()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            for words in job.ranks().values():
                if not ended(int(words[0])):
                    os.kill(int(words[0]), signal.SIGKILL)


def on_several_hosts() -> None:
    """Each host needs the same Python, packages and program at the same path, and the first one
    must reach the others by `ssh` without a password. On the first, whose address is `10.0.0.1`
    here:

    `:2` is the number of ranks there, and `-localhost` the address at which the others reach this
    host; leave it out if they know its name. `mpiexec -hosts 10.0.0.1,10.0.0.2` does the same, with
    one rank for each in turn.

    `Split_type(MPI.COMM_TYPE_SHARED)` makes a communicator of the ranks that can share memory:
    those of one host. On two hosts, there are two arrays.

    The ranks listen on ports that other hosts can reach, even if all ranks are on one host.

    For a firewall, `MPIEXEC_PORT_RANGE=50000:50100` sets the port of `mpiexec`, and
    `UCX_TCP_PORT_RANGE=50200-50300` those of the ranks.
    """
    if not _looks() or not _namespaces():
        return
    commands = PAGE.read_text("utf-8").split("## Several hosts")[1].split("```bash\n")[1]
    commands = commands.partition("```")[0]
    code = f"""{RANKS}{TOGETHER}
host = comm.Split_type(MPI.COMM_TYPE_SHARED)
inodes = {{os.stat(f"/proc/self/fd/{{fd}}").st_ino for fd in os.listdir("/proc/self/fd")
          if os.path.exists(f"/proc/self/fd/{{fd}}")}}
with open("/proc/self/net/tcp") as file:
    rows = [line.split() for line in file][1:]
ports = [r for r in rows if r[3] == "0A" and int(r[9]) in inodes and r[1][:8] != "0100007F"]
everything = comm.gather((os.readlink("/proc/self/ns/net"), host.size, bool(ports)))
ports = comm.gather({{int(row[1].partition(":")[2], 16) for row in ports}})
if comm.rank == 0:
    print([everything.index(one) for one in everything], *everything[0][1:])
    print("ports", *sorted(set.union(*ports)), file=sys.stderr)
"""
    with (
        tempfile.TemporaryDirectory() as folder,
        hosts("10.0.0.1", "10.0.0.2") as (first, second),
    ):
        path = f"{MPIEXEC.parent}{os.pathsep}{os.environ['PATH']}"
        variables = os.environ | {"PATH": path, "PYTHONPATH": str(PROGRAMS)}
        variables["HWLOC_XMLFILE"] = NO_FILE
        variables["HYDRA_LAUNCHER_EXEC"] = _remote_shell(folder, first, second)

        found: set[int] = set()

        def run(commands: str) -> str:
            ran = subprocess.run(
                first.line("sh", "-e", "-c", commands),
                env=variables,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=2 * TIME_LIMIT,
            )
            assert ran.returncode == 0, ran
            found.update(map(int, ran.stderr.partition("ports ")[2].split()))
            return ran.stdout

        for name in ("counter.py", "_mpiexec.py"):
            Path(folder, name).write_text((PROGRAMS / name).read_text("utf-8"), "utf-8")
        assert run(commands) == "Allreduce: 10000\nFetch_and_op: 4000\n"
        Path(folder, "where.py").write_text(code, "utf-8")
        where = commands.replace("counter.py", "where.py")
        assert run(where) == "[0, 0, 2, 2] 2 True\n"
        in_turn = "mpiexec -localhost 10.0.0.1 -hosts 10.0.0.1,10.0.0.2 -n 4 python where.py"
        assert run(in_turn) == "[0, 1, 0, 1] 2 True\n"
        alone = "mpiexec -localhost 10.0.0.1 -hosts 10.0.0.1 -n 2 python where.py"
        assert run(alone) == "[0, 0] 2 True\n"
        found.clear()
        variables["MPIEXEC_PORT_RANGE"] = "50000:50100"
        run(in_turn)  # the first rank of a host has the port of mpiexec, too
        free = {port for port in found if not 50000 <= port <= 50100}
        assert free != found and not all(50200 <= port <= 50300 for port in free), found
        found.clear()
        variables["UCX_TCP_PORT_RANGE"] = "50200-50300"
        run(in_turn)
        assert all(50000 <= port <= 50100 or 50200 <= port <= 50300 for port in found), found
        assert any(50200 <= port <= 50300 for port in found), found


def the_command_of_the_programs() -> None:
    """`_mpiexec.py` runs the `mpiexec` beside the current Python, with `-hosts localhost`. It ends
    the ranks, and leaves no file in `/dev/shm` or `/tmp`, also after Ctrl-C, SIGTERM and SIGHUP,
    once or twice. If the program is killed with SIGKILL, the ranks go on.
    """
    text = (PROGRAMS / "_mpiexec.py").read_text("utf-8")
    assert 'Path(sys.executable).with_name("mpiexec")' in text
    assert '"-hosts", "localhost"' in text
    assert f'NO_FILE = "HWLOC_XMLFILE={NO_FILE}"' in text
    if not _looks():
        return
    code = f"""{RANKS}{TOGETHER}
print("begins", flush=True)
time.sleep(60)
"""
    starts = "from _mpiexec import IN_A_RANK, mpiexec\ndef main():\n"
    starts += "".join(f"    {line}\n" for line in code.splitlines())
    starts += 'if __name__ == "__main__":\n    mpiexec(main)\n'
    for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL:
        with Job("") as job:  # for its folder, and to clean up
            job.status()
            job.forget()
            job.program.write_text(starts, "utf-8")
            with (
                job.output.open("w") as file,
                subprocess.Popen(
                    [sys.executable, str(job.program)],
                    env=os.environ | {"PYTHONPATH": str(PROGRAMS)},
                    cwd=job.folder.name,
                    stdout=file,
                    stderr=subprocess.DEVNULL,
                    process_group=0,
                ) as program,
            ):
                job.begins(3)
                os.killpg(program.pid, number)
                if number != signal.SIGKILL:
                    time.sleep(PAUSE)
                    os.killpg(program.pid, number)
            own = number in (signal.SIGTERM, signal.SIGHUP)
            assert program.returncode in (128 + number if own else -number, -number)
            (left,) = job.files()
            if number == signal.SIGKILL:
                assert len(job.running()) == 3
                for words in job.ranks().values():
                    os.kill(int(words[0]), signal.SIGKILL)
            else:
                assert not job.running()
                assert not left.exists()


def one_line() -> None:
    """If there is no `mpiexec`, one line says so, and the exit status is 2."""
    if _looks():
        code = "import sys; sys.executable = '/nowhere/python'; import _mpiexec"
        ran = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONPATH": str(PROGRAMS)},
            capture_output=True,
            text=True,
        )
        assert (ran.returncode, ran.stdout) == (2, "")
        assert "pip install mpich" in ran.stderr
        assert ran.stderr.count("\n") == 1


def versions() -> None:
    """Run with mpi4py 4.1.2 and MPICH 5.0.2, on Linux."""
    from importlib.metadata import version

    if RUNS_HERE:
        assert (version("mpi4py"), version("mpich")) == ("4.1.2", "5.0.2")
