"""Three workers count in one Value and report through one Queue."""

from multiprocessing import Process, Queue, Value

SHARES = [("beach", "bridge"), ("castle", "forest"), ("harbor", "hill")]


def resize(photos, done, reports):
    for photo in photos:
        with done.get_lock():
            done.value += 1
            count = done.value
        reports.put((count, photo))


def main():
    done = Value("i", 0)
    reports = Queue()
    workers = [
        Process(target=resize, args=(photos, done, reports))
        for photos in SHARES
    ]
    for worker in workers:
        worker.start()
    received = [reports.get() for photos in SHARES for _ in photos]
    for worker in workers:
        worker.join()
    print("Counts:", sorted(count for count, photo in received))
    print("Photos:", sorted(photo for count, photo in received))
    print("Photos done:", done.value)


if __name__ == "__main__":
    main()
