"""A manager that nobody keeps ends when the process has started."""

from multiprocessing import Event, Manager, Process, SimpleQueue


def rate(ratings, ended, errors):
    ended.wait()
    try:
        ratings["Alien"] = 5
    except OSError as error:
        errors.put(f"{type(error).__name__}: {error}")


def main():
    ended, errors = Event(), SimpleQueue()
    critic = Process(
        target=rate, args=(Manager().dict(), ended, errors)
    )
    critic.start()
    ended.set()
    print(errors.get())
    critic.join()


if __name__ == "__main__":
    main()
