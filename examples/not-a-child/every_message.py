"""Each error of a Process that is used at the wrong time or place."""

from multiprocessing import Event, Process, current_process


def attempt(when, action):
    try:
        action()
    except (AssertionError, ValueError) as error:
        print(f"{when}:")
        print(f"  {type(error).__name__}: {str(error).strip()}")


def main():
    stop = Event()
    backup = Process(target=stop.wait)
    attempt("join() before start()", backup.join)
    backup.start()
    attempt("start() while it runs", backup.start)
    attempt("close() while it runs", backup.close)
    stop.set()
    backup.join()
    attempt("start() after its end", backup.start)
    backup.close()
    attempt("join() after close()", backup.join)
    attempt("is_alive() after close()", backup.is_alive)
    attempt("join() of the own process", current_process().join)


if __name__ == "__main__":
    main()
