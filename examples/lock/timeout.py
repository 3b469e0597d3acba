"""acquire() with a time limit answers False instead of waiting."""

from multiprocessing import Lock, Process, Queue


def back_up(lock, answers):
    answers.put(lock.acquire(block=False))
    answers.put(lock.acquire(timeout=0.1))
    answers.put(lock.acquire())
    lock.release()


def main():
    lock = Lock()
    answers = Queue()
    backup = Process(target=back_up, args=(lock, answers))
    with lock:
        backup.start()
        print("At once, the lock is held:", answers.get())
        print("Within 0.1 s, still held:", answers.get())
    print("Without a limit, now free:", answers.get())
    backup.join()


if __name__ == "__main__":
    main()
