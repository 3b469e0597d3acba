"""A process of its own for one function, and how it ended."""

import sys
from multiprocessing import Process, Value


def back_up(files, copied):
    copied.value = len(files)


def main():
    files, copied = ["a.txt", "b.txt"], Value("i", 0)
    backup = Process(target=back_up, args=(files, copied))
    backup.start()
    backup.join()
    if backup.exitcode != 0:
        sys.exit(f"The backup failed, exit code {backup.exitcode}")
    print("Backed up", copied.value, "files")


if __name__ == "__main__":
    main()
