"""A file without a name goes to a worker as its descriptor."""

import os
import signal
import sys
import tempfile
from multiprocessing import Pipe, Process
from multiprocessing.reduction import DupFd


def add_up(end, jobs):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end.close()
    with open(jobs.recv().detach(), encoding="utf-8") as file:
        jobs.send(sum(int(line.split(",")[1]) for line in file))


def main():
    end, jobs = Pipe()
    worker = Process(target=add_up, args=(end, jobs), daemon=True)
    worker.start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    jobs.close()
    with tempfile.TemporaryFile("w", encoding="utf-8") as file:
        try:
            file.writelines(f"day {n},{n}\n" for n in range(1000))
            file.flush()
            os.lseek(file.fileno(), 0, os.SEEK_SET)
            end.send(DupFd(file.fileno()))
            print("total:", end.recv())
        except (EOFError, ConnectionError):
            worker.join()
            sys.exit(f"no total: exit code {worker.exitcode}")
        finally:
            worker.kill()
        position = os.lseek(file.fileno(), 0, os.SEEK_CUR)
        print("the worker has moved the position to", position)


if __name__ == "__main__":
    main()
