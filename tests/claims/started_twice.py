"""What docs/pitfalls/started-twice.md says."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import Event, Process, get_start_method
from multiprocessing.shared_memory import SharedMemory
from multiprocessing.synchronize import Event as EventType
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.claims import ROOT, TIME_LIMIT, changed, no_fact, on, raises, script, shown

PROGRAMS = ROOT / "examples" / "started-twice"
if str(PROGRAMS) not in sys.path:
    sys.path.append(str(PROGRAMS))

WORK = "        sys.stdin.read()  # until the end of the day\n"
HANDLER = '    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))\n'
LIMIT = "limit=1"
FIND = f"import sys\nsys.path.append({str(PROGRAMS)!r})\n"
PID_OF_TRACKER = "resource_tracker._resource_tracker._pid"

CREATOR = """
import os, sys
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory
from time import sleep

def wait():
    while not os.path.exists("over"):
        sleep(0.01)

if __name__ == "__main__":
    more = dict(track=False) if "untracked" in sys.argv else dict()
    block = SharedMemory(sys.argv[1], create=True, size=8, **more)
    child = Process(target=wait)
    child.start()
    print("started", flush=True)
    child.join()
"""

HAS_A_WORKER = """
import os, sys
from multiprocessing import get_context
from pathlib import Path
from time import sleep
from owner import owned

def work():
    while not os.path.exists("over"):
        print("works", flush=True)
        sleep(0.1)

if __name__ == "__main__":
    with owned(Path(sys.argv[1]), bytes(8), limit=10):
        worker = get_context(sys.argv[2]).Process(target=work)
        worker.start()
        worker.join()
"""

JOINS = """
import os, sys
from multiprocessing import get_context
from pathlib import Path
from time import sleep
from joined import joined
from owner import untracked

def work(block):
    if isinstance(block, str):
        block = untracked(block)
    block.close()

def wait():
    while not os.path.exists("over"):
        sleep(0.01)

if __name__ == "__main__":
    path, method, how = sys.argv[1:]
    with joined(Path(path), 8) as block:
        if how == "goes on":
            worker = get_context(method).Process(target=wait)
            worker.start()
        elif how != "alone":
            passed = block if how == "block" else block.name
            worker = get_context(method).Process(target=work, args=(passed,))
            worker.start()
            worker.join()
        print(block.name, flush=True)
        sys.stdin.readline()
    print("left", flush=True)
"""

HAS_A_VIEW = """
import sys
from pathlib import Path
from joined import joined
from owner import owned

path = Path(sys.argv[1])
has = owned(path, bytes(8), 10) if "owned" in sys.argv else joined(path, 8)
with has as block:
    view = memoryview(block.buf).cast("q")
    print(block.name)
"""

MARK_IS_LEFT = """
import os, signal
from pathlib import Path

