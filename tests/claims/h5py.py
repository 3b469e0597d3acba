"""What docs/frameworks/h5py.md says."""

import io
import multiprocessing
import os
import pickle
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from multiprocessing.connection import Connection
from tempfile import TemporaryDirectory
from typing import Any

from tests.claims import TIME_LIMIT, no_fact, raises, shown

HERE = find_spec("h5py") is not None
NAMES = "read", "swmr", "killed"


@contextmanager
def _file(path: str, mode: str = "r", **options: Any) -> Iterator[Any]:
    with import_module("h5py").File(path, mode, **options) as file:
        yield file


def in_each_worker() -> None:
    """Pass the path, and let each worker open the file to read. Let one process write: the workers
    return arrays, and the parent stores them.
    """
    shown("h5py/own_file", 'Pool(2, open_file, ["measured.h5"])', "north 2.0\nsouth 4.0")


def not_in_the_worker() -> None:
    """A file that was open before a fork must not be used in the worker.

    Silent. The workers end with exit code 0, and what they wrote into the file is missing.
    """
    shown("h5py/created_in_workers", "north exit code 0", "in the file: []")


class _Pausing(io.FileIO):
    """A file that, once, waits after it has moved the position."""

    gate: Connection | None = None

    def seek(self, position: int, whence: int = 0) -> int:
        found = super().seek(position, whence)
        if self.gate:
            gate, self.gate = self.gate, None
            gate.send("moved")
            gate.recv()
        return found


def _reads_right(raw: _Pausing, rows: Any, gate: Connection) -> None:
    raw.gate = gate
    gate.send(bool((rows[1500] == 1500).all()))


def wrong_data() -> None:
    """Workers read wrong data at random, also without an error.

    In an HDF5 file, that makes a read return other data, without an error, if h5py was given a
    Python file object.
    """
    if not HERE:
        return
    with TemporaryDirectory() as folder:
        path = os.path.join(folder, "data.h5")
        with _file(path, "w") as file:
            file["rows"] = [[number] * 100 for number in range(2000)]
        raw = _Pausing(path)
        file = import_module("h5py").File(raw, "r")
        rows = file["rows"]
        fork = multiprocessing.get_context("fork")
        ours, theirs = fork.Pipe()
        child = fork.Process(target=_reads_right, args=(raw, rows, theirs), daemon=True)
        child.start()
        assert ours.poll(TIME_LIMIT)
        assert ours.recv() == "moved"
        assert (rows[3] == 3).all()
        ours.send("go on")
        assert ours.poll(TIME_LIMIT)
        assert ours.recv() is False
        child.join()
        file.close()
        raw.close()


def cannot_be_pickled() -> None:
    """`TypeError: h5py objects cannot be pickled`, if a file or a dataset is passed to a process
    under `spawn` or `forkserver`, or to a pool's method under any start method.
    """
    if not HERE:
        return
    with TemporaryDirectory() as folder, _file(os.path.join(folder, "data.h5"), "w") as file:
        file["north"] = [1.5]
        for thing in (file, file["north"]):
            with raises(TypeError, text="h5py objects cannot be pickled"):
                pickle.dumps(thing)


def messages() -> None:
    """`OSError`, with `may use <h5clear file>`: the last writer did not close the file, or it still
    writes in SWMR mode.
    """
    shown(
        "h5py/writer_killed",
        "swmr=False, while it is written\n  BlockingIOError: ",
        "(unable to lock file,",
        "swmr=False, after the writer is killed\n  OSError: ",
        "(may use <h5clear file> to clear",
    )


def _hold(folder: str, gate: Connection) -> None:
    """A reader, then a writer in SWMR mode, then a writer that is killed and has a child."""
    with _file(os.path.join(folder, "read.h5")):
        gate.send("open")
        gate.recv()
    with _file(os.path.join(folder, "swmr.h5"), "w", libver="v110") as file:
        rows = file.create_dataset("rows", (1,), maxshape=(None,), dtype="f8")
        file.swmr_mode = True
        file.create_group("late")
        gate.send("open")
        gate.recv()
        rows.resize((2,))
        file.flush()
        gate.send("flushed")
        gate.recv()
        with _file(os.path.join(folder, "killed.h5"), "w") as killed:
            killed.flush()
            child = multiprocessing.get_context("fork").Process(target=gate.recv)
            child.start()
            gate.send(child.pid)
            child.join()


