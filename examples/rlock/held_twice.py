"""An RLock is free for others after as many releases as acquires."""

from multiprocessing import Process, Queue, RLock


def try_lock(lock, requests, answers):
    while requests.get() is not None:
        got = lock.acquire(block=False)
        answers.put(got)
        if got:
            lock.release()


def main():
    lock = RLock()
    requests, answers = Queue(), Queue()
    other = Process(target=try_lock, args=(lock, requests, answers))
    other.start()
    lock.acquire()
    lock.acquire()
    for held in (1, 0):
        lock.release()
        requests.put("try")
        print(f"Times held: {held}, free for others:", answers.get())
    requests.put(None)
    other.join()


if __name__ == "__main__":
    main()
