"""What can be an argument of a pool's task, and what cannot."""

import pickle
from mmap import mmap
from multiprocessing import Array, Event, Lock, Manager, Queue, Value
from multiprocessing.managers import SharedMemoryManager


def main():
    with Manager() as manager, SharedMemoryManager() as memory:
        tools = [Value("i"), Array("i", 3), Queue(), Lock(), Event()]
        tools += [mmap(-1, 8), memory.SharedMemory(8)]
        tools += [memory.ShareableList([1]), manager.dict()]
        for tool in tools:
            try:
                pickle.dumps(tool)
                answer = "yes"
            except (RuntimeError, TypeError) as error:
                answer = f"no: {type(error).__name__}"
            print(f"{type(tool).__name__:18} {answer}")


if __name__ == "__main__":
    main()
