"""Lock.locked() tells whether any process holds the lock."""

from multiprocessing import Lock, Process, Queue


def look(lock, answers):
    answers.put(lock.locked() if hasattr(lock, "locked") else None)


def main():
    lock = Lock()
    answers = Queue()
    with lock:
        worker = Process(target=look, args=(lock, answers))
        worker.start()
        print("The worker sees locked():", answers.get())
        worker.join()


if __name__ == "__main__":
    main()
