"""What Python says to a start method or module list that is wrong."""

import json
from multiprocessing import get_context, set_forkserver_preload


def attempt(what, action):
    try:
        action()
    except (TypeError, ValueError) as error:
        print(f"{what}:")
        print(f"  {type(error).__name__}: {error}")


def main():
    spawn = get_context("spawn")
    attempt("a name", lambda: get_context("forked"))
    attempt("a context", lambda: spawn.set_start_method("fork"))
    attempt("a module", lambda: set_forkserver_preload([json]))


if __name__ == "__main__":
    main()
