# /// script
# dependencies = ["pyarrow"]
# ///
"""Workers read an Arrow table in shared memory without a copy."""

from multiprocessing import get_context
from multiprocessing.shared_memory import SharedMemory

import pyarrow as pa


def find(block_name, name):
    block = SharedMemory(name=block_name)
    table = pa.ipc.open_stream(pa.py_buffer(block.buf)).read_all()
    row = table["name"].index(name).as_py()
    allocated = pa.total_allocated_bytes()
    del table
    block.close()
    return f"{name}: row {row}, bytes copied: {allocated}"


def main():
    names = [f"Guest {number}" for number in range(100_000)]
    table = pa.table({"name": names})
    size = pa.MockOutputStream()
    with pa.ipc.new_stream(size, table.schema) as writer:
        writer.write_table(table)
    block = SharedMemory(create=True, size=size.size())
    sink = pa.FixedSizeBufferWriter(pa.py_buffer(block.buf))
    with sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    del sink, writer
    tasks = [(block.name, "Guest 7"), (block.name, "Guest 77777")]
    with get_context("spawn").Pool(2) as pool:
        print(*pool.starmap(find, tasks), sep="\n")
    block.close()
    block.unlink()


if __name__ == "__main__":
    main()
