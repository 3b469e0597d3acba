"""A worker that fails aborts the barrier, and the other goes on."""

from multiprocessing import Barrier, Process, Queue


def load(part, all_loaded, answers):
    try:
        if part == "damaged":
            raise ValueError
        all_loaded.wait()
        answers.put(f"{part}: loaded")
    except Exception as error:
        all_loaded.abort()
        answers.put(f"{part}: {type(error).__name__}")


def main():
    all_loaded = Barrier(2)
    answers = Queue()
    workers = [
        Process(target=load, args=(part, all_loaded, answers))
        for part in ("damaged", "healthy")
    ]
    for worker in workers:
        worker.start()
    for answer in sorted(answers.get() for _ in workers):
        print(answer)
    for worker in workers:
        worker.join()
    print("Broken:", all_loaded.broken)
    all_loaded.reset()
    print("Broken after reset():", all_loaded.broken)


if __name__ == "__main__":
    main()
