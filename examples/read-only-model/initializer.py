"""A model is loaded once in each worker, not once for each task."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Value, parent_process
from threading import Thread


def end_with_parent():
    parent_process().join()
    os._exit(1)


def load_model():
    return {number: number * number for number in range(1000)}


def start_worker(counter):
    global model
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()
    with counter.get_lock():
        counter.value += 1
    model = load_model()


def predict(number):
    return model[number]


def main():
    loads = Value("i", 0)
    with ProcessPoolExecutor(2, None, start_worker, (loads,)) as pool:
        answers = list(pool.map(predict, range(1000), chunksize=100))
    print("Answers:", len(answers), "the last:", answers[-1])
    print("Loaded:", loads.value, "times")


if __name__ == "__main__":
    main()
