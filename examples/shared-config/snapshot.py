"""A copy is read cheaply; a version number tells when it is old."""

import signal
import sys
from multiprocessing import Manager, Process, Value, active_children


class Config:
    def __init__(self, shared, version):
        self._shared, self._version = shared, version
        self._seen, self._copy, self.copied = -1, {}, 0

    def __getitem__(self, name):
        version = self._version.value
        if version != self._seen:
            self._copy = self._shared.copy()
            self._seen = version
            self.copied += 1
        return self._copy[name]


def widen(shared, version):
    with version.get_lock():
        shared["width"] = 800
        version.value += 1


def main():
    version = Value("q", 0)
    with Manager() as manager:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
        shared = manager.dict(width=640)
        config = Config(shared, version)
        print([config["width"] for photo in range(3)])
        operator = Process(target=widen, args=(shared, version))
        operator.start()
        operator.join()
        if operator.exitcode:
            sys.exit(f"{operator.name}: exit code {operator.exitcode}")
        print([config["width"] for photo in range(3)])
        print("Copied", config.copied, "times for 6 reads")


if __name__ == "__main__":
    try:
        main()
    finally:
        for child in active_children():
            child.kill()
