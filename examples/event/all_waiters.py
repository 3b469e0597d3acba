"""One set() lets every waiter go, and also who comes later."""

from multiprocessing import Event, Process, Queue


def race(start, runners):
    start.wait()
    runners.put("running")


def main():
    start = Event()
    runners = Queue()
    early = Process(target=race, args=(start, runners))
    also_early = Process(target=race, args=(start, runners))
    early.start()
    also_early.start()
    start.set()
    late = Process(target=race, args=(start, runners))
    late.start()
    print([runners.get() for _ in range(3)])
    for runner in early, also_early, late:
        runner.join()


if __name__ == "__main__":
    main()
