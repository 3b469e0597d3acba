"""What docs/examples/strings-and-structures.md says."""

import os
import pickle
import signal
import struct
import tempfile
from ctypes import Structure, c_int
from multiprocessing import Array, Manager, Pipe, Process, Value
from multiprocessing.connection import Connection
from multiprocessing.managers import SyncManager
from multiprocessing.shared_memory import ShareableList, SharedMemory
from multiprocessing.synchronize import RLock as RLockType
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.claims import changed, no_fact, raises, script, shown
from tests.claims._recorders import RecordedLock, calls_of
from tests.claims._starts import CTRL_C, MANAGER_ENDS, SIGTERM, ends


def three_ways() -> None:
    """To share a string whose greatest length you know, use `Array("c", n)`. For a record with
    named fields, use a ctypes `Structure` in a `Value`. For a string of any length, use a
    `Manager`.
    """
    shown("strings-and-structures/text", 'Array("c", 20)', "Output\nwaiting\nready: café")
    shown("strings-and-structures/structure", "Value(Order,", "Output\ncrème 3 4.5")
    shown("strings-and-structures/any_length", 'manager.Value("u",', "Output\nReport of the café")


def twenty_bytes() -> None:
    """`Array("c", 20)` is a block with room for 20 bytes. It has a lock, and reading or setting
    `status.value` acquires that lock.
    """
    lock = RecordedLock()
    status: Any = Array("c", 20, lock=lock)  # type: ignore[call-overload]
    assert len(status.raw) == 20
    for use in (lambda: status.value, lambda: setattr(status, "value", b"x" * 20)):
        lock.calls.clear()
        use()
        assert lock.calls == ["acquire", "release"]
    with raises(ValueError):
        status.value = b"x" * 21
    assert hasattr(Array("c", 20), "get_lock")


def bytes_not_text() -> None:
    """An `Array("c", ...)` holds bytes, not `str`. Call `encode` before you write, and `decode`
    after you have read.
    """
    status: Any = Array("c", 20)
    with raises(TypeError):
        status.value = "ready"
    assert isinstance(status.value, bytes)
    shown("strings-and-structures/text", '"ready: café".encode()', "status.value.decode()")


def zero_bytes() -> None:
    """`status.value` ends before the first zero byte, so it cuts off data that contains zero
    bytes. `status.raw` is all 20 bytes, and after the zero byte it may still contain the end of
    an earlier, longer text.
    """
    status: Any = Array("c", 20)
    status.value = b"ab\0cd"
    assert status.value == b"ab"
    assert status.raw == b"ab\0cd".ljust(20, b"\0")
    status.value = b"x"
    assert status.raw == b"x\0\0cd".ljust(20, b"\0")


def counted_in_bytes() -> None:
    """The room is counted in bytes. A letter such as é needs two bytes in UTF-8. A text that is
    too long raises `ValueError`:
    """
    shown("strings-and-structures", "#> b'done' 4 5", "#> ValueError: byte string too long")
    assert len("é".encode()) == 2


def characters() -> None:
    """With the type code `"u"`, an `Array` holds characters, and needs no `encode`. But this
    array itself has no `.value`: if you set it, the text is lost, and no error is reported. The
    object that `.get_obj()` returns has a `.value`:
    """
    shown("strings-and-structures", 'status.value = "lost"\nprint(repr(status.get_obj().value))')
    shown("strings-and-structures", "#> ''\n", 'status.get_obj().value = "café"', "#> 'café'")
    assert not hasattr(Array("u", 8), "value")


def not_a_pointer() -> None:
    """Do not use `Value(c_char_p, b"...")`: it shares an address, not the text.

    A text in a `Value(c_char_p)`: garbage or a segmentation fault.
    """
    shown("string-in-value/crash", "c_char_p", "Output")
    shown("string-in-value/pointer", "c_char_p", "Output")


def at_module_level() -> None:
    """The class is defined at module level, so that a worker can import it under `spawn` and
    `forkserver`.
    """

    class Local(Structure):
        _fields_ = (("crates", c_int),)

    with raises(AttributeError, pickle.PicklingError, text="local"):
        pickle.dumps(Local)
    shown("strings-and-structures/structure", "\nclass Order(Structure):", "Output\ncrème")
    shown("ctypes-structure/local_structure", "The worker was not started")


def more() -> None:
    """The page ctypes Structure has more."""
    shown("ctypes-structure/array_of_structures", "Structure", "Output")


def a_record() -> None:
    """`pack_into` writes a record into the block, and `unpack_from` reads it."""
    shown("strings-and-structures/packed", "ORDER.pack_into(block.buf", "ORDER.unpack_from(")
    shown("strings-and-structures/packed", "Output\napple 4 3.0\ncafé 1 9.5")


