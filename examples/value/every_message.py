"""What Value and Array say to arguments that they do not accept."""

import sys
from multiprocessing import Array, Value
from multiprocessing.sharedctypes import synchronized


def attempt(what, action):
    try:
        action()
    except Exception as error:
        print(f"{what}:")
        print(f"  {type(error).__name__}: {error}")


def main():
    sold = Value("i", 0)
    bare = Value("i", 0, lock=False)
    attempt("no lock", lambda: bare.get_lock())
    attempt("no such letter", lambda: Value("x"))
    attempt("no letter at all", lambda: Value(0))
    attempt("no number", lambda: Value("i", "3"))
    attempt("not a lock", lambda: Value("i", 0, lock="yes"))
    attempt("a lock twice", lambda: synchronized(sold))
    attempt("too large", lambda: Array("b", sys.maxsize))
    attempt("negative length", lambda: Array("i", -1))


if __name__ == "__main__":
    main()
