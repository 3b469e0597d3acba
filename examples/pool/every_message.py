"""What a Pool says to arguments and calls that it does not accept."""

from multiprocessing import Pool
from time import sleep


def attempt(what, action):
    try:
        action()
    except (TypeError, ValueError) as error:
        print(f"{what}:")
        print(f"  {type(error).__name__}: {error}")


def main():
    attempt("no worker", lambda: Pool(0))
    attempt("no task", lambda: Pool(1, maxtasksperchild=0))
    attempt("no function", lambda: Pool(1, initializer="load"))
    with Pool(1) as pool:
        attempt("no items", lambda: pool.imap(abs, [1], chunksize=0))
        attempt("no tuple", lambda: pool.apply_async(abs, (1)).get())
        result = pool.apply_async(sleep, (1,))  # a long task
        attempt("too early", result.successful)
        attempt("not closed", pool.join)


if __name__ == "__main__":
    main()
