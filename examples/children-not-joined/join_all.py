"""Every child is started, kept in a list, and joined."""

from multiprocessing import Lock, Process, Value


def print_report(month, printed, lock):
    with lock:
        printed.value += 1


def main():
    lock = Lock()
    printed = Value("i", 0, lock=False)
    reports = [
        Process(target=print_report, args=(month, printed, lock))
        for month in range(1, 11)
    ]
    for report in reports:
        report.start()
    for report in reports:
        report.join()
    print("Reports printed:", printed.value)
    print("Exit codes:", {report.exitcode for report in reports})


if __name__ == "__main__":
    main()
