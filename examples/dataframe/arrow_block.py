# /// script
# dependencies = ["pyarrow"]
# ///
"""Workers read an Arrow table in shared memory without a copy."""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from multiprocessing.shared_memory import SharedMemory
from threading import Thread

import pyarrow as pa


def end_with_parent():
    parent_process().join()
    os._exit(1)


def attach(block_name):
    global block
    Thread(target=end_with_parent, daemon=True).start()
    block = SharedMemory(name=block_name)


def find(key):
    names = pa.ipc.open_stream(block.buf).read_all()["name"]
    copied = pa.total_allocated_bytes()
    return f"{key}: row {names.index(key)}, bytes copied: {copied}"


def main():
    table = pa.table({"name": [f"Guest {n}" for n in range(100_000)]})
    size = pa.MockOutputStream()
    with pa.ipc.new_stream(size, table.schema) as writer:
        writer.write_table(table)
    block = SharedMemory(create=True, size=size.size())
    try:
        sink = pa.FixedSizeBufferWriter(pa.py_buffer(block.buf))
        with sink, pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        del sink, writer
        spawn, args = get_context("spawn"), [block.name]
        with ProcessPoolExecutor(2, spawn, attach, args) as pool:
            print(*pool.map(find, ["Guest 7", "Guest 77777"]), sep="\n")
    finally:
        block.unlink()
        block.close()


if __name__ == "__main__":
    main()
