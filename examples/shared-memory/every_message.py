"""What a SharedMemory says to arguments, and after close()."""

from multiprocessing.shared_memory import SharedMemory


def attempt(what, action):
    try:
        action()
    except (BufferError, OSError, TypeError, ValueError) as error:
        print(f"{what}:")
        print(f"  {type(error).__name__}: {error}")


def make(*arguments, **more):
    SharedMemory(*arguments, **more)


def main():
    attempt("no name", lambda: make())
    attempt("no size", lambda: make(create=True))
    attempt("negative", lambda: make(create=True, size=-1))
    block = SharedMemory("weather", create=True, size=8)
    try:
        attempt("twice", lambda: make("weather", True, 8))
        everything = block.buf
    finally:
        block.close()
        block.unlink()
    attempt("no longer there", lambda: make("weather"))
    attempt("unlinked twice", block.unlink)
    attempt(".buf after close()", lambda: block.buf[0])
    attempt("an old .buf", lambda: everything[0])


if __name__ == "__main__":
    main()
