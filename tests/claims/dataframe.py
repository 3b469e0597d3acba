"""What docs/examples/dataframe.md says."""

import pickle
import re
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from pyarrow.feather import write_feather

from tests.claims import changed, no_fact, raises, script, shown
from tests.claims._starts import IN_A_SUBMIT, SIGTERM, waits

TABLE = pa.table({"price": [1.5] * 100_000, "weight": [2.5] * 100_000})

REPLACED = """
import os
import pyarrow as pa

def write(path, number):
    table = pa.table({"price": [number] * 100_000})
    with pa.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)

write("prices.arrow", 1.5)
with pa.memory_map("prices.arrow") as source:
    prices = pa.ipc.open_file(source).read_all()["price"]
write("new.arrow", 2.5)
os.replace("new.arrow", "prices.arrow")
print(prices[90_000], flush=True)
with pa.memory_map("prices.arrow") as source:
    prices = pa.ipc.open_file(source).read_all()["price"]
pa.OSFile("prices.arrow", "w")
print(os.path.getsize("prices.arrow"), flush=True)
print(prices[90_000])
"""


@contextmanager
def _file() -> Iterator[str]:
    """A file of the table."""
    with TemporaryDirectory() as folder:
        path = str(Path(folder, "prices.arrow"))
        with pa.ipc.new_file(path, TABLE.schema) as writer:
            writer.write_table(TABLE)
        yield path


def _memory_of(path: str) -> tuple[int, int]:
    """What this process has mapped of a file, in KiB: in all, and its share of memory."""
    sums = {"Rss": 0, "Pss": 0}
    is_of_file = False
    for line in Path("/proc/self/smaps").read_text("utf-8").splitlines():
        name, _, value = line.partition(":")
        if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
            is_of_file = line.endswith(path)
        elif is_of_file and name in sums:
            sums[name] += int(value.split()[0])
    return sums["Rss"], sums["Pss"]


def _arrow_file(line: str, fault: str) -> Any:
    """Run the first program with a fault after a line; at its end, it prints what is left."""
    indent = line[: len(line) - len(line.lstrip())]
    left = "print(f'left: {[name for name in os.listdir() if name[:3] == \"tmp\"]}')"
    end = f"    try:\n        main()\n    finally:\n        {left}\n"
    return script(
        changed(
            "dataframe/arrow_file",
            (line, f"{line}{indent}{fault}\n"),
            ('__main__":\n    main()\n', f'__main__":\n{end}'),
        )
    )


def _address(table: Any) -> int:
    """Where the first column of a table is in memory."""
    address: int = table.column(0).chunk(0).buffers()[1].address
    return address


def one_file() -> None:
    """Write the table to an uncompressed Arrow file once, and let every worker open that file with
    `pa.memory_map`: all columns, including those of text, are read in place.

    `pa.memory_map`, then read an IPC file | nothing
    """
    shown("dataframe/arrow_file", '"shop": shops', "with pa.memory_map(path) as source:")
    shown("dataframe/arrow_file", "Output\nBytes of the table: 1650000\nnorth: 450000.0, bytes c")
    shown("dataframe/arrow_file", "west: 525000.0, bytes copied: 0")


def nothing_is_allocated() -> None:
    """After a worker has read the table, Arrow has allocated 0 bytes for it: the columns are in the
    mapped file, and the operating system keeps the bytes of the file in memory once, even if
    several workers map it.
    """
    shown("dataframe/arrow_file", "read_all()\n    allocated = pa.total", "bytes copied: 0")
    with _file() as path:
        maps = [pa.memory_map(path) for _ in range(3)]
        buffers = [one.read_buffer() for one in maps]
        assert len({buffer.to_pybytes() for buffer in buffers}) == 1
        mapped, share = _memory_of(path)
        assert mapped > 2.9 * share > 2.9 * 1500
        del buffers, maps


def what_is_sent() -> None:
    """Each worker receives the path of the file and the names of shops; a name and two numbers
    come back for each shop.
    """
    shown(
        "dataframe/arrow_file",
        "ProcessPoolExecutor(2, spawn, attach, [path])",
        "pool.map(turnover, shops)",
    )
    shown("dataframe/arrow_file", 'return shop, pc.sum(mine["price"]).as_py(), allocated')


