"""Only the holder may release an RLock."""

from multiprocessing import Process, Queue, RLock


def open_door(lock, answers):
    try:
        lock.release()
    except AssertionError as error:
        answers.put(f"AssertionError: {error}")


def main():
    lock = RLock()
    answers = Queue()
    with lock:
        porter = Process(target=open_door, args=(lock, answers))
        porter.start()
        print(answers.get())
        porter.join()


if __name__ == "__main__":
    main()
