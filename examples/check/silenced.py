"""A number for a progress bar may be a little too low."""

from multiprocessing import Process, Value


def work(done):
    for _ in range(1000):
        done.value += 1  # check: ignore[race] it is only shown


def main():
    done = Value("i", 0)
    workers = [Process(target=work, args=(done,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(0 < done.value <= 2000)


if __name__ == "__main__":
    main()