def a_format() -> None:
    """`struct` describes a record by a format: `16s` is 16 bytes, `i` an integer of 4 bytes, and
    `d` a float of 8 bytes.
    """
    assert [struct.calcsize(f"={one}") for one in ("16s", "i", "d", "16sid")] == [16, 4, 8, 28]
    assert struct.calcsize("16sid") > 28
    shown("strings-and-structures/packed", 'struct.Struct("=16sid")')


def cut_off() -> None:
    """Unlike `.value` above, `16s` cuts off a longer text without an error. If the cut is in the
    middle of a letter, `decode` raises `UnicodeDecodeError` later.
    """
    shown("strings-and-structures", 'struct.pack("4s", b"apple")', "#> b'appl'\n")
    (cut,) = struct.unpack("4s", struct.pack("4s", "café".encode()))
    with raises(UnicodeDecodeError):
        cut.decode()


def a_block_has_no_lock() -> None:
    """A block has no lock, so here the parent does not read before the worker has ended."""
    assert not hasattr(SharedMemory, "get_lock")
    shown("strings-and-structures/packed", "clerk.join()\n", "for place in", "unpack_from")


def a_fixed_room() -> None:
    """A ShareableList holds `str` without `encode`, together with numbers. Each item has a fixed
    room, which depends on its first text. That room is counted in characters, not in bytes: a
    first text with letters that are not ASCII can lose its end, or raise `UnicodeDecodeError` when
    it is read. A `ShareableList` has no lock.
    """
    shown("strings-and-structures/shareable_list", '["apple juice", 1, 3.0]', "['café', 3, 3.0]")
    shown("strings-and-structures/shareable_list", "ValueError: bytes/str item exceeds available")
    lost = ShareableList(["é" * 7, "日" * 7])
    assert lost[0] == "é" * 4
    with raises(UnicodeDecodeError):
        lost[1]
    assert not hasattr(lost, "get_lock")
    lost.shm.close()
    lost.shm.unlink()


def of_a_manager() -> None:
    """A manager keeps the object in a process of its own, and each access is a message to that
    process. The string can grow. The type code `"u"` has no effect here.

    `report.value +=` is a read and a write.
    """
    with Manager() as manager:
        for code in ("u", "i", "no type code"):
            report = manager.Value(code, "a")
            calls = calls_of(report)
            report.value += "b" * 1_000
            assert calls == ["get", "set"]
            assert report.value == "a" + "b" * 1_000
    shown("strings-and-structures/any_length", "Order 2: packed")


def a_lock_of_your_own() -> None:
    """If several workers do that, hold a lock of your own around it."""
    no_fact("advice")


def updates() -> None:
    """Otherwise, updates can be lost."""
    with Manager() as manager:
        report = manager.Value("u", "")
        seen_by_one, seen_by_other = report.value, report.value
        report.value = seen_by_one + "one"
        report.value = seen_by_other + "other"
        assert report.value == "other"


def _fail(status: Any) -> None:
    if status.raw[0]:
        os._exit(1)


def _be_killed(to_parent: Connection, folder: str) -> None:
    tempfile.tempdir = folder  # nothing is cleaned up by this process
    manager: Any = SyncManager(("127.0.0.1", 0))
    manager.start()
    to_parent.send(manager._process.pid)
    os.kill(os.getpid(), signal.SIGKILL)


def a_worker_fails() -> None:
    """If the worker fails, each program of this page prints its exit code, and ends with exit
    status 1.

    After an exception or `sys.exit(3)` the code is 1 or 3; after a kill it is negative.
    """
    for program, function, fault, code in (
        ("text", "def brew(status):\n", "1 / 0", 1),
        ("structure", "def change(order):\n", "os.kill(os.getpid(), 9)", -9),
        ("packed", "def fill(block, orders):\n", "sys.exit(3)", 3),
        ("shareable_list", "def change(order):\n", "os._exit(7)", 7),
        ("any_length", "def write(report):\n", "1 / 0", 1),
    ):
        fails = f"{function}    import os; {fault}\n"
        ended = script(changed(f"strings-and-structures/{program}", (function, fails)))
        assert (ended.stdout.replace("waiting\n", ""), ended.status) == ("", 1)
        name = "Process-2" if program == "any_length" else "Process-1"
        assert ended.stderr.endswith(f"{name}: exit code {code}\n")
        assert "leaked" not in ended.stderr


def a_time_limit() -> None:
    """If it may be stopped, or may never end, set a time limit."""
    no_fact("advice")


