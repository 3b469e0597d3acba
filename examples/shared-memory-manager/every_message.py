"""What a SharedMemoryManager says at the wrong time."""

from multiprocessing import ProcessError
from multiprocessing.managers import SharedMemoryManager


def attempt(when, action):
    try:
        action()
    except (OSError, ProcessError, ValueError) as error:
        print(f"{when}:")
        print(f"  {type(error).__name__}: {error}")


def main():
    manager = SharedMemoryManager()
    attempt("before start()", lambda: manager.SharedMemory(100))
    manager.start()
    attempt("start() again", manager.start)
    attempt("get_server()", manager.get_server)
    manager.shutdown()
    attempt("after shutdown()", lambda: manager.SharedMemory(100))
    attempt("start() after shutdown()", manager.start)
    attempt("get_server() after shutdown()", manager.get_server)


if __name__ == "__main__":
    main()
