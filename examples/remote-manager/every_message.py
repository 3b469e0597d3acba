"""What is said at the wrong time, and to a wrong address or key."""

from multiprocessing.connection import Client, Listener
from multiprocessing.managers import BaseManager, SyncManager


def attempt(what, action):
    try:
        action()
    except Exception as error:
        print(f"{what}:")
        print(f"  {type(error).__name__}: {error}")


def main():
    manager = SyncManager()
    attempt("dict() before start()", manager.dict)
    attempt("start()", lambda: manager.start("load"))
    manager.start()
    attempt("start() again", manager.start)
    manager.shutdown()
    attempt("start() after shutdown()", manager.start)
    client = BaseManager(authkey=b"spring")
    attempt("connect()", client.connect)
    attempt("a list", lambda: Client(["127.0.0.1", 50000]))
    attempt("of Windows", lambda: Client(r"\\.\pipe\shop"))
    attempt("family", lambda: Listener(family="AF_SHOP"))
    with Listener() as listener:
        place = listener.address
        attempt("key", lambda: Client(place, authkey="spring"))
    attempt("accept() after close()", listener.accept)


if __name__ == "__main__":
    main()
