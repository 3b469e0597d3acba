"""A child inherits environment variables and working directory."""

import os
from multiprocessing import Process, Queue
from tempfile import TemporaryDirectory


def report(found):
    found.put((os.environ.get("REGION"), os.path.basename(os.getcwd())))


def main():
    os.environ["REGION"] = "north"
    start = os.getcwd()
    with TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "orders"))
        os.chdir(os.path.join(folder, "orders"))
        found = Queue()
        worker = Process(target=report, args=(found,))
        worker.start()
        print("child sees:", found.get())
        worker.join()
        os.chdir(start)


if __name__ == "__main__":
    main()
