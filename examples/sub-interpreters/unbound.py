# /// script
# requires-python = ">=3.14"
# ///
"""What an ended interpreter had put into a queue is gone."""

from concurrent import interpreters
from concurrent.futures import InterpreterPoolExecutor


def main():
    results = interpreters.create_queue()
    with InterpreterPoolExecutor(1) as pool:
        pool.submit(results.put, "apple").result()
        pool.submit(results.put, "pear").result()
        print("inside:", results.get())
    print("after:", results.get())


if __name__ == "__main__":
    main()
