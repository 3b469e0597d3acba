"""What a Process says when it is used in the wrong order."""

from multiprocessing import Event, Process


def attempt(what, call):
    try:
        call()
    except (AssertionError, ValueError) as error:
        print(f"{what}: {type(error).__name__}: {error}")


def main():
    stop = Event()
    worker = Process(target=stop.wait)
    attempt("join() before start()", worker.join)
    worker.start()
    attempt("start() again", worker.start)
    attempt("close() while it runs", worker.close)
    stop.set()
    worker.join()
    worker.close()
    attempt("is_alive() after close()", worker.is_alive)


if __name__ == "__main__":
    main()
