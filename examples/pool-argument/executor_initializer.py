"""An initializer hands a Value to each ProcessPoolExecutor worker."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Value


def set_counter(counter):
    global done
    done = counter


def download(url):
    with done.get_lock():
        done.value += 1


def main():
    counter = Value("i", 0)
    with ProcessPoolExecutor(
        2, initializer=set_counter, initargs=(counter,)
    ) as executor:
        list(executor.map(download, ["/a", "/b", "/c"]))
    print("Downloads done:", counter.value)


if __name__ == "__main__":
    main()
