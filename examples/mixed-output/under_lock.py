"""A lock around all parts of a line keeps it whole."""

from multiprocessing import Lock, Process


def save(screen):
    with screen:
        print("saving", end=" ", flush=True)
        print("done", flush=True)


def main():
    screen = Lock()
    workers = [Process(target=save, args=(screen,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
