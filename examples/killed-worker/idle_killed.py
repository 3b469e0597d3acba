"""After an idle worker of a Pool was killed, no task is done."""

import os
import signal
from multiprocessing import Pool, TimeoutError
from pathlib import Path


def wait_until_idle(worker):
    while Path(f"/proc/{worker}/stat").read_text().split()[2] != "S":
        pass


def main():
    with Pool(1) as pool:
        worker = pool.apply(os.getpid)
        wait_until_idle(worker)
        os.kill(worker, signal.SIGKILL)
        try:
            print(pool.apply_async(pow, (2, 3)).get(timeout=4))
        except TimeoutError:
            print("no answer in 4 seconds", flush=True)
    print("The end of the with block is never reached")


if __name__ == "__main__":
    main()
