"""Find the task that kills its worker: a process for each."""

import os
from multiprocessing import Process


def resize(photo):
    if photo == "huge.jpg":
        os._exit(1)


def main():
    for photo in ["small.jpg", "huge.jpg", "wide.jpg"]:
        worker = Process(target=resize, args=(photo,))
        worker.start()
        worker.join()
        print(photo, "ended with exit code", worker.exitcode)


if __name__ == "__main__":
    main()