def held_by_another() -> None:
    """`BlockingIOError`, with `unable to lock file`: another process has the file open, and one of
    the two opens it for writing. With the mode `"w"`, the data is gone by then.

    The mode `"w"` empties a file before HDF5 asks whether another process has it open, so the data
    is lost, although `BlockingIOError` is raised. For a file that may be in use, choose `"a"`, or
    write a new file.

    A reader sees what was flushed after it calls
    `refresh()` on the dataset. Create all datasets before: new ones are not allowed in this mode,
    but no error is raised.

    Only a reader with `swmr=True` can open it then. If the writer had the same `libver` and was not
    in SWMR mode, not even that reader can.
    """
    if not HERE or sys.platform != "linux":
        return
    with TemporaryDirectory() as folder:
        read, swmr, killed = (os.path.join(folder, f"{name}.h5") for name in NAMES)
        with _file(read, "w") as file:
            file["north"] = [1.5]
        size = os.path.getsize(read)
        ours, theirs = multiprocessing.Pipe()
        holder = multiprocessing.Process(target=_hold, args=(folder, theirs))
        holder.start()
        theirs.close()
        assert ours.recv() == "open"
        for mode, left in {"r+": size, "a": size, "w": 0}.items():
            with raises(BlockingIOError, text="unable to lock file"), _file(read, mode):
                pass
            assert os.path.getsize(read) == left
        ours.send("go on")
        assert ours.recv() == "open"
        with raises(OSError, text="h5clear"), _file(swmr):
            pass
        with _file(swmr, swmr=True) as file:
            rows = file["rows"]
            assert rows.shape == (1,)
            ours.send("go on")
            assert ours.recv() == "flushed"
            assert rows.shape == (1,)
            rows.refresh()
            assert rows.shape == (2,)
        ours.send("go on")
        child = os.pidfd_open(ours.recv())
        holder.kill()
        holder.join()
        with raises(BlockingIOError, text="unable to lock file"), _file(killed):
            pass
        ours.send("end")
        assert select.select([child], [], [], TIME_LIMIT)[0]
        os.close(child)
        with _file(killed):
            pass
        for mode in ("r", "r+", "a"):
            with raises(OSError, text="h5clear"), _file(swmr, mode):
                pass
        with _file(swmr, swmr=True) as file:
            assert file["rows"].shape == (2,)
        _killed(killed, flushes=True, libver="v110")
        for with_swmr in False, True:
            with raises(OSError), _file(killed, swmr=with_swmr):
                pass


def locked_by_a_worker() -> None:
    """The other may be a worker that was forked before you closed the file.

    A worker that is forked while the file is open also keeps it locked until the worker ends, even
    if the parent has closed the file or has been killed.
    """
    # held_by_another has the parent that is killed
    if not HERE or sys.platform != "linux":
        return
    fork = multiprocessing.get_context("fork")
    with TemporaryDirectory() as folder:
        path = os.path.join(folder, "data.h5")
        ours, theirs = fork.Pipe()
        worker = fork.Process(target=theirs.recv)
        with _file(path, "w") as file:
            file["north"] = [1.5]
            worker.start()
        for mode in "r", "a", "w":
            with raises(BlockingIOError, text="unable to lock file"), _file(path, mode):
                pass
        ours.send("end")
        worker.join()
        with _file(path, "w"):
            pass


def waits_forever() -> None:
    """If the file is missing or locked, the initializer raises, and `imap` waits forever."""
    shown("pool/initializer_raises", "still running")


def its_own_copy() -> None:
    """h5py keeps parts of the file in memory, and a fork copies them. Each process then goes on
    with its own copy, and the parent writes its own over the file when it closes it.
    """
    shown("h5py/created_in_workers", "file.flush()", "in the file: []")


def replaced() -> None:
    """A worker that replaces another one opens the file in the same initializer."""
    shown("h5py/own_file", 'Pool(2, open_file, ["measured.h5"])')
    with TemporaryDirectory() as folder:
        path = os.path.join(folder, "opened")
        with multiprocessing.Pool(1, _note, [path], maxtasksperchild=1) as pool:
            workers = pool.map(_own_number, range(2), chunksize=1)
            pool.close()
            pool.join()
        with open(path, encoding="utf-8") as file:
            assert {int(line) for line in file} >= set(workers)
        assert len(set(workers)) == 2


def _note(path: str) -> None:
    with open(path, "a", encoding="utf-8") as file:
        file.write(f"{os.getpid()}\n")


