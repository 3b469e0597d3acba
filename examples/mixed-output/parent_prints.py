"""The workers send their lines, and the parent prints them whole."""

from multiprocessing import Process, SimpleQueue


def save(lines):
    line = "saving"
    line += " done"
    lines.put(line)


def main():
    lines = SimpleQueue()
    workers = [Process(target=save, args=(lines,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for _ in workers:
        print(lines.get())
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
