"""Every child is started, kept in a list, and joined."""

from multiprocessing import Lock, Process, Queue


def print_report(month, lock, printed):
    with lock:
        printed.put(month)


def main():
    lock = Lock()
    printed = Queue()
    reports = [
        Process(target=print_report, args=(month, lock, printed))
        for month in range(1, 11)
    ]
    for report in reports:
        report.start()
    print(sorted(printed.get() for _ in reports))
    for report in reports:
        report.join()
    print("Exit codes:", {report.exitcode for report in reports})


if __name__ == "__main__":
    main()
