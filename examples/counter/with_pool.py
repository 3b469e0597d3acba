"""A pool's workers get the shared counter from the initializer."""

from multiprocessing import Pool, Value


def share(counter):
    global valid
    valid = counter


def check(ticket):
    if ticket % 3:
        with valid.get_lock():
            valid.value += 1


def main():
    counter = Value("i", 0)
    with Pool(4, initializer=share, initargs=(counter,)) as pool:
        pool.map(check, range(1200))
    print(counter.value, "valid tickets")


if __name__ == "__main__":
    main()
