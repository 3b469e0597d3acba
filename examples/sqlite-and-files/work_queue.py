"""Three workers take jobs from a table; each job is done once."""

import signal
import sys
from multiprocessing import Process, active_children
from multiprocessing.connection import wait
from tempfile import TemporaryDirectory

from jobs import ADD, MAKE, RESET, SHOW, TAKE, connect, run_worker


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    with TemporaryDirectory() as folder:
        path = f"{folder}/jobs.db"
        with connect(path) as db:
            db.execute(MAKE)
            for photo in "beach", "bridge", "castle", "harbor":
                db.execute(ADD, [photo])
            db.execute(TAKE).fetchall()  # as a worker that has died
            db.execute(RESET)
        args = (path,)
        workers = [Process(target=run_worker, args=args) for _ in "ABC"]
        try:
            for worker in workers:
                worker.start()
            running = {worker.sentinel: worker for worker in workers}
            while running:
                for sentinel in wait(running):
                    worker = running.pop(sentinel)
                    worker.join()
                    if code := worker.exitcode:
                        sys.exit(f"{worker.name}: exit code {code}")
        finally:
            for worker in active_children():
                worker.kill()
                worker.join()
        with connect(path) as db:
            for row in db.execute(SHOW):
                print(*row)


if __name__ == "__main__":
    main()
