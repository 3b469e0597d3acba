"""Three processes append lines to one file; all arrive whole."""

import signal
import sys
from multiprocessing import Lock, Process, active_children
from multiprocessing.connection import wait
from pathlib import Path
from tempfile import TemporaryDirectory


def write_log(path, name, lock):
    for number in range(100):
        with lock, open(path, "a", encoding="utf-8") as log:
            log.write(f"{name} {number}\n")


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    lock, running = Lock(), {}
    with TemporaryDirectory() as folder:
        path = Path(folder, "visits.log")
        try:
            for name in ["Ada", "Bob", "Eve"]:
                args = path, name, lock
                writer = Process(target=write_log, args=args, name=name)
                writer.start()
                running[writer.sentinel] = writer
            while running:
                for sentinel in wait(running):
                    writer = running.pop(sentinel)
                    writer.join()
                    if code := writer.exitcode:
                        sys.exit(f"{writer.name}: exit code {code}")
        finally:
            for writer in active_children():
                writer.kill()
                writer.join()
        lines = path.read_text("utf-8").splitlines()
    print("Lines:", len(lines), "different:", len(set(lines)))
    print("Words in each:", {len(line.split()) for line in lines})


if __name__ == "__main__":
    main()
