"""A worker is asked to stop, and releases the lock by itself."""

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
    stop.set()
    worker.join()
    print("The worker has ended, the parent wants the lock")
    with lock:
        print("The parent has the lock")


if __name__ == "__main__":
    main()
