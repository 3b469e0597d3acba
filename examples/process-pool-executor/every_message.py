"""What an executor says to arguments that it does not accept."""

from concurrent.futures import (
    Future,
    ProcessPoolExecutor,
    as_completed,
    wait,
)


def attempt(what, action):
    try:
        action()
    except (TimeoutError, TypeError, ValueError) as error:
        print(f"{what}:")
        print(f"  {type(error).__name__}: {error}")


def make(**arguments):
    ProcessPoolExecutor(**arguments)


def main():
    attempt("no worker", lambda: make(max_workers=0))
    attempt("no task", lambda: make(max_tasks_per_child=0))
    attempt("half a task", lambda: make(max_tasks_per_child=0.5))
    attempt("no function", lambda: make(initializer="load"))
    with ProcessPoolExecutor() as executor:
        for name, value in [
            ("chunksize", 0),
            ("buffersize", 0),
            ("buffersize", 0.5),
        ]:
            call = {name: value}
            attempt(call, lambda c=call: executor.map(abs, [1], **c))
    never_done = [Future()]
    attempt("wait", lambda: wait(never_done, return_when="ANY"))
    attempt("timeout", lambda: list(as_completed(never_done, 0)))


if __name__ == "__main__":
    main()
