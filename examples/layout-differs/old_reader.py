"""A reader of an older version reads numbers that nobody wrote."""

from multiprocessing import Process, SimpleQueue
from multiprocessing.shared_memory import SharedMemory
from struct import calcsize, pack_into, unpack_from

OLD = "=qd"  # visitors, temperature
NEW = "=qqd"  # visitors, children, temperature


def read(block, answer):
    answer.put(unpack_from(OLD, block.buf))
    block.close()


def main():
    block = SharedMemory(create=True, size=calcsize(NEW))
    try:
        pack_into(NEW, block.buf, 0, 120, 45, 21.5)
        answer = SimpleQueue()
        reader = Process(target=read, args=(block, answer))
        reader.start()
        print("written:", (120, 45, 21.5))
        print("read:", answer.get())
        reader.join()
        answer.close()
    finally:
        block.close()
        block.unlink()


if __name__ == "__main__":
    main()