def a_worker_fails() -> None:
    """If a worker raises an exception or is killed, the executor raises an error: the program
    removes the file, prints the error, and ends with exit status 1.

    The executor raises the exception of a task again in the parent, and `BrokenProcessPool` for
    a worker that is killed, apart from some cases in which it waits, as a `Pool` does.
    """
    ended = _arrow_file("def turnover(shop):\n", "    os.kill(os.getpid(), 9)")
    assert ended.stdout == "Bytes of the table: 1650000\nleft: []\n"
    assert "BrokenProcessPool: A process in the process pool was terminated" in ended.stderr
    assert ended.status == 1
    with ProcessPoolExecutor(1) as executor, raises(ZeroDivisionError):
        list(executor.map(divmod, [1], [0]))
    shown("killed-worker/pool_hangs", "os._exit(1)", "still running after")


def it_waits() -> None:
    """It waits for a worker that never ends, until you add a time limit."""
    shown("dataframe/arrow_file", "with ProcessPoolExecutor(", "in pool.map(turnover, shops):")
    shown("stop-early/time_limit", "join(")


def more() -> None:
    """More below."""
    no_fact("a reference")


def ended_by_sigterm() -> None:
    """SIGTERM raises `KeyboardInterrupt` in the parent, as Ctrl-C does, so the folder is removed
    then, too, apart from some cases in which the program can wait forever.
    """
    assert waits(changed("dataframe/arrow_file"), IN_A_SUBMIT, SIGTERM, number=2)
    ended = _arrow_file(
        '        spawn = get_context("spawn")\n', "os.kill(os.getpid(), signal.SIGTERM)"
    )
    assert ended.stdout == "Bytes of the table: 1650000\nleft: []\n"
    assert ended.stderr.splitlines()[-1] == "KeyboardInterrupt"
    assert ended.status == -signal.SIGINT


