"""What can be an argument of a pool's task, and what cannot."""

import pickle
from mmap import mmap
from multiprocessing import (
    Array,
    Event,
    JoinableQueue,
    Lock,
    Manager,
    Queue,
    RawArray,
    SimpleQueue,
    Value,
)
from multiprocessing.managers import SharedMemoryManager


def main():
    with Manager() as manager, SharedMemoryManager() as memory:
        for tool in [
            Value("i"),
            Array("i", 3),
            RawArray("i", 3),
            Queue(),
            SimpleQueue(),
            JoinableQueue(),
            Lock(),
            Event(),
            mmap(-1, 8),
            memory.SharedMemory(8),
            memory.ShareableList([1, 2]),
            manager.dict(),
            manager.Lock(),
        ]:
            try:
                pickle.dumps(tool)
                answer = "yes"
            except (RuntimeError, TypeError, pickle.PicklingError) as e:
                answer = f"no: {type(e).__name__}"
            print(f"{type(tool).__name__:18} {answer}")


if __name__ == "__main__":
    main()
