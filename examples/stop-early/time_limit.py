"""A worker that is not done in time is terminated."""

from multiprocessing import Process
from time import sleep


def simulate():
    sleep(60)  # the simulation takes long


def main():
    worker = Process(target=simulate)
    worker.start()
    worker.join(timeout=0.5)
    if worker.is_alive():
        print("too late")
        worker.terminate()
        worker.join()
    print("alive:", worker.is_alive())


if __name__ == "__main__":
    main()