def not_inherited() -> None:
    """Under `spawn` the workers do not inherit this handler."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ProcessPoolExecutor(1, get_context("spawn")) as executor:
        found = executor.submit(signal.getsignal, signal.SIGTERM).result()
    signal.signal(signal.SIGTERM, before)
    assert found == signal.SIG_DFL


def the_parent_is_killed() -> None:
    """If the parent is killed, a thread in each worker ends the worker, but the folder remains."""
    shown("dataframe/arrow_file", "parent_process().join()\n    os._exit(1)", "Thread(target=end_")
    shown("ctrl-c", "Thread(target=end_with_parent, daemon=True).start()")
    seen = "print([name for name in os.listdir() if name[:3] == 'tmp'], flush=True); "
    ended = _arrow_file('        spawn = get_context("spawn")\n', f"{seen}os.kill(os.getpid(), 9)")
    assert "['tmp" in ended.stdout
    assert ended.status == -signal.SIGKILL


def a_task_that_exits() -> None:
    """If a task calls `sys.exit(3)`, the parent ends with exit status 3 and without a message."""
    with ProcessPoolExecutor(1) as executor, raises(SystemExit, text="3"):
        list(executor.map(sys.exit, [3]))
    alone = script("import sys\nsys.exit(3)")
    assert (alone.stdout, alone.stderr, alone.status) == ("", "", 3)


def the_block_is_removed() -> None:
    """After an error, `finally` removes the block. It calls `unlink()` first, because after an
    error during the writing, `sink` still uses the block, and `close()` raises `BufferError`,
    too. SIGTERM or SIGKILL ends the parent without it: then the workers end, too, and the
    resource tracker removes the block, with a warning.
    """
    line, handler = "    try:\n", "Thread(target=end_with_parent, daemon=True).start()"
    shown("dataframe/arrow_block", handler, "    finally:\n", "        block.unlink()")
    write = "            writer.write_table(table)\n        del"
    pool = "        with ProcessPoolExecutor("
    for place, at_end in (write, "BufferError: "), (pool, "ZeroDivisionError: "):
        indent = place[: len(place) - len(place.lstrip())]
        fault = f"{indent}print(block.name, flush=True)\n{indent}1 / 0\n{place}"
        ended = script(changed("dataframe/arrow_block", (place, fault)))
        assert ended.status == 1
        assert "ZeroDivisionError: " in ended.stderr
        assert "\n" + at_end in ended.stderr
        assert "leaked" not in ended.stderr
        (name,) = ended.stdout.split()
        with raises(FileNotFoundError):
            SharedMemory(name)
    for number in signal.SIGTERM, signal.SIGKILL:
        fault = f"print(block.name, flush=True)\n        os.kill(os.getpid(), {number})"
        ended = script(changed("dataframe/arrow_block", (line, f"{line}        {fault}\n")))
        assert ended.status == -number
        assert "1 leaked shared_memory objects" in ended.stderr
        (name,) = ended.stdout.split()
        with raises(FileNotFoundError):
            SharedMemory(name)


def converted() -> None:
    """A CSV or Parquet file has to be converted: each worker that reads one gets a copy of its
    own.
    """
    text, columns, arrow = (pa.BufferOutputStream() for _ in range(3))
    pa.csv.write_csv(TABLE, text)
    pa.parquet.write_table(TABLE, columns)
    with pa.ipc.new_file(arrow, TABLE.schema) as writer:
        writer.write_table(TABLE)
    for sink, read, is_in_place in (
        (text, pa.csv.read_csv, False),
        (columns, pa.parquet.read_table, False),
        (arrow, lambda file: pa.ipc.open_file(file).read_all(), True),
    ):
        file = sink.getvalue()
        table = read(pa.BufferReader(file))
        assert table.equals(TABLE)
        assert (0 <= _address(table) - file.address < file.size) == is_in_place


def read_like_memory() -> None:
    """`pa.memory_map(path)` maps the file: its bytes can be read like memory, as with mmap."""
    with _file() as path, pa.memory_map(path) as source:
        assert bytes(memoryview(source.read_buffer())[:6]) == b"ARROW1"


def a_filter_copies() -> None:
    """`filter` copies the rows that it finds into a new table. A slice, `sales.slice(0, 10)`, is
    not a copy, but as an argument or a result of a task it is pickled with the whole table.
    """
    found = TABLE.filter(pa.array([True] * 100_000))
    assert found.equals(TABLE)
    assert _address(found) != _address(TABLE)
    assert _address(TABLE.slice(10, 1000)) == _address(TABLE)
    assert len(pickle.dumps(TABLE.slice(0, 10))) > TABLE.nbytes


def read_only() -> None:
    """The table is read-only."""
    with raises(TypeError):
        TABLE["price"][0] = 2.5
    with raises(ValueError, text="read-only"):
        TABLE["price"].chunk(0).to_numpy()[0] = 2.5


def a_new_file() -> None:
    """To change it, write a new file under another name, and move it to the old name with
    `os.replace`: workers that have mapped the old file still read the old table. On Linux and
    macOS, opening the old file for writing makes it empty, and a worker that reads it then is
    killed by a bus error.
    """
    ended = script(REPLACED)
    assert ended.stdout == "1.5\n0\n"
    assert ended.status == -signal.SIGBUS


def in_a_block() -> None:
    """The table can also be in a SharedMemory block, as an Arrow stream. The first `with` only
    measures how big the block must be, and stores nothing.

    IPC stream in `SharedMemory`, read | nothing
    """
    shown("dataframe/arrow_block", "size = pa.MockOutputStream()", "size=size.size()")
    shown("dataframe/arrow_block", "Output\nGuest 7: row 7, bytes copied: 0")
    size = pa.MockOutputStream()
    with pa.ipc.new_stream(size, TABLE.schema) as writer:
        writer.write_table(TABLE)
    assert size.size() > TABLE.nbytes
    with raises(OSError):
        size.read()


def copied_once() -> None:
    """The table is copied once, into the block; the workers read it there."""
    shown("dataframe/arrow_block", "pa.ipc.open_stream(block.buf)", "77777, bytes copied: 0")


def kept_in_a_global() -> None:
    """Each worker opens the block in its initializer, and keeps it in a global variable: a
    `SharedMemory` object that nothing refers to closes itself.
    """
    shown("dataframe/arrow_block", "global block\n", "    block = SharedMemory(name=block_name)\n")
    shown("closed-shared-memory/block_lost", "return np.ndarray(", "Exit code of the worker: -11")


def one_object_in_a_chunk() -> None:
    """Do not put the `SharedMemory` object itself into the tasks: in a chunk of tasks all have the
    same object, and the first task that closes it closes it for the others.
    """
    block = SharedMemory(create=True, size=16)
    tasks = pickle.loads(pickle.dumps([(block, 0), (block, 1)]))  # as map does with a chunk
    tasks[0][0].close()
    with raises(TypeError):
        pa.py_buffer(tasks[1][0].buf)
    block.close()
    block.unlink()


def del_before_close() -> None:
    """`del` comes before `block.close()`: as long as an Arrow object uses the block, `close()`
    raises BufferError.
    """
    shown("dataframe/arrow_block", "del sink, writer\n", "        block.close()\n")
    block = SharedMemory(create=True, size=TABLE.nbytes + 10_000)
    sink: Any = pa.FixedSizeBufferWriter(pa.py_buffer(block.buf))
    with sink, pa.ipc.new_stream(sink, TABLE.schema) as writer:
        writer.write_table(TABLE)
    del sink, writer
    table: Any = pa.ipc.open_stream(pa.py_buffer(block.buf)).read_all()
    with raises(BufferError):
        block.close()
    del table
    block.close()
    block.unlink()


def to_pandas() -> None:
    """`to_pandas()` makes a DataFrame of an Arrow table, and may copy its columns. This measures
    what Arrow allocates for it:
    """
    shown("dataframe", "table.to_pandas(**options)\n    bytes_copied = pa.total", "(True, <StringD")


def arrow_columns() -> None:
    """With `types_mapper=pd.ArrowDtype` the DataFrame uses Arrow's memory, so every worker can have
    a DataFrame of the mapped file without a copy; only a `MultiIndex` is copied.

    `to_pandas(types_mapper=pd.ArrowDtype)` | nothing, or a `MultiIndex`
    """
    shown("dataframe", "print(copied(types_mapper=pd.ArrowDtype))\n#> (False, string[pyarrow])")
    with _file() as path:
        with pa.memory_map(path) as source:
            table = pa.ipc.open_file(source).read_all()
        frame = table.to_pandas(types_mapper=pd.ArrowDtype)
        assert _address(pa.table({"price": frame["price"].array._pa_array})) == _address(table)
        del frame, table
    plain = pd.DataFrame({"n": range(1000), "city": ["Oslo", "Lima"] * 500, "price": 1.5})
    for names, is_copied in ([], False), (["n"], False), (["city"], False), (["n", "city"], True):
        table = pa.Table.from_pandas(plain.set_index(names) if names else plain)
        before = pa.total_allocated_bytes()
        frame = table.to_pandas(types_mapper=pd.ArrowDtype)
        assert (pa.total_allocated_bytes() - before > 1000) == is_copied
        del frame, table


def texts_and_often_numbers() -> None:
    """Without it, pandas 3 does not copy texts either, but a column of the type `string`, as in
    this table, gets 8 new bytes for each row; one of `large_string`, as pandas writes it, gets
    none.

    `to_pandas()` | numbers often; of texts 8 bytes for each row, or nothing

    `pa.Table.from_pandas(frame)` makes a table of a DataFrame.
    """
    shown("dataframe", "print(copied())\n#> (True, <StringDtype(na_value=nan)>)")
    names = ["Oslo" * 100, "Lima" * 100] * 500
    by_arrow = pa.table({"city": names})
    by_pandas = pa.Table.from_pandas(pd.DataFrame({"city": names}))
    for table, kind, added in (by_arrow, "string", 8000), (by_pandas, "large_string", 0):
        assert table.schema.field("city").type == kind
        before = pa.total_allocated_bytes()
        frame: Any = table.to_pandas()
        assert added <= pa.total_allocated_bytes() - before < added + 1000
        (texts,) = frame["city"].array._pa_array.chunks
        assert texts.buffers()[2].address == table["city"].chunk(0).buffers()[2].address
        del frame, texts
    prices = TABLE["price"].chunk(0).to_numpy()
    assert not np.shares_memory(TABLE.to_pandas()["price"].to_numpy(), prices)
    blocks = TABLE.to_pandas(split_blocks=True)["price"].to_numpy()
    assert np.shares_memory(blocks, prices)


def missing_numbers() -> None:
    """Numbers may be copied, because `to_pandas()` puts columns of one type together;
    `split_blocks=True` avoids that, but a column with missing numbers, of bools, or in several
    record batches is copied all the same. `write_feather` and `to_feather` write a batch for
    every 65,536 rows, unless you pass a larger `chunksize`.
    """
    column = pa.array([1.5, None])
    frame = pa.table({"price": column}).to_pandas(split_blocks=True)
    stored = np.frombuffer(column.buffers()[1])
    assert not np.shares_memory(frame["price"].to_numpy(), stored)
    sold = pa.array([True, False])
    frame = pa.table({"sold": sold}).to_pandas(split_blocks=True)
    assert frame["sold"].to_numpy().nbytes == 2  # Arrow has a bit for each
    with TemporaryDirectory() as folder:
        path = str(Path(folder, "prices.feather"))
        for options, batches in ({}, 2), ({"chunksize": 100_000}, 1):
            for is_pandas in True, False:
                everything = {"compression": "uncompressed", **options}
                if is_pandas:
                    TABLE.to_pandas().to_feather(path, **everything)
                else:
                    write_feather(TABLE, path, **everything)
                with pa.memory_map(path) as source:
                    table = pa.ipc.open_file(source).read_all()
                chunks = [chunk.to_numpy() for chunk in table["price"].chunks]
                assert len(chunks) == batches
                assert len(chunks[0]) == (100_000 if batches == 1 else 65_536)
                prices = table.to_pandas(split_blocks=True)["price"].to_numpy()
                assert np.shares_memory(prices, chunks[0]) == (batches == 1)
                del table, chunks, prices


def over_numbers() -> None:
    """If all columns are numbers of one dtype, a DataFrame can use the memory of a shared NumPy
    array. With `copy=False`, pandas does not copy the array.
    """
    shown("dataframe/pandas_block", "copy=False", "Prices in the parent: [10.0]")
    numbers = np.zeros((3, 2))
    frame = pd.DataFrame(numbers, columns=["price", "pieces"], copy=False)
    assert np.shares_memory(frame.to_numpy(), numbers)


def attached_once() -> None:
    """Each worker calls `attach` once, in `start_worker`, before its first task; the parent calls
    it, too. The memory is a RawArray, which needs no `close()` and no `unlink()`.
    """
    shown("dataframe/pandas_block", 'spawn.RawArray("d", 1000 * 2)\n    attach(memory)')
    shown(
        "dataframe/pandas_block",
        "Executor(2, spawn, start_worker, [memory])",
        "Output\nTurnover: [10000",
    )


def a_block_works() -> None:
    """A `SharedMemory` block works as well: see A NumPy array without a copy."""
    block = SharedMemory(create=True, size=16)
    numbers = np.ndarray((1, 2), np.float64, buffer=block.buf)
    numbers[:] = [9, 2]
    frame = pd.DataFrame(numbers, columns=["price", "pieces"], copy=False)
    numbers[0, 0] += 1
    assert frame["price"].tolist() == [10]
    del frame, numbers
    block.close()
    block.unlink()


def no_lock_is_needed() -> None:
    """No two tasks change the same row, so no lock is needed. A task changes its rows in the array
    and reads them from the DataFrame, and the parent's DataFrame shows the new prices.
    """
    shown("dataframe/pandas_block", "parts = [slice(0, 500), slice(500, 1000)]")
    shown("dataframe/pandas_block", 'numbers[rows, 0] += 1\n    return float((sales["price"] *')
    shown("dataframe/pandas_block", "Prices in the parent: [10.0]")


def silent() -> None:
    """Silent: if it makes one, no error is reported, and no other process sees the change."""
    shown("dataframe", 'sales["price"] += 1', "#> [6.0, 6.0, 6.0] [5.0, 5.0, 5.0]")


def until_you_assign() -> None:
    """`DataFrame(array, copy=False)` | nothing, until you assign to it"""
    shown("dataframe", "numbers[:, 0] = 5  # to the array: the DataFrame shows it")
    shown("dataframe", "numbers[:, 0] = 8  # the new column does not show it")


def text_columns() -> None:
    """A text column cannot use such memory, because its texts have no fixed size."""
    names = np.array([["Oslo"], ["Lima"]], object)
    frame = pd.DataFrame(names, columns=["city"], copy=False)
    with raises(ValueError, TypeError):
        np.frombuffer(bytes(16), frame["city"].to_numpy().dtype)


def numbers_for_texts() -> None:
    """Use Arrow, as above. Or give each text a number with `pd.factorize`, share the numbers, and
    pass the list of texts as an argument:
    """
    shown("dataframe", "pd.factorize(", "#> [0, 1, 0] ['Oslo', 'Lima']")
    shown("dataframe/arrow_block", 'pa.table({"name": [f"Guest', "bytes copied: 0")


def missing_texts() -> None:
    """A missing text gets -1, which as an index means the last text: test for it."""
    codes, names = pd.factorize(pd.Series(["Oslo", None, "Lima"]))
    assert codes.tolist() == [0, -1, 1] and names[-1] == "Lima"


def as_an_argument() -> None:
    """a table as an argument or result of a task | all of it, each time

    An argument or a result of a task is pickled.
    """
    assert len(pickle.dumps(TABLE)) > TABLE.nbytes
    assert len(pickle.dumps(TABLE.to_pandas())) > TABLE.nbytes
    shown("numpy-array/argument", "In the parent: [100, 100, 100, 100]")


def a_small_table() -> None:
    """For a small table that is fast enough, and the program is shorter: see Collect results."""
    no_fact("a judgment")


def used_after_close() -> None:
    """`BufferError` at `close()`, or a segmentation fault after it: a table or an array still uses
    the block.
    """
    shown("closed-shared-memory/cannot_close", "BufferError: ")
    shown("closed-shared-memory/read_after_close", "Exit code of the worker: -11")


def threads_before_fork() -> None:
    """A worker hangs under `fork`: threads were running in the parent when the worker was
    forked.
    """
    shown("fork-with-threads/lock_held", "still running after")


def no_space_on_disk() -> None:
    """A mapped file on disk takes no space there."""
    shown("shared-memory-full/on_disk", "mmap(file.fileno(), 0)", "b'image'")
    shown("dataframe/arrow_file", "TemporaryDirectory() as folder", "west: 525000.0")


def the_initializer() -> None:
    """If the initializer `attach` raises an exception, for example because the file is missing,
    the executor raises `BrokenProcessPool`. With a `Pool`, the program hangs.
    """
    shown("process-pool-executor/initializer_fails", "BrokenProcessPool")
    shown("pool/initializer_raises", "still running after")
    with raises(FileNotFoundError):
        pa.memory_map("missing.arrow")


def compressed_by_default() -> None:
    """The functions `to_feather` of pandas and `write_feather` of Arrow compress by default: pass
    `compression="uncompressed"`.
    """
    frame = TABLE.to_pandas()
    for write in (frame.to_feather, lambda sink, **how: write_feather(TABLE, sink, **how)):
        for options, is_in_place in (({}, False), ({"compression": "uncompressed"}, True)):
            sink = pa.BufferOutputStream()
            write(sink, **options)
            file = sink.getvalue()
            table = pa.ipc.open_file(file).read_all()
            assert (0 <= _address(table) - file.address < file.size) == is_in_place


def compressed() -> None:
    """The columns of a compressed Arrow file are unpacked, and so copied, when it is read. This
    counts the bytes:
    """
    shown("dataframe", '#> (0, 100000)\nprint(bytes_copied("lz4"))\n#> (800000, 100000)')
