"""The parent holds a module-level lock: does it stop the worker?"""

from multiprocessing import Lock, Process, Queue

lock = Lock()


def write_report(answers):
    answers.put(lock.acquire(block=False))


def main():
    answers = Queue()
    with lock:
        worker = Process(target=write_report, args=(answers,))
        worker.start()
        print("The worker got it as well:", answers.get())
        worker.join()


if __name__ == "__main__":
    main()
