# /// script
# dependencies = ["pyarrow"]
# ///
"""Workers read an Arrow table in shared memory without a copy."""

from multiprocessing import get_context
from multiprocessing.shared_memory import SharedMemory

import pyarrow as pa
import pyarrow.compute as pc


def copy_to_block(table):
    size = pa.MockOutputStream()
    with pa.ipc.new_stream(size, table.schema) as writer:
        writer.write_table(table)
    block = SharedMemory(create=True, size=size.size())
    sink = pa.FixedSizeBufferWriter(pa.py_buffer(block.buf))
    with sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return block


def find(name, city):
    block = SharedMemory(name=name)
    stream = pa.ipc.open_stream(pa.py_buffer(block.buf))
    guests = stream.read_all()
    allocated = pa.total_allocated_bytes()
    found = pc.sum(pc.equal(guests["city"], city)).as_py()
    del guests, stream
    block.close()
    return city, found, allocated


def main():
    cities = ["Oslo", "Lima", "Kyoto", "Lima"] * 25_000
    block = copy_to_block(pa.table({"city": cities}))
    tasks = [(block.name, city) for city in ("Oslo", "Lima")]
    with get_context("spawn").Pool(2) as pool:
        for city, found, allocated in pool.starmap(find, tasks):
            print(f"{city}: {found}, bytes copied: {allocated}")
    block.close()
    block.unlink()


if __name__ == "__main__":
    main()
