"""An initializer hands a Value to every worker of a Pool."""

from multiprocessing import Pool, Value


def set_counter(counter):
    global done
    done = counter


def download(url):
    with done.get_lock():
        done.value += 1


def main():
    counter = Value("i", 0)
    with Pool(2, initializer=set_counter, initargs=(counter,)) as pool:
        pool.map(download, ["/a", "/b", "/c"])
    print("Downloads done:", counter.value)


if __name__ == "__main__":
    main()
