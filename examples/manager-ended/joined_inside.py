"""The worker is joined inside the with block, and its work is there."""

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
        result = ratings.copy()
    print("Exit code of the worker:", critic.exitcode)
    print("Ratings:", result)


if __name__ == "__main__":
    main()
