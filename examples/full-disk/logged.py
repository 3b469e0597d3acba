"""A log on a full disk: the worker goes on, as if it had logged."""

import logging
from contextlib import redirect_stderr
from io import StringIO
from multiprocessing import Process


def collect():
    logging.basicConfig(filename="/dev/full", level=logging.INFO)
    with redirect_stderr(StringIO()) as stderr:
        logging.info("prices collected")
    for line in stderr.getvalue().splitlines():
        if line.startswith(("---", "OSError")):
            print(line)
    print("The worker goes on")


def main():
    worker = Process(target=collect)
    worker.start()
    worker.join()
    print("Exit code:", worker.exitcode)


if __name__ == "__main__":
    main()
