"""A daemon process may not start a process."""

from multiprocessing import Process


def compress():
    print("compressed")


def archive():
    helper = Process(target=compress)
    helper.start()
    helper.join()


def main():
    worker = Process(target=archive, daemon=True)
    worker.start()
    worker.join()
    print("exit status", worker.exitcode)


if __name__ == "__main__":
    main()
