"""map(timeout=) raises TimeoutError, and the task runs on."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Event


def set_event(event):
    global may_go_on
    may_go_on = event


def download(page):
    may_go_on.wait()
    return page


def main():
    event = Event()
    with ProcessPoolExecutor(1, None, set_event, (event,)) as executor:
        pages = executor.map(download, range(3), timeout=0.5)
        try:
            print(list(pages))
        except TimeoutError:
            print("No page after half a second")
        event.set()


if __name__ == "__main__":
    main()
