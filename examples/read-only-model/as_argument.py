"""A model passed with each task is unpickled for each task."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import Value, parent_process
from threading import Thread


class Model:
    def __init__(self):
        self.squares = [number * number for number in range(1000)]

    def __setstate__(self, state):
        self.__dict__.update(state)
        with unpickled.get_lock():
            unpickled.value += 1


def end_with_parent():
    parent_process().join()
    os._exit(1)


def start_worker(counter):
    global unpickled
    unpickled = counter
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()


def predict(model, number):
    return model.squares[number]


def main():
    counter = Value("i", 0)
    task = partial(predict, Model())
    with ProcessPoolExecutor(2, None, start_worker, (counter,)) as pool:
        answers = list(pool.map(task, range(100), chunksize=1))
    print("Answers:", len(answers))
    print("Models made:", counter.value)


if __name__ == "__main__":
    main()
