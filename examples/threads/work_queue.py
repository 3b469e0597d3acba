# /// script
# requires-python = ">=3.13"
# ///
"""Two threads work on a queue; a job that failed goes back into it."""

from contextlib import suppress
from queue import Queue, ShutDown
from threading import Thread

done = []


def resize(photo, attempt):
    if photo == "b.jpg" and attempt == 1:
        raise OSError("disk not ready")
    return f"{photo} resized in attempt {attempt}"


def work(jobs):
    with suppress(ShutDown):
        for photo, attempt in iter(jobs.get, None):
            try:
                done.append(resize(photo, attempt))
            except Exception as error:
                if attempt < 3:
                    jobs.put((photo, attempt + 1))
                else:
                    done.append(f"{photo} failed: {error}")
            finally:
                jobs.task_done()


def main():
    jobs = Queue()
    workers = [Thread(target=work, args=(jobs,)) for _ in range(2)]
    try:
        for worker in workers:
            worker.start()
        for photo in "a.jpg", "b.jpg", "c.jpg":
            jobs.put((photo, 1))
        jobs.join()
    finally:
        jobs.shutdown(immediate=True)
    for worker in workers:
        worker.join()
    print(*sorted(done), sep="\n")


if __name__ == "__main__":
    main()