def without_the_test() -> None:
    """`join()` returns for a failed worker as for any other. Without the test of `exitcode`, the
    parent would read the old text, or zeros, and end with exit status 0.
    """
    status: Any = Array("c", 20)
    status.value = b"waiting"
    machine = Process(target=_fail, args=(status,))
    machine.start()
    machine.join()
    assert (status.value, machine.exitcode) == (b"waiting", 1)


def a_killed_worker() -> None:
    """A worker that is killed may have written a part of what it writes, and may still hold the
    lock: then the next reading of `status.value` would wait forever, so the parent ends without
    it.
    """
    shown("lock-holder-killed/terminated", "worker.terminate()", "still running after 5 s")
    shown("strings-and-structures/text", "if machine.exitcode:\n        sys.exit(")
    lock = RecordedLock()
    status: Any = Array("c", 20, lock=lock)  # type: ignore[call-overload]
    assert status.value == b"" and lock.calls == ["acquire", "release"]


def in_finally() -> None:
    """The programs with a block remove it in `finally`. SIGTERM or SIGKILL ends the parent without
    that: when the worker has ended, too, the resource tracker removes the block, with a warning.
    """
    shown("strings-and-structures/packed", "    finally:\n", "        block.unlink()\n")
    shown("strings-and-structures/shareable_list", "    finally:\n", "     order.shm.unlink()\n")
    line = "        clerk.join()\n"
    for number in signal.SIGTERM, signal.SIGKILL:
        fault = f"        print(block.name, flush=True)\n        os.kill(os.getpid(), {number})\n"
        program = changed("strings-and-structures/packed", (line, fault + line))
        ended = script(f"import os\n{program}")
        assert ended.status == -number
        assert "1 leaked shared_memory objects" in ended.stderr
        (name,) = ended.stdout.split()
        with raises(FileNotFoundError):
            SharedMemory(name)


def the_manager_goes_on() -> None:
    """If the parent is killed, the manager goes on: start it with an initializer that watches the
    parent.
    """
    receiver, sender = Pipe(duplex=False)
    with TemporaryDirectory() as folder:
        parent = Process(target=_be_killed, args=(sender, folder))
        parent.start()
        manager = receiver.recv()
        parent.join()
        assert parent.exitcode == -signal.SIGKILL
        assert Path(f"/proc/{manager}/stat").read_text("utf-8").split()[2] != "Z"
        os.kill(manager, signal.SIGKILL)
    receiver.close()
    sender.close()
    shown(
        "object-on-a-server/warehouse", "manager.start(watch_parent)\n", "parent_process().join()"
    )


def the_end_is_interrupted() -> None:
    """If that or Ctrl-C interrupts the end of the block, the last lines end the manager."""
    for arrives in CTRL_C, SIGTERM:
        assert ends("strings-and-structures/any_length", MANAGER_ENDS, arrives)


def the_manager_ends() -> None:
    """The handler lets the `with` block end the manager when the program gets SIGTERM. If the
    manager is killed, the next access raises an exception, in the worker or in the parent.
    """
    line = "        print(report.value)\n"
    for access, status, told in (
        ("os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGINT, "KeyboardInterrupt\n"),
        ("manager._process.kill(); manager._process.join()", 1, "Error"),
    ):
        program = changed("strings-and-structures/any_length", (line, f"        {access}\n{line}"))
        ended = script(f"import os\n{program}")
        assert (ended.stdout, ended.status) == ("", status)
        assert told in ended.stderr


def the_lock_is_kept() -> None:
    """A process is killed while it holds the lock of an `Array` or a `Value`: every other process
    that needs the lock waits forever.
    """
    shown("lock-holder-killed/terminated", "worker.terminate()", "still running after 5 s")
    shown("string-in-value/crash", "Value(", "Lock free: False")
    assert type(Array("c", 20).get_lock()) is type(Value("i").get_lock()) is RLockType


def without_the_lock() -> None:
    """Two fields are changed without the lock: another process can see one new and one old."""
    shown("raw-value/torn", "Barrier", "Output")


def never_unlinked() -> None:
    """A `SharedMemory` block of your own is never unlinked. The programs above call `unlink()` in
    `finally`.
    """
    shown("leaked-shared-memory/never_unlinked", "leaked shared_memory objects")
    shown("strings-and-structures/packed", "    finally:\n", "block.unlink()")
    shown("strings-and-structures/shareable_list", "    finally:\n", "order.shm.unlink()")


def another_format() -> None:
    """The reader has another format than the writer: it reads wrong numbers."""
    shown("layout-differs/old_reader", "read: (120, 2.2e-322)")
