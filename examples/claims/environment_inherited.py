"""A child inherits environment variables and working directory."""

import os
from multiprocessing import Process, Queue
from tempfile import TemporaryDirectory


def report(found):
    region = os.environ["REGION"]
    found.put(f"{region}, {os.path.basename(os.getcwd())}")


def ask(region, folder):
    os.environ["REGION"] = region
    os.mkdir(folder)
    os.chdir(folder)
    found = Queue()
    worker = Process(target=report, args=(found,))
    worker.start()
    print("set:", region, "- the child sees:", found.get())
    worker.join()


def main():
    start = os.getcwd()
    with TemporaryDirectory() as folder:
        ask("north", os.path.join(folder, "orders"))
        ask("south", os.path.join(folder, "returns"))
        os.chdir(start)


if __name__ == "__main__":
    main()
