"""The object that a manager holds for all workers."""

from threading import Lock


class Counter:
    """Counts; several threads of the manager may call it at the same time."""

    def __init__(self) -> None:
        self.count = 0
        self.lock = Lock()

    def add(self) -> int:
        """Count one more, and give the new count."""
        with self.lock:
            self.count += 1
            return self.count


only = Counter()


def counter() -> Counter:
    """The same counter in each call."""
    return only
