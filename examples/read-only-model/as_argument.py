"""A model passed with each task is unpickled for each task."""

from functools import partial
from multiprocessing import Pool, Value


class Model:
    def __init__(self):
        self.squares = [number * number for number in range(1000)]

    def __setstate__(self, state):
        self.__dict__.update(state)
        with unpickled.get_lock():
            unpickled.value += 1


def start_worker(counter):
    global unpickled
    unpickled = counter


def predict(model, number):
    return model.squares[number]


def main():
    counter = Value("i", 0)
    task = partial(predict, Model())
    with Pool(2, initializer=start_worker, initargs=(counter,)) as pool:
        answers = pool.map(task, range(100), chunksize=1)
        pool.close()
        pool.join()
    print("Answers:", len(answers))
    print("Models made:", counter.value)


if __name__ == "__main__":
    main()
