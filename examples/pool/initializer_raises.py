"""A pool starts one worker after the other, and waits forever."""

import sys
from multiprocessing import get_context


def set_up(folder):
    sys.stderr = None  # the tracebacks would never end
    raise FileNotFoundError(folder)


def main():
    context = get_context("spawn")
    with context.Pool(1, set_up, ("/data",)) as pool:
        print("The pool is there", flush=True)
        print(pool.map(abs, [-1, -2]))


if __name__ == "__main__":
    main()
