"""Four workers count their downloads in one shared number."""

from multiprocessing import Process, Value


def download(files, done):
    for _ in range(files):
        with done.get_lock():
            done.value += 1


def main():
    done = Value("i", 0)
    workers = [
        Process(target=download, args=(25, done)) for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print("Files downloaded:", done.value)


if __name__ == "__main__":
    main()
