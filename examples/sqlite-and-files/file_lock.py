"""Three processes count in a text file, one at a time."""

import signal
import sys
from multiprocessing import Process, active_children
from pathlib import Path
from tempfile import TemporaryDirectory

if sys.platform == "win32":
    import msvcrt

    def lock(file):
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
else:
    import fcntl

    def lock(file):
        fcntl.flock(file, fcntl.LOCK_EX)


def count(counter):
    for _ in range(50):
        with open(f"{counter}.lock", "w") as guard:
            lock(guard)
            counter.write_text(str(int(counter.read_text()) + 1))


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    with TemporaryDirectory() as folder:
        counter = Path(folder, "visitors.txt")
        counter.write_text("0")
        doors = [Process(target=count, args=(counter,)) for _ in "ABC"]
        try:
            for door in doors:
                door.start()
            for door in doors:
                door.join()
                if code := door.exitcode:
                    sys.exit(f"{door.name}: exit code {code}")
        finally:
            for door in active_children():
                door.kill()
                door.join()
        print("Visitors through 3 doors:", counter.read_text())


if __name__ == "__main__":
    main()
