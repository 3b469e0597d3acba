"""An open file is an argument."""

from multiprocessing import Process
from tempfile import TemporaryFile


def work(log):
    print("ready", file=log, flush=True)


def main():
    with TemporaryFile("w+") as log:
        worker = Process(target=work, args=(log,))
        worker.start()
        worker.join()
        log.seek(0)
        print("Log:", log.read().strip())


if __name__ == "__main__":
    main()
