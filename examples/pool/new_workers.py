"""maxtasksperchild counts chunks: how many processes did the work?"""

import os
from multiprocessing import get_context


def which_process(page):
    return os.getpid()


def main():
    ctx = get_context("spawn")
    with ctx.Pool(1) as pool:
        seen = set(pool.map(which_process, range(6), chunksize=1))
        print("No limit:", len(seen))
    for size in [1, 3]:
        with ctx.Pool(1, maxtasksperchild=1) as pool:
            seen = set(pool.map(which_process, range(6), size))
            print(f"One task each, chunksize={size}:", len(seen))


if __name__ == "__main__":
    main()
