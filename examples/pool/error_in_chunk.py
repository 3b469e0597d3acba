"""An error ends its chunk: how many of the items were worked on?"""

from multiprocessing import Pool, Value


def set_count(value):
    global count
    count = value


def price(text):
    with count.get_lock():
        count.value += 1
    return float(text)


def main():
    texts = ["free", "12", "9.50", "5", "7.25", "8"]
    done = Value("i", 0)
    with Pool(2, initializer=set_count, initargs=(done,)) as pool:
        for size in [1, 3]:
            done.value = 0
            try:
                pool.map(price, texts, chunksize=size)
            except ValueError as error:
                print(error)
            print(f"chunksize={size}: {done.value} of {len(texts)}")


if __name__ == "__main__":
    main()
