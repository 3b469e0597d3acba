"""A model loaded before the pool starts: who has to load it again?"""

from multiprocessing import Pool, Value

model = None


def load_model():
    return {number: number * number for number in range(1000)}


def start_worker(counter):
    global model
    if model is None:
        with counter.get_lock():
            counter.value += 1
        model = load_model()


def predict(number):
    return model[number]


def main():
    global model
    model = load_model()
    loads = Value("i", 0)
    with Pool(2, initializer=start_worker, initargs=(loads,)) as pool:
        answers = pool.map(predict, range(1000))
        pool.close()
        pool.join()
    print("The last answer:", answers[-1])
    print("Loaded in workers:", loads.value, "times")


if __name__ == "__main__":
    main()