def _own_number(_: int) -> int:
    return os.getpid()


def latest() -> None:
    """It needs `libver="latest"`, or `"v110"` or later."""
    if not HERE:
        return
    with TemporaryDirectory() as folder:
        path = os.path.join(folder, "data.h5")
        for options in {}, {"libver": "v108"}:
            with _file(path, "w", **options) as file, raises(OSError, ValueError, RuntimeError):
                file.swmr_mode = True
        for version in "v110", "v112", "v114", "v200", "latest":
            with _file(path, "w", libver=version) as file:
                file.swmr_mode = True


def after_the_kill() -> None:
    """After the kill of a writer in SWMR mode, the file has what was flushed."""
    shown(
        "h5py/writer_killed",
        "file.flush()",
        "swmr=True, after the writer is killed\n  north: [1.5 2.5]",
    )


def _write(path: str, flushes: bool, more: int, options: dict[str, str], gate: Connection) -> None:
    with _file(path, "w", **options) as file:
        file["north"] = [1.5] * 100
        if flushes:
            file.flush()
        for number in range(more):
            file[f"sensor{number}"] = [1.5, 2.5]
        gate.send("written")
        gate.recv()


def _killed(path: str, flushes: bool, more: int = 0, **options: str) -> None:
    ours, theirs = multiprocessing.Pipe()
    writer = multiprocessing.Process(target=_write, args=(path, flushes, more, options, theirs))
    writer.start()
    theirs.close()
    assert ours.recv() == "written"
    writer.kill()
    writer.join()
    ours.close()


def no_mark() -> None:
    """By default, the file gets no mark. If the writer has changed much since the last flush and is
    killed, the file can be damaged, also in what was flushed: opening it raises `OSError`, or with
    `swmr=True` a `RuntimeError`, for example with `bad object header version number`, or a dataset
    raises `KeyError`.
    """
    if not HERE:
        return
    with TemporaryDirectory() as folder:
        path = os.path.join(folder, "data.h5")
        _killed(path, flushes=True)
        with _file(path, "r+") as file:
            assert file["north"][0] == 1.5
        _killed(path, flushes=False)
        for error, is_swmr in (OSError, False), (RuntimeError, True):
            with raises(error, text="bad object header version number"):
                import_module("h5py").File(path, swmr=is_swmr)
        _killed(path, flushes=True, more=10_000)
        with _file(path, "r") as file, raises(KeyError):
            file["north"][0]


def another_name() -> None:
    """Write to a file of another name in the same folder, close it, and give it its name with
    `os.replace()`: readers then see a whole file, old or new.
    """
    if not HERE:
        return
    with TemporaryDirectory() as folder:
        path, new = (os.path.join(folder, name) for name in ("data.h5", "new.h5"))
        with _file(path, "w") as file:
            file["north"] = [1.5]
        with _file(path) as reader:
            with _file(new, "w") as file:
                file["north"] = [2.5]
            os.replace(new, path)
            assert reader["north"][0] == 1.5
        with _file(path) as reader:
            assert reader["north"][0] == 2.5


def one_position() -> None:
    """Every file that is open at a fork has one position for both processes. One process moves it,
    and the other reads from there:
    """
    shown("h5py/shared_position", "child reads: north\nthe parent's position: 5")


def versions() -> None:
    """Run with h5py 3.16.0 and HDF5 2.0.0.

    There is no wheel for Python 3.15 yet, so the programs that import h5py were not run there.
    """
    requirements = (
        import_module("tests.harness.read.versions").ROOT / "requirements.txt"
    ).read_text("utf-8")
    assert "h5py==3.16.0 ; python_full_version < '3.15'" in requirements
    if HERE:
        assert import_module("h5py").version.hdf5_version == "2.0.0"


def advice() -> None:
    """For an ordinary file, open it in each worker, or use `os.pread`."""
    no_fact("advice")


def one_image_a_task() -> None:
    """Send the number of the image, or the bounds of a slice, and let the worker read it. The
    parent stores each result when it arrives:
    """
    shown("h5py/each_image", "images[number]", "found[number] = result", "[  0   0 200   0]")


def where_the_time_goes() -> None:
    """If more workers do not make the program faster, measure where the time goes: the disk may be
    busy all the time. Or the results may be as large as the images, and cost time to send: then
    let the workers write into an array in shared memory.
    """
    no_fact("advice; what it costs to send is measured on the page that is linked")
