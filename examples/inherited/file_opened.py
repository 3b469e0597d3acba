"""Each worker opens the file, and reads it from its beginning."""

from multiprocessing import Process, SimpleQueue


def count(path, answers):
    with open(path) as lines:
        answers.put(len(list(lines)))


def main():
    answers = SimpleQueue()
    for name in "First worker", "Second worker":
        worker = Process(target=count, args=(__file__, answers))
        worker.start()
        print(f"{name}: {answers.get()} lines")
        worker.join()


if __name__ == "__main__":
    main()
