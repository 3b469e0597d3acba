"""cancel() stops what waits, not what runs."""

from concurrent.futures import CancelledError, ProcessPoolExecutor
from multiprocessing import Event


def set_events(started, go_on):
    global task_started, may_go_on
    task_started = started
    may_go_on = go_on


def download(page):
    task_started.set()
    may_go_on.wait()
    return page


def main():
    events = (Event(), Event())
    with ProcessPoolExecutor(1, None, set_events, events) as executor:
        pages = [executor.submit(download, n) for n in range(10)]
        events[0].wait()
        print("First cancelled:", pages[0].cancel())
        print("Last cancelled:", pages[-1].cancel())
        # Cancelled, it lets the task that runs go on.
        pages[-2].add_done_callback(lambda page: events[1].set())
        executor.shutdown(cancel_futures=True)
        print("Result of the first:", pages[0].result())
        try:
            pages[-2].result()
        except CancelledError:
            print("The others were cancelled by shutdown")


if __name__ == "__main__":
    main()
