"""A worker counts in a Value and reports each step through a Queue."""

from multiprocessing import Process, Queue, Value


def resize(photos, done, reports):
    for photo in photos:
        with done.get_lock():
            done.value += 1
            report = f"{done.value}: {photo}"
        reports.put(report)


def main():
    photos = ["beach", "bridge", "castle", "forest", "harbor"]
    done = Value("i", 0)
    reports = Queue()
    worker = Process(target=resize, args=(photos, done, reports))
    worker.start()
    for _ in photos:
        print(reports.get())
    worker.join()
    print("Photos done:", done.value)


if __name__ == "__main__":
    main()
