# /// script
# dependencies = ["pyarrow"]
# ///
"""Workers read an Arrow table in shared memory without a copy."""

from multiprocessing import Pool
from multiprocessing.shared_memory import SharedMemory

import pyarrow as pa
import pyarrow.compute as pc


def write(table):
    size = pa.MockOutputStream()
    with pa.ipc.new_stream(size, table.schema) as writer:
        writer.write_table(table)
    block = SharedMemory(create=True, size=size.size())
    sink = pa.FixedSizeBufferWriter(pa.py_buffer(block.buf))
    with sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return block


def attach(name):
    global block, sales
    block = SharedMemory(name=name)
    sales = pa.ipc.open_stream(pa.py_buffer(block.buf)).read_all()


def longest_name(_):
    longest = pc.max(pc.utf8_length(sales["customer"])).as_py()
    return longest, pa.total_allocated_bytes()


def main():
    table = pa.table({"customer": ["Ann", "Bartholomew", "Li"] * 1000})
    block = write(table)
    with Pool(2, initializer=attach, initargs=(block.name,)) as pool:
        print(pool.map(longest_name, range(3)))
    block.close()
    block.unlink()


if __name__ == "__main__":
    main()
