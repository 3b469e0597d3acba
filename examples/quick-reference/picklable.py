"""What can be an argument of a pool's task, and what cannot."""

from mmap import mmap
from multiprocessing import (
    Array,
    Event,
    Lock,
    Manager,
    Queue,
    RawArray,
    Value,
)
from multiprocessing.managers import SharedMemoryManager
from multiprocessing.reduction import ForkingPickler


def main():
    with Manager() as manager, SharedMemoryManager() as memory:
        tools = [Value("i"), Array("i", 3), RawArray("d", 3), Queue()]
        tools += [Lock(), Event(), mmap(-1, 8)]
        tools += [memory.SharedMemory(8)]
        tools += [memory.ShareableList([1]), manager.dict()]
        for tool in tools:
            try:
                ForkingPickler.dumps(tool)
                answer = "yes"
            except (RuntimeError, TypeError) as error:
                answer = f"no: {type(error).__name__}"
            print(f"{type(tool).__name__:18} {answer}")


if __name__ == "__main__":
    main()
