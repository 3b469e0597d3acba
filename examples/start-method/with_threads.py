"""A pool that is safe beside threads, on every system."""

from multiprocessing import get_all_start_methods, get_context
from threading import Event, Thread


def choose_method():
    methods = get_all_start_methods()
    return "forkserver" if "forkserver" in methods else "spawn"


def resize(photo):
    return f"{photo} resized"


def main():
    stop = Event()
    thread = Thread(target=stop.wait)
    thread.start()
    try:
        with get_context(choose_method()).Pool(2) as pool:
            print(*pool.map(resize, ["small.jpg", "wide.jpg"]))
    finally:
        stop.set()
        thread.join()


if __name__ == "__main__":
    main()
