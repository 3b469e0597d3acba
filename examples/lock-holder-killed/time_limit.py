"""acquire() with a time limit tells that the lock never came back."""

from multiprocessing import Event, Lock, Process


def write_report(lock, holding, stop):
    with lock:
        holding.set()
        stop.wait()


def main():
    lock, holding, stop = Lock(), Event(), Event()
    worker = Process(target=write_report, args=(lock, holding, stop))
    worker.start()
    holding.wait()
    worker.terminate()
    worker.join()
    print("The worker has ended, the parent wants the lock")
    if lock.acquire(timeout=1):
        print("The parent has the lock")
        lock.release()
    else:
        print("No lock within 1 s, is its holder dead?")


if __name__ == "__main__":
    main()
