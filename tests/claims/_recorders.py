"""Records what a tool does: the calls of a proxy, the use of a lock, the pickling of an item."""

from threading import current_thread
from typing import Any


class RecordedLock:
    """A lock that holds nobody up, and records what is done with it."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def acquire(self) -> None:
        """As a lock does."""
        self.calls.append("acquire")

    def release(self) -> None:
        """As a lock does."""
        self.calls.append("release")

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *error: object) -> None:
        self.release()


class PickledItem:
    """Arrives as 7, and notes the thread in which it is pickled."""

    def __init__(self, threads: list[str]) -> None:
        self.threads = threads

    def __reduce__(self) -> tuple[type[int], tuple[int]]:
        self.threads.append(current_thread().name)
        return int, (7,)


class NeedsTwo(Exception):
    """Cannot be rebuilt: pickle calls it with the one argument that it has passed on."""

    def __init__(self, item: str, crates: int) -> None:
        super().__init__(f"{crates} crates of {item}")


def calls_of(proxy: Any) -> list[str]:
    """The methods that the proxy will call, as it calls them."""
    calls: list[str] = []
    call = proxy._callmethod

    def recorded(name: str, *arguments: Any) -> Any:
        calls.append(name)
        return call(name, *arguments)

    proxy._callmethod = recorded
    return calls
