# /// script
# requires-python = ">=3.14"
# ///
"""Two interpreters fill 80 MB that the program then reads: no copy."""

from concurrent.futures import InterpreterPoolExecutor


def fill(part, value):
    with part.cast("d") as numbers:
        for index in range(0, len(numbers), 1000):
            numbers[index] = value
        return len(numbers)


def main():
    memory = memoryview(bytearray(80_000_000))
    half = len(memory) // 2
    with InterpreterPoolExecutor(2) as pool:
        tasks = [
            pool.submit(fill, memory[:half], 1.5),
            pool.submit(fill, memory[half:], 2.5),
        ]
        filled = sum(task.result() for task in tasks)
    numbers = memory.cast("d")
    print(filled, "numbers; the first and the middle one:")
    print(numbers[0], numbers[filled // 2])


if __name__ == "__main__":
    main()
