"""A worker is terminated while it holds a lock, and all wait."""

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
    with lock:
        print("The parent has the lock")


if __name__ == "__main__":
    main()
