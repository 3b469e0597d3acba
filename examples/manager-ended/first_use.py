"""The worker uses its proxy when the manager has ended."""

from multiprocessing import Event, Manager, Process


def rate(ratings, started, ended):
    started.set()
    ended.wait()
    ratings["Alien"] = 5


def main():
    started, ended = Event(), Event()
    with Manager() as manager:
        ratings = manager.dict()
        critic = Process(target=rate, args=(ratings, started, ended))
        critic.start()
        started.wait()
    ended.set()
    critic.join()
    print("Exit code of the worker:", critic.exitcode)


if __name__ == "__main__":
    main()
