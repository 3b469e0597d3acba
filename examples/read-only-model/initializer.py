"""A model is loaded once in each worker, not once for each task."""

from multiprocessing import Pool, Value


def load_model():
    return {number: number * number for number in range(1000)}


def start_worker(counter):
    global model
    with counter.get_lock():
        counter.value += 1
    model = load_model()


def predict(number):
    return model[number]


def main():
    loads = Value("i", 0)
    with Pool(2, initializer=start_worker, initargs=(loads,)) as pool:
        answers = pool.map(predict, range(1000))
        pool.close()
        pool.join()
    print("Answers:", len(answers), "the last:", answers[-1])
    print("Loaded:", loads.value, "times")


if __name__ == "__main__":
    main()
