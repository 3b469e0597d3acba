"""What a ShareableList says of a place or value that it lacks."""

from multiprocessing.shared_memory import ShareableList


def attempt(what, action):
    try:
        action()
    except (IndexError, TypeError, ValueError) as error:
        print(f"{what}:")
        print(f"  {type(error).__name__}: {error}")


def main():
    order = ShareableList(["tea", 2])
    try:
        attempt("read", lambda: order[2])
        attempt("write", lambda: order.__setitem__(2, "milk"))
        attempt("index()", lambda: order.index("milk"))
    finally:
        order.shm.close()
        order.shm.unlink()
    attempt("after close()", lambda: order[0])


if __name__ == "__main__":
    main()
