"""A task fails while another one runs: is its finally reached?"""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Event, Pool
from time import sleep


def keep(*events):
    global started, cleaned_up
    started, cleaned_up = events


def write_file(seconds):
    try:
        started.set()
        sleep(seconds)  # writing takes long
    finally:
        cleaned_up.set()


def main():
    events = Event(), Event()
    try:
        with Pool(2, keep, events) as pool:
            pool.apply_async(write_file, (60,))
            events[0].wait()
            pool.apply(int, ("free",))
    except ValueError:
        print("Pool, cleaned up:", events[1].is_set())
    events = Event(), Event()
    try:
        with ProcessPoolExecutor(2, None, keep, events) as executor:
            executor.submit(write_file, 0.5)
            events[0].wait()
            executor.submit(int, "free").result()
    except ValueError:
        print("Executor, cleaned up:", events[1].is_set())


if __name__ == "__main__":
    main()
