# /// script
# requires-python = ">=3.14"
# ///
"""Two interpreters count in one buffer, with a queue as the lock."""

from concurrent import interpreters
from concurrent.futures import InterpreterPoolExecutor


def count(memory, lock):
    with memory.cast("q") as numbers:
        for _ in range(500):
            token = lock.get()
            try:
                numbers[0] += 1
            finally:
                lock.put(token)


def main():
    memory = bytearray(8)
    lock = interpreters.create_queue()
    lock.put("token")
    args = memoryview(memory), lock
    with InterpreterPoolExecutor(2) as pool:
        tasks = [pool.submit(count, *args) for _ in range(2)]
        for task in tasks:
            task.result()
    print("counted:", int.from_bytes(memory, "little"))


if __name__ == "__main__":
    main()
