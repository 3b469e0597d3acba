"""Each process that takes too long writes where it is."""

import faulthandler
import re
from multiprocessing import Lock, Process
from pathlib import Path
from tempfile import TemporaryDirectory


def bill(lock, path):
    file = open(path, "w")
    faulthandler.dump_traceback_later(4, exit=True, file=file)
    with lock:
        pass


def main():
    lock = Lock()
    with TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("parent", "worker")]
        worker = Process(target=bill, args=(lock, paths[1]))
        with lock, paths[0].open("w") as file:
            worker.start()
            faulthandler.dump_traceback_later(1, file=file)
            worker.join()
            faulthandler.cancel_dump_traceback_later()
        for path in paths:
            print(f"The {path.name}:")
            print(re.sub(r'".*[/\\]', '"', path.read_text()), end="")
    print("Exit code of the worker:", worker.exitcode)


if __name__ == "__main__":
    main()