{mark}
print("marked", flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@contextmanager
def _path() -> Iterator[Path]:
    """A path for the name of the block, in a folder of its own."""
    with TemporaryDirectory(dir=".") as folder:
        yield Path(folder, "tickets.name").resolve()


@contextmanager
def _running(code: str, folder: Path, *options: str) -> Iterator[Any]:
    """A program that runs on its own, in a session of its own; its tracker outlives it."""
    program = folder / f"{os.urandom(4).hex()}.py"
    program.write_text(FIND + code.lstrip("\n"), "utf-8")
    process = subprocess.Popen(
        [sys.executable, str(program), *options], cwd=folder, text=True, bufsize=1,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True, env={**os.environ, "TMPDIR": str(folder)},
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGCONT)
        try:
            process.communicate(timeout=TIME_LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise


@contextmanager
def _start(path: Path, *changes: tuple[str, str]) -> Iterator[Any]:
    """A start of the page's program that has the block."""
    with _running(changed("started-twice/starts", *changes), path.parent, str(path)) as process:
        assert process.stdout.readline() == "selling\n"
        yield process


def _is_refused(path: Path) -> bool:
    """Whether another start is refused now."""
    code = changed("started-twice/starts", (LIMIT, "limit=0"))
    with _running(code, path.parent, str(path)) as process:
        out, told = process.communicate("")
        if process.returncode == 0:
            assert out == "selling\n"
            return False
        assert (process.returncode, out) == (1, "")
        assert told.startswith("another start is running: ")
        return True


def _kill_with_tracker(process: Any) -> None:
    """Kill a start, and the tracker before it can remove anything."""
    for number in signal.SIGSTOP, signal.SIGKILL:
        os.killpg(process.pid, number)
    process.wait()


def _attach(name: str, create: bool = False) -> SharedMemory:
    from owner import untracked  # type: ignore[import-not-found]

    block: SharedMemory = untracked(name, create, 8 * create)
    return block


def _is_there(name: str) -> bool:
    """Whether there is such a block."""
    with suppress(FileNotFoundError):
        _attach(name).close()
        return True
    return False


def _bytes(block: SharedMemory) -> bytes:
    assert block.buf
    return bytes(block.buf)


def _remove(name: str) -> None:
    block = SharedMemory(name)
    block.close()
    block.unlink()


def one_start_at_a_time() -> None:
    """Acquire a lock on a file before you create the block, and hold it until your program ends:
    then one start at a time has the block, and the system frees the lock of a start that is killed.

    What tells these cases apart is a lock that each start holds while it runs, and that the system
    frees at its end, even if it is killed. A lock on a file is such a lock, and a `Lock` of
    `multiprocessing` is not.

    `starts.py` runs three starts and two readers. The second start is refused, and the third finds
    the leftover of the first, which was killed:

    A start that has the lock is the only one. So the block that the file names is a leftover, and
    the start removes it.

    Each block has another name. So a leftover is not in the way, and the tracker of a killed start,
    which can remove a block late, does not remove the block of the next start.

    SIGKILL, for its tracker, too | the system frees the lock, and the next start removes the block
    """
    _the_timeout_of_the_work()
    shown("lock-holder-killed/terminated", "still running after 5 s")
    shown("started-twice/starts", "second: another start is running:", "third: selling")
    with _path() as path:
        with _start(path) as first:
            name = path.read_text().strip()
            assert _is_refused(path)
            _kill_with_tracker(first)
        assert _is_there(name)
        with _start(path):
            assert path.read_text().strip() != name
            assert not _is_there(name)


def no_name() -> None:
    """If each start can have a block of its own, do not choose a name, and none of this
    happens.
    """
    shown("started-twice/owner", "SharedMemory(create=True, size=len(data))")
    blocks = [SharedMemory(create=True, size=8) for _ in range(2)]
    assert blocks[0].name != blocks[1].name
    for block in blocks:
        block.close()
        block.unlink()


def what_you_see() -> None:
    """On this page, a start is one run of a program. A start ends with this error while another one
    is running, or after one was killed:

    In the second program, a start creates the block, and does not attach to one. The first start is
    killed by the signal that a closed terminal sends:
    """
    shown("started-twice/leftover", "second start: FileExistsError: [Errno 17] File exists")
    shown("started-twice/leftover", "signal.SIGHUP", 'SharedMemory("tickets", create=True')
    shown("two-scripts/memory_writer", 'SharedMemory("readings", create=True')
    block = SharedMemory(create=True, size=8)
    with raises(FileExistsError):
        SharedMemory(block.name, create=True, size=8)
    block.close()
    block.unlink()


def silent() -> None:
    """Silent, if the program catches the error and attaches to the block: two starts use the same
    block, no error is reported, and the results are wrong.

    In this program, each start creates the block or attaches to it. `main` runs three starts, as
    you would in three terminals, and tells each of them when to sell a ticket and when to end. The
    start that has created the block unlinks it, and the others attach without the tracker:

    A unlinks the block while B uses it. So C finds no block and creates another one, and ticket 1
    is sold twice.
    """
    shown("started-twice/attached_anyway", "except FileExistsError:", "if is_mine:", "track=False")
    shown("started-twice/attached_anyway", "A sells ticket 1", "C sells ticket 1", "Output, on")
    shown("started-twice/attached_anyway", "B sells ticket 3\nA ends\nB sells ticket 4")


def the_error_does_not_tell() -> None:
    """The error does not tell whether the creator of the block is still running. If the creator
    was killed together with its resource tracker, for example because its terminal was closed, the
    block is a leftover, with old data in it. So it is wrong to attach to each block that exists,
    and it is wrong to remove it.
    """
    told = []
    with _path() as path:
        with _start(path) as first:
            name = path.read_text().strip()
            told.append(_error_of(name))
            os.killpg(first.pid, signal.SIGSTOP)
            os.killpg(first.pid, signal.SIGHUP)
            os.killpg(first.pid, signal.SIGCONT)
            assert first.wait() == -signal.SIGHUP
            told.append(_error_of(name))
            leftover = _attach(name)
            assert _bytes(leftover)[:8] == (7).to_bytes(8, sys.byteorder)
            leftover.close()
            assert told[0] == told[1]
        _remove(name)


def _error_of(name: str) -> str:
    try:
        SharedMemory(name, create=True, size=8)
    except FileExistsError as error:
        return repr(error)
    raise AssertionError


def which_program_does_what() -> None:
    """Save the four programs of this section in the same folder. `owner_lock.py` is the lock on a
    file, with a time limit:

    `owner.py` creates the block, with a name that Python chooses, and writes this name to a file:

    `reader.py` is another program, which reads the name and attaches to the block. If no start is
    running, as here, it says so:
    """
    shown("started-twice/owner", "import locked", "path.write_text(f", "True\n")
    shown("started-twice/starts", "from owner import owned", 'with_name("reader.py")')
    shown("started-twice/reader", "exit status 1\nno start is running")


def the_limit() -> None:
    """`locked` tries to acquire the lock until the limit is over, and then raises `TimeoutError`.
    If a start is to wait until the running one has ended, use a long limit. With `limit=0`,
    `locked` tries once, and a reader that looks at this moment can make it fail.
    """
    import fcntl

    from owner_lock import locked  # type: ignore[import-not-found]

    with _path() as path:
        with locked(path, 0):
            pass
        with open(path) as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            with raises(TimeoutError), locked(path, 0):
                pass
    shown("started-twice/owner_lock", "locked\nTimeoutError: tickets.lock:")
    with _path() as path, _start(path) as first:
        code = changed("started-twice/starts", (LIMIT, f"limit={TIME_LIMIT}"))
        with _running(code, path.parent, str(path)) as second:
            assert _is_refused(path)
            first.communicate("")
            assert second.stdout.readline() == "selling\n"


def the_data_is_there() -> None:
    """The owner fills the block before it writes the name. So a reader that finds the name finds
    the data, too. A reader ignores a name without a newline after it, which the owner has not
    finished writing.
    """
    from reader import find_block  # type: ignore[import-not-found]

    with _path() as path, _start(path):
        found = find_block(path, limit=TIME_LIMIT)
        assert _bytes(found)[:8] == (7).to_bytes(8, sys.byteorder)
        found.close()
        path.write_text(found.name)
        with raises(SystemExit, text="no start is running"):
            find_block(path, limit=0.2)
    shown("started-twice/owner", "] = data\n            path.write_text(f")


def no_leftover_for_readers() -> None:
    """The reader asks for a shared lock. It gets that lock only if no start holds the exclusive
    one, so it does not attach to the block of a start that was killed.
    """
    from reader import find_block, is_running

    shown("started-twice/reader", "fcntl.LOCK_SH | fcntl.LOCK_NB")
    with _path() as path:
        with _start(path) as first:
            found = find_block(path, limit=TIME_LIMIT)
            assert is_running(path.with_suffix(".lock"))
            _kill_with_tracker(first)
            assert not is_running(path.with_suffix(".lock"))
        assert _is_there(found.name) and path.exists()
        with raises(SystemExit, text="no start is running"):
            find_block(path, limit=0.2)
        found.close()
        _remove(found.name)


def a_restart_is_noticed() -> None:
    """A start can end at any time, and the next one can begin at once. So a reader that runs for
    long must call `is_current` before each use, and call `find_block` again if it returns `False`.
    It is not enough to call `is_running`, which the next start makes true again. While a new start
    begins, before it has removed a leftover, `is_current` can be true for the leftover, too. On
    Windows, it looks only at the name.
    """
    from owner_lock import locked
    from reader import find_block, is_current, is_running

    shown("started-twice/reader", 'if sys.platform != "win32":', "is_current(path, block)")
    with _path() as path:
        lock = path.with_suffix(".lock")
        with _start(path) as first:
            found = find_block(path, limit=TIME_LIMIT)
            assert is_current(path, found)
            first.communicate("")
            assert not is_current(path, found)
        with _start(path) as second:
            assert is_running(lock) and not is_current(path, found)
            found.close()
            found = find_block(path, limit=TIME_LIMIT)
            assert is_current(path, found)
            _kill_with_tracker(second)
            assert not is_current(path, found)
        with locked(lock, TIME_LIMIT):
            assert is_current(path, found)
        with _start(path):
            assert not is_current(path, found)
        found.close()


def children_inherit_it() -> None:
    """Join the workers of a start before the end of the `with` block, and let them end with their
    parent. Under `fork`, they inherit the lock: it is held until they have ended, too, and until
    then, no other start gets it. Under `forkserver` and `spawn`, they do not inherit it: after a
    kill, the workers go on beside the next start.
    """
    with _path() as path:
        with _running(HAS_A_WORKER, path.parent, str(path), get_start_method()) as start:
            assert start.stdout.readline() == "works\n"
            start.kill()
            start.wait()
            assert _is_refused(path) == (get_start_method() == "fork")
            assert start.stdout.readline() == "works\n"  # the worker still does
            (path.parent / "over").touch()
            start.communicate()
        assert not _is_refused(path)
    from owner_lock import locked

    go_on, started = Event(), Event()
    child = Process(target=_wait, args=(started, go_on))
    with _path() as path:
        lock = path.with_suffix(".lock")
        with locked(lock, TIME_LIMIT):
            child.start()
            assert started.wait(TIME_LIMIT)
        is_held = False
        try:
            with locked(lock, 0):
                pass
        except TimeoutError:
            is_held = True
        assert is_held == (get_start_method() == "fork")
        go_on.set()
        child.join()
        with locked(lock, TIME_LIMIT):
            pass


def _wait(started: EventType, go_on: EventType) -> None:
    started.set()
    assert go_on.wait(TIME_LIMIT)


def the_file_stays() -> None:
    """Do not remove the lock file. Two starts could then hold two locks: one on the file that was
    removed, and one on a new file with the same name.

    All starts must use the same file. Put it in a folder on a local disk that nothing cleans up and
    to which only you can write, such as one in your home folder: the block that the file names is
    removed.
    """
    from owner_lock import locked

    with _path() as path, locked(path, TIME_LIMIT):
        with raises(TimeoutError), locked(path, 0):
            pass
        path.unlink()
        with locked(path, 0):
            pass


def it_ends_by_itself() -> None:
    """An exception, `sys.exit()`, Ctrl-C, SIGTERM | it removes the block and frees the lock

    The lock is free at the end of the `with` block, under `fork` once the workers have ended, too.
    """
    with _path() as path:
        for how, status in [
            ("        raise ValueError\n", 1),
            ("        sys.exit(3)\n", 3),
            (WORK, -signal.SIGINT),
            (WORK, 1),
        ]:
            with _start(path, (WORK, "        sys.stdin.readline()\n" + how)) as start:
                name = path.read_text().strip()
                if how != WORK:
                    start.stdin.write("\n")
                else:
                    start.send_signal(signal.SIGINT if status < 0 else signal.SIGTERM)
                _, told = start.communicate()
                assert start.returncode == status
                assert "leaked" not in told
                assert not path.exists() and not _is_there(name)
            assert not _is_refused(path)


def it_is_killed() -> None:
    """SIGKILL | the system frees the lock, and the tracker removes the block, with a warning

    `starts.py` handles SIGTERM. Without the handler, SIGTERM does what SIGKILL does.
    """
    with _path() as path:
        for number, handler in (signal.SIGKILL, HANDLER), (signal.SIGTERM, ""):
            with _start(path, (HANDLER, handler)) as start:
                name = path.read_text().strip()
                start.send_signal(number)
                _, told = start.communicate()
                assert start.returncode == -number
                assert "leaked shared_memory objects" in told
                assert path.exists() and not _is_there(name)
            assert not _is_refused(path)


def a_view_is_left() -> None:
    """If a view of the block, such as a NumPy array, is left at the end, `close()` raises a
    `BufferError`, after the block has been removed.
    """
    for kind in "owned", "joined":
        with _path() as path, _running(HAS_A_VIEW, path.parent, str(path), kind) as start:
            out, told = start.communicate()
            assert start.returncode == 1 and "BufferError" in told
            assert "leaked" not in told
            assert not _is_there(out.strip())


def _killed_at_the_end() -> None:
    """A start that is killed while it ends leaves nothing to the one after the next."""
    dies = "            print(block.name, flush=True); __import__('time').sleep(60)\n"
    for place in (
        "            block.unlink()\n            path",
        "            path.unlink(missing_ok",
    ):
        code = changed("started-twice/owner", (place, dies + place)).partition("def main")[0]
        code += "with owned(Path(sys.argv[1]), b'sold', limit=1): pass\n"
        with _path() as path:
            with _running(code, path.parent, str(path)) as start:
                name = start.stdout.readline().strip()
                _kill_with_tracker(start)
            with _start(path):
                assert not _is_there(name)


def _the_timeout_of_the_work() -> None:
    """A TimeoutError of the work is not taken for a refused start."""
    fails = WORK + "        raise TimeoutError('of the work')\n"
    with _path() as path, _start(path, (WORK, fails)) as start:
        told = start.communicate("")[1]
        assert "TimeoutError: of the work" in told and "another start" not in told


def it_is_interrupted_twice() -> None:
    """A second Ctrl-C can interrupt the removal. Then the tracker removes the block."""
    with _path() as path:
        with _start(path) as start:
            name = path.read_text().strip()
            for _ in range(2):
                os.killpg(start.pid, signal.SIGINT)
            start.communicate()
            assert start.returncode != 0
            assert not _is_there(name)
        assert not _is_refused(path)


def it_is_stopped() -> None:
    """It is stopped, as by Ctrl-Z | it keeps both, and other starts are refused"""
    with _path() as path, _start(path) as start:
        os.killpg(start.pid, signal.SIGSTOP)
        assert os.WIFSTOPPED(os.waitpid(start.pid, os.WUNTRACED)[1])
        assert _is_refused(path)
        assert _is_there(path.read_text().strip())


def killed_before_the_name() -> None:
    """If a start and its tracker are killed after the start has created the block and before it
    has written the name, no start removes this block.
    """
    _killed_at_the_end()
    code = changed("started-twice/owner").partition("def main")[0]
    place = "            path.write_text(f"
    waits = "            print(block.name, flush=True); __import__('time').sleep(60)\n"
    code = code.replace(place, waits + place)
    code += "owned(Path(sys.argv[1]), b'sold', limit=1).__enter__()\n"
    with _path() as path:
        with _running(code, path.parent, str(path)) as start:
            name = start.stdout.readline().strip()
            _kill_with_tracker(start)
        with _start(path):
            pass
        assert _is_there(name)
        _remove(name)


def all_use_one_block() -> None:
    """The first start creates the block, the others attach to it, and the last one that ends
    removes it. Each start holds a shared lock while it uses the block. A start that can turn this
    lock into an exclusive one is alone, and then it may create or remove the block. A second lock
    lets one start at a time do this. Save the program in the folder of the others:

    With it, the three starts from above sell each ticket once:
    """
    shown("started-twice/joined", "fcntl.LOCK_SH", "if is_alone(users):", "Output, on", "True")
    shown("started-twice/sellers", "B sells ticket 3\nA ends\nB sells ticket 4\nC sells ticket 5")
    with _path() as path, _seller(path) as a:
        assert _sold(a) == 1
        name = path.read_text().strip()
        with _seller(path) as b:
            assert _sold(b) == 2
            a.communicate()
            assert _sold(b) == 3 and _is_there(name)
            b.communicate()
            assert not _is_there(name)
    stays = "            print('ends', flush=True); __import__('time').sleep(60)\n"
    place = "            block.close()\n"
    code = changed("started-twice/joined", (place, stays + place))
    with _path() as path, _seller(path, code) as a:
        assert _sold(a) == 1
        a.send_signal(signal.SIGINT)
        assert a.stdout.readline() == "ends\n"
        (path.parent / "joined.py").unlink()
        with _seller(path) as b:
            assert _sold(b) == 1
            b.communicate()


@contextmanager
def _seller(path: Path, joined: str = "") -> Iterator[Any]:
    """A start of sellers.py, with another joined.py."""
    if joined:
        (path.parent / "joined.py").write_text(joined, "utf-8")
    with _running(changed("started-twice/sellers"), path.parent, str(path)) as process:
        yield process


def _sold(seller: Any) -> int:
    """The number of the next ticket."""
    seller.stdin.write("\n")
    return int(seller.stdout.readline())


def sellers_are_killed() -> None:
    """A start that is killed loses its locks, so it does not count. If the last one is killed, the
    next start removes its block and creates another one. A block that a start has created and not
    yet named remains, as above; so does one whose name cannot be written, as on a full disk.

    If a start is stopped while it holds the second lock, the others raise `TimeoutError` when their
    limit is over.
    """
    place = "                path.write_text("
    told = "                print(block.name, flush=True); __import__('os').kill(0, {})\n"
    dies, stops = (told.format(int(number)) for number in (signal.SIGKILL, signal.SIGSTOP))
    with _path() as path:
        with _seller(path, changed("started-twice/joined", (place, dies + place))) as a:
            name = a.stdout.readline().strip()
            assert a.wait() == -signal.SIGKILL
        (path.parent / "joined.py").unlink()
        with _seller(path) as b:
            assert _sold(b) == 1
            b.communicate()
        assert _is_there(name)
        _remove(name)
    with (
        _path() as path,
        _seller(path, changed("started-twice/joined", (place, stops + place))) as a,
    ):
        name = a.stdout.readline().strip()
        with _seller(path, changed("started-twice/joined", ("limit=10", "limit=0.2"))) as b:
            assert "TimeoutError: tickets.lock" in b.communicate()[1]
        _remove(name)
    with _path() as path:
        with _seller(path) as a, _seller(path) as b:
            assert (_sold(a), _sold(b)) == (1, 2)
            name = path.read_text().strip()
            a.kill()
            a.communicate()
            assert _sold(b) == 3
            b.communicate()
            assert not _is_there(name)
        with _seller(path) as c:
            assert _sold(c) == 1
            name = path.read_text().strip()
            c.kill()
            c.communicate()
        assert _is_there(name)
        with _seller(path) as d:
            assert _sold(d) == 1
            assert not _is_there(name)
            d.communicate()


def no_tracker() -> None:
    """Each start attaches without the tracker. Otherwise the tracker of the start that created the
    block would remove it at the end of this start, while others use it.
    """
    created = "untracked(None, True, size)"
    code = changed("started-twice/joined", (created, "SharedMemory(create=True, size=size)"))
    code = "from multiprocessing.shared_memory import SharedMemory\n" + code
    for tracked in True, False:
        with _path() as path, _seller(path, code * tracked) as a:
            assert _sold(a) == 1
            name = path.read_text().strip()
            with _seller(path) as b:
                assert _sold(b) == 2
                _, told = a.communicate()
                assert ("leaked" in told) == tracked
                assert _is_there(name) != tracked
                b.communicate()


def a_worker_gets_the_name() -> None:
    """For the same reason, pass a worker the name of the block, not the block, and let the worker
    call `untracked(name)`: under `forkserver` and `spawn`, a block that is passed is tracked again.
    """
    method = get_start_method()
    for how in "block", "name":
        with _path() as path, _running(JOINS, path.parent, str(path), method, "alone") as a:
            name = a.stdout.readline().strip()
            with _running(JOINS, path.parent, str(path), method, how) as b:
                assert b.stdout.readline().strip() == name
                b.communicate("\n")
            is_kept = how == "name" or method == "fork"
            assert _is_there(name) == is_kept
            with _running(JOINS, path.parent, str(path), method, "alone") as c:
                assert c.stdout.readline().strip() == name * is_kept
                told = c.communicate("\n")[1]
                assert ("FileNotFoundError" in told) != is_kept
            a.communicate("\n")
            assert not _is_there(name)


def workers_that_go_on() -> None:
    """Join the workers before the end of the `with` block here, too. Otherwise the last start
    removes the block while they use it.
    """
    method = get_start_method()
    with _path() as path, _running(JOINS, path.parent, str(path), method, "goes on") as b:
        name = b.stdout.readline().strip()
        b.stdin.write("\n")
        assert b.stdout.readline() == "left\n"
        assert not _is_there(name)
        with _running(JOINS, path.parent, str(path), method, "alone") as c:
            told = c.communicate("\n")
            assert told[0].split()[0] != name and "Error" not in told[1]
        (path.parent / "over").touch()
        b.communicate()


def half_a_change() -> None:
    """A sale is a read and a write, so it needs a lock. A `Lock` cannot be shared by programs that
    were started separately, so this is a lock on a file, too. A start that is killed between the
    two can leave a change half done, if the change has more than one step.
    """
    shown("started-twice/sellers", 'with locked(path.with_suffix(".sell"), limit=10):')
    shown("started-twice/sellers", "unpack_from(", "pack_into(")


def remove_what_exists() -> None:
    """Remove a block that exists, and create a new one | A running start goes on with a block that
    nobody else finds
    """
    old = SharedMemory(create=True, size=8)
    _remove(old.name)
    new = SharedMemory(old.name, create=True, size=8)
    assert old.buf and new.buf
    old.buf[0] = 7
    assert new.buf[0] == 0
    for block in old, new:
        block.close()
    new.unlink()


def marks_stay() -> None:
    """Create a file at the start, and remove it at the end | After a kill, the file remains, and
    each start is refused

    Count the users in the block | A start that is killed is not subtracted
    """
    with _path() as path:
        killed = MARK_IS_LEFT.format(mark=f"open({str(path)!r}, 'x')")
        assert script(killed).status == -signal.SIGKILL
        assert "FileExistsError" in script(killed).stderr
        users = _attach(f"users-{os.getpid()}", create=True)
        code = f"import owner; block = owner.untracked({users.name!r}); block.buf[0] += 1"
        assert script(FIND + MARK_IS_LEFT.format(mark=code)).stdout == "marked\n"
        assert _bytes(users)[0] == 1
        users.close()
        _remove(users.name)


def a_fixed_name() -> None:
    """For example, a program in another language may look for a fixed name. Then acquire the lock,
    remove the leftover, and create the block under this name. Three things differ:

    A reader can find the block before it is filled. Write a header after the data, and
    let readers look for it.
    """
    no_fact("advice")


def an_empty_leftover() -> None:
    """A leftover can be empty, if its start was killed between creating the block and setting its
    size. Then it cannot be attached to: `SharedMemory(name)` raises `ValueError`, and the name is
    taken. On Linux, remove the file with this name in `/dev/shm`.
    """
    code = (
        "import os, signal\n"
        "os.ftruncate = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from multiprocessing.shared_memory import SharedMemory\n"
        f"SharedMemory('empty-{os.getpid()}', create=True, size=8)\n"
    )
    name = f"empty-{os.getpid()}"
    assert script(code).status == -signal.SIGKILL
    with raises(ValueError, text="cannot mmap an empty file"):
        SharedMemory(name)
    with raises(FileExistsError):
        SharedMemory(name, create=True, size=8)
    if sys.platform == "linux":
        next(Path("/dev/shm").glob(f"{name}*")).unlink()  # its run is in its name
    else:
        import _posixshmem

        _posixshmem.shm_unlink("/" + name)
    assert not _is_there(name)


def a_late_tracker() -> None:
    """If a start is killed, its tracker goes on until the children of the start have ended. Then it
    removes the block by its name, even if that is now the block of the next start. In Python 3.13
    and later, create the block with `track=False`, pass workers its name, and let them attach with
    `track=False`: a block that is passed can be tracked again. Then no tracker removes it, and
    after a kill it remains until the next start.
    """
    shown("shared-memory-vanished/track_lost", "leaked shared_memory objects")
    name = f"fixed-{os.getpid()}"
    for options in [[], ["untracked"]] if on("Python 3.13 and later") else [[]]:
        with _path() as path, _running(CREATOR, path.parent, name, *options) as start:
            assert start.stdout.readline() == "started\n"
            start.kill()
            start.wait()
            _remove(name)  # as the next start does
            _attach(name, create=True).close()
            (path.parent / "over").touch()
            start.communicate()  # until its child and its tracker have ended
            assert _is_there(name) == bool(options)
            if options:
                _remove(name)
