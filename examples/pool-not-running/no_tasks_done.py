"""Without close and join, the tasks may never run."""

from multiprocessing import Event, Pool, Value


def set_shared(event, value):
    global may_go_on, done
    may_go_on, done = event, value


def download(page):
    may_go_on.wait()
    with done.get_lock():
        done.value += 1


def main():
    for waits in [False, True]:
        shared = (Event(), Value("i", 0))
        with Pool(2, set_shared, shared) as pool:
            for page in range(4):
                pool.apply_async(download, (page,))
            if waits:
                shared[0].set()
                pool.close()
                pool.join()
        print("With close and join:", waits, "Done:", shared[1].value)


if __name__ == "__main__":
    main()
