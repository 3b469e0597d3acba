"""Two processes print half a line each, and the halves mix."""

from multiprocessing import Barrier, Process


def save(both):
    print("saving", end=" ", flush=True)
    both.wait()
    print("done", flush=True)


def main():
    both = Barrier(2)
    workers = [Process(target=save, args=(both,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
