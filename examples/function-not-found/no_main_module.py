"""The main module is removed, and an empty one replaces it."""

import math
import sys
from multiprocessing import Process
from types import ModuleType


def start():
    worker = Process(target=math.sqrt, args=(2,))
    worker.start()
    worker.join()
    print("Exit code:", worker.exitcode)


def main():
    removed = sys.modules.pop("__main__")  # as some hosts do
    try:
        start()
    except KeyError as error:
        print("KeyError:", error)
    sys.modules["__main__"] = ModuleType("__main__")
    start()
    sys.modules["__main__"] = removed


if __name__ == "__main__":
    main()
